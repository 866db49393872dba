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
        ONNX file with the inputs x (N, 1, 28, 28) and t (N,) and the output v (N, 1, 28, 28), all float32.
    threads
        Threads to run on; None takes every core.

    Raises
    ------
    ValueError
        If the file is missing or is no such network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = open_session(path, ["x", "t"], ["v"], threads)

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

    def predict_v(self, x: NDArray[np.float32], t: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """Predict v = alpha eps - sigma x_0.

        Parameters
        ----------
        x
            Noisy images, shape (N, 28, 28) or (N, 1, 28, 28).
        t
            Time in [0, 1], one for all images or one for each, shape (N,).

        Returns
        -------
        NDArray
            v, float32, shape of `x`.

        Raises
        ------
        ValueError
            If `x` holds no 28 x 28 images or `t` does not fit them or lies outside [0, 1].
        """
        if x.ndim not in (3, 4) or x.shape[-2:] != (28, 28) or (x.ndim == 4 and x.shape[1] != 1):
            raise InputError(f"images of shape {x.shape}: expected (N, 28, 28) or (N, 1, 28, 28)")
        count = len(x)
        times = np.asarray(t, dtype=np.float32)
        if times.shape not in ((), (count,)):
            raise InputError(f"times of shape {times.shape}: expected one, or one for each of {count} images")
        if not np.all((times >= 0) & (times <= 1)):
            raise InputError(f"times from {times.min()} to {times.max()}: expected 0 (image) to 1 (noise)")
        feed = {
            "x": np.ascontiguousarray(x, dtype=np.float32).reshape(count, 1, 28, 28),
            "t": np.ascontiguousarray(np.broadcast_to(times, count)),
        }
        v: NDArray[np.float32] = self._session.run(["v"], feed)[0]
        return v.reshape(x.shape)
