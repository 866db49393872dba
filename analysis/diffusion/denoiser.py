"""The denoiser in onnxruntime: noisy images, a time and perhaps a class in, v out."""

import json
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.diffusion.onnx_session import open_session
from mtjlab.analysis.diffusion.v_prediction import VPrediction
from mtjlab.core import InputError

__all__ = ["Denoiser"]

CLASSES = "classes"
"""Key of the file's metadata under which the names of the classes stand, as a JSON list."""


class Denoiser:
    """A trained denoiser, read from an ONNX file.

    Parameters
    ----------
    path
        ONNX file with the inputs x (N, channels, side, side) and t (N,), float32, and the output v, as x. A denoiser
        that knows classes has the input y (N,), int64, too: the number of the class, or the number of classes for
        "any"; and the names of the classes in its metadata.
    threads
        Threads to run on; None takes every core.

    Raises
    ------
    InputError
        If the file is missing or is no such network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = open_session(path, ["x", "t"], ["v"], threads, optional=["y"])
        x = next(port for port in self._session.get_inputs() if port.name == "x")
        sides = x.shape[1:] if len(x.shape) == 4 else []
        if len(sides) != 3 or not all(isinstance(side, int) for side in sides) or sides[0] not in (1, 3):
            raise InputError(
                f"{path} takes x of shape {x.shape}; expected (N, 1 or 3, height, width): export the network with "
                "`mtjlab train`"
            )
        channels, height, width = sides
        self.image_shape: tuple[int, ...] = (height, width) if channels == 1 else (channels, height, width)
        """Shape of one image: (height, width) if grey, (3, height, width) if coloured."""
        self.classes: tuple[str, ...] = self._class_names(path)
        """Names of the classes that it can be asked for; empty if it knows none."""

    @classmethod
    def shipped(cls, *, threads: int | None = None) -> "Denoiser":
        """Open the denoiser that comes with mtjlab, trained on Fashion-MNIST.

        Parameters
        ----------
        threads
            Threads to run on; None takes every core.

        Returns
        -------
        Denoiser
            The shipped denoiser; how it was trained and how good it is stands in ``denoiser.json`` beside it.

        Raises
        ------
        InputError
            If the installed file is damaged.
        """
        file = resources.files("mtjlab.data") / "denoiser" / "denoiser.onnx"
        with resources.as_file(file) as path:
            return cls(path, threads=threads)

    def predict_v(self, x: NDArray[np.float32], t: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """Predict v = alpha eps - sigma x_0, of any class.

        Parameters
        ----------
        x
            Noisy images, shape (N,) followed by `image_shape`, or (N, channels, height, width).
        t
            Time in [0, 1], one for all images or one for each, shape (N,).

        Returns
        -------
        NDArray
            v, float32, shape of `x`.

        Raises
        ------
        InputError
            If `x` holds no images of `image_shape`, or `t` does not fit them or lies outside [0, 1].
        """
        return self._predict(x, t, np.full(len(x), len(self.classes), dtype=np.int64))

    def conditioned(self, labels: ArrayLike, guidance: float = 1.0) -> VPrediction:
        """Give what predicts v of images of given classes.

        Parameters
        ----------
        labels
            Number of the class of each image, 0 to ``len(classes) - 1``, shape (N,); ``len(classes)`` is any class.
        guidance
            Weight w of the class: v = v(any) + w (v(class) - v(any)). At 1 v is that of the class and takes one
            evaluation; any other takes two. Above 1 images are more typical and less varied.

        Returns
        -------
        VPrediction
            For batches of N images.

        Raises
        ------
        InputError
            If the denoiser knows no classes, or a label is none of them, or `guidance` is not from 0 to 20.

        Notes
        -----
        Ho and Salimans, arXiv:2207.12598, eq. 6 with 1 + their w for ours; v is linear in eps at given x and t, so
        the same holds for v.
        """
        numbers = np.asarray(labels)
        if not self.classes:
            raise InputError("this denoiser knows no classes: take one that was trained with them", argument="labels")
        if numbers.ndim != 1 or not np.issubdtype(numbers.dtype, np.integer):
            raise InputError(f"labels {labels!r}: expected whole numbers, shape (N,)", argument="labels")
        if numbers.size and not (numbers.min() >= 0 and numbers.max() <= len(self.classes)):
            raise InputError(
                f"labels from {numbers.min()} to {numbers.max()}: expected 0 to {len(self.classes) - 1}, or "
                f"{len(self.classes)} for any class",
                argument="labels",
            )
        if not 0.0 <= guidance <= 20.0:
            raise InputError(f"guidance = {guidance}: expected 0 (any class) to 20; 1 is the class itself")
        return _Conditioned(self, numbers.astype(np.int64), guidance)

    def _class_names(self, path: Path) -> tuple[str, ...]:
        if "y" not in {port.name for port in self._session.get_inputs()}:
            return ()
        text = self._session.get_modelmeta().custom_metadata_map.get(CLASSES, "")
        try:
            names = json.loads(text)
        except ValueError:
            names = None
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            raise InputError(
                f"{path} takes a class and its metadata name none (key '{CLASSES}'): export it with `mtjlab train`"
            )
        return tuple(names)

    def _predict(
        self, x: NDArray[np.float32], t: NDArray[np.float32] | float, labels: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        channels, height, width = (1, *self.image_shape)[-3:]
        count = len(x)
        if x.shape not in ((count, *self.image_shape), (count, channels, height, width)):
            raise InputError(f"images of shape {x.shape}: expected (N, {', '.join(map(str, self.image_shape))})")
        times = np.asarray(t, dtype=np.float32)
        if times.shape not in ((), (count,)):
            raise InputError(f"times of shape {times.shape}: expected one, or one for each of {count} images")
        if not np.all((times >= 0) & (times <= 1)):
            raise InputError(f"times from {times.min()} to {times.max()}: expected 0 (image) to 1 (noise)")
        if labels.shape != (count,):
            raise InputError(f"{labels.size} labels for {count} images: expected one for each")
        feed: dict[str, NDArray[np.generic]] = {
            "x": np.ascontiguousarray(x, dtype=np.float32).reshape(count, channels, height, width),
            "t": np.ascontiguousarray(np.broadcast_to(times, count)),
        }
        if self.classes:
            feed["y"] = labels
        v: NDArray[np.float32] = self._session.run(["v"], feed)[0]
        return v.reshape(x.shape)


class _Conditioned:
    """A denoiser asked for given classes, and for them with weight `guidance`."""

    def __init__(self, denoiser: Denoiser, labels: NDArray[np.int64], guidance: float) -> None:
        self._denoiser, self._labels, self._guidance = denoiser, labels, guidance
        self.image_shape = denoiser.image_shape

    def predict_v(self, x: NDArray[np.float32], t: NDArray[np.float32] | float) -> NDArray[np.float32]:
        ask = self._denoiser._predict
        if self._guidance == 1.0:
            return ask(x, t, self._labels)
        free = self._denoiser.predict_v(x, t)
        if self._guidance == 0.0:
            return free
        return free + np.float32(self._guidance) * (ask(x, t, self._labels) - free)
