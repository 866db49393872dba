"""The denoiser in onnxruntime: noisy images and a time in, v out."""

from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.onnx_session import open_session
from mtjlab.core import InputError

__all__ = ["Denoiser"]


class Denoiser:
    """A trained denoiser, read from an ONNX file.

    Parameters
    ----------
    path
        ONNX file with the inputs x (N, C, H, W) and t (N,) and the output v of the shape of x, all float32; C is 1 for
        grey images and 3 for colour.
    threads
        Threads to run on; None takes every core.

    Raises
    ------
    ValueError
        If the file is missing or is no such network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = open_session(path, ["x", "t"], ["v"], threads)
        self._shape = _shape_of(path, next(port.shape for port in self._session.get_inputs() if port.name == "x"))

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
        """
        file = resources.files("mtjlab.data") / "denoiser" / "denoiser.onnx"
        with resources.as_file(file) as path:
            return cls(path, threads=threads)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of an image: (28, 28) for grey, (3, 32, 32) for colour."""
        return self._shape[1:] if self._shape[0] == 1 else self._shape

    def predict_v(self, x: NDArray[np.float32], t: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """Predict v = alpha eps - sigma x_0.

        Parameters
        ----------
        x
            Noisy images, shape (N, 28, 28), (N, 1, 28, 28) or (N, 3, 32, 32), as `image_shape` has it.
        t
            Time in [0, 1], one for all images or one for each, shape (N,).

        Returns
        -------
        NDArray
            v, float32, shape of `x`.

        Raises
        ------
        ValueError
            If `x` holds images of another shape or `t` does not fit them or lies outside [0, 1].
        """
        if x.shape[1:] not in (self._shape, self.image_shape):
            raise InputError(f"images of shape {x.shape}: expected (N, {', '.join(map(str, self.image_shape))})")
        count = len(x)
        times = np.asarray(t, dtype=np.float32)
        if times.shape not in ((), (count,)):
            raise InputError(f"times of shape {times.shape}: expected one, or one for each of {count} images")
        if not np.all((times >= 0) & (times <= 1)):
            raise InputError(f"times from {times.min()} to {times.max()}: expected 0 (image) to 1 (noise)")
        feed = {
            "x": np.ascontiguousarray(x, dtype=np.float32).reshape(count, *self._shape),
            "t": np.ascontiguousarray(np.broadcast_to(times, count)),
        }
        v: NDArray[np.float32] = self._session.run(["v"], feed)[0]
        return v.reshape(x.shape)


def _shape_of(path: Path, port: list[int | str]) -> tuple[int, ...]:
    """Return (C, H, W) of the images that a network takes."""
    if len(port) == 4 and port[1] in (1, 3) and all(isinstance(size, int) for size in port[2:]):
        return tuple(map(int, port[1:]))
    raise InputError(
        f"{path} takes x of shape {tuple(port)}; expected (N, 1 or 3, height, width): export the network with "
        "`mtjlab train`"
    )
