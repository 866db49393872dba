"""The denoiser of flipped bits in onnxruntime."""

import json
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.onnx_session import open_session
from mtjlab.core import InputError

__all__ = ["FlipDenoiser"]


class FlipDenoiser:
    """A trained denoiser of flipped bits, read from an ONNX file.

    Parameters
    ----------
    path
        ONNX file with the inputs x (N, planes, height, width), float32, -1 and 1, and t (N,), float32, and the output
        log_odds, as x. One that knows classes has the input y (N,), int64, too, and their names in its metadata.
    threads
        Threads to run on; None takes every core.

    Raises
    ------
    InputError
        If the file is missing or is no such network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = open_session(path, ["x", "t"], ["log_odds"], threads, optional=["y"])
        shape = next(port.shape for port in self._session.get_inputs() if port.name == "x")
        sides = shape[1:] if len(shape) == 4 else []
        if len(sides) != 3 or not all(isinstance(side, int) for side in sides):
            raise InputError(
                f"{path} takes x of shape {shape}; expected (N, planes, height, width): export the network with "
                "`mtjlab train --process bit-flip`"
            )
        self.planes_shape: tuple[int, ...] = tuple(sides)
        """Shape of an image as bit planes: (planes, height, width)."""
        self.classes: tuple[str, ...] = ()
        """Names of the classes that it can be asked for; empty if it knows none."""
        if "y" in {port.name for port in self._session.get_inputs()}:
            names = self._session.get_modelmeta().custom_metadata_map.get("classes", "null")
            self.classes = tuple(json.loads(names) or ())
            if not self.classes:
                raise InputError(f"{path} takes a class and its metadata name none: export it with `mtjlab train`")

    @classmethod
    def shipped(cls, *, threads: int | None = None) -> "FlipDenoiser":
        """Open the denoiser of flipped bits that comes with mtjlab, trained on Fashion-MNIST in four bit planes.

        Parameters
        ----------
        threads
            Threads to run on; None takes every core.

        Returns
        -------
        FlipDenoiser
            The shipped denoiser; how it was trained and how good it is stands in ``flip_denoiser.json`` beside it.

        Raises
        ------
        InputError
            If the installed file is damaged.
        """
        with resources.as_file(resources.files("mtjlab.data") / "denoiser" / "flip_denoiser.onnx") as path:
            return cls(path, threads=threads)

    def ones(self, x: NDArray[np.uint8], t: float) -> NDArray[np.float64]:
        """Predict P(x_0 = 1) of each bit, of any class.

        Parameters
        ----------
        x
            Flipped images, 0 and 1, shape (N,) followed by `planes_shape`.
        t
            Their time, 0 (image) to 1 (fair bits).

        Returns
        -------
        NDArray
            Probabilities, shape of `x`.

        Raises
        ------
        InputError
            If `x` holds no images of `planes_shape`, or `t` lies outside [0, 1].
        """
        return self._ones(x, t, np.full(len(x), len(self.classes), dtype=np.int64))

    def of_classes(self, labels: NDArray[np.int64]) -> "_OfClasses":
        """Give what predicts the bits of images of these classes.

        Parameters
        ----------
        labels
            Number of the class of each image, 0 to ``len(classes) - 1``, shape (N,); ``len(classes)`` is any class.

        Returns
        -------
        BitPrediction
            For batches of N images.

        Raises
        ------
        InputError
            If it knows no classes, or a label is none of them.
        """
        if not self.classes:
            raise InputError("this denoiser knows no classes: take one that was trained with them", argument="labels")
        if labels.size and not (labels.min() >= 0 and labels.max() <= len(self.classes)):
            raise InputError(
                f"labels from {labels.min()} to {labels.max()}: expected 0 to {len(self.classes) - 1}, or "
                f"{len(self.classes)} for any class",
                argument="labels",
            )
        return _OfClasses(self, labels.astype(np.int64))

    def _ones(self, x: NDArray[np.uint8], t: float, labels: NDArray[np.int64]) -> NDArray[np.float64]:
        if x.shape != (len(x), *self.planes_shape):
            raise InputError(f"bits of shape {x.shape}: expected (N, {', '.join(map(str, self.planes_shape))})")
        if not 0.0 <= t <= 1.0:
            raise InputError(f"t = {t}: expected 0 (image) to 1 (fair bits)")
        feed: dict[str, NDArray[np.generic]] = {
            "x": x.astype(np.float32) * 2 - 1,
            "t": np.full(len(x), t, dtype=np.float32),
        }
        if self.classes:
            feed["y"] = labels
        log_odds: NDArray[np.float32] = self._session.run(["log_odds"], feed)[0]
        ones: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(log_odds.astype(np.float64), -40.0, 40.0)))
        return ones


class _OfClasses:
    """A denoiser of flipped bits, asked for given classes."""

    def __init__(self, denoiser: FlipDenoiser, labels: NDArray[np.int64]) -> None:
        self._denoiser, self._labels = denoiser, labels
        self.planes_shape = denoiser.planes_shape

    def ones(self, x: NDArray[np.uint8], t: float) -> NDArray[np.float64]:
        if len(x) != len(self._labels):
            raise InputError(f"{len(self._labels)} labels for {len(x)} images: expected one for each")
        return self._denoiser._ones(x, t, self._labels)
