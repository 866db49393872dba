"""The standard FID, by Inception features of a network that the user brings.

The weights of FID's Inception are in no package registry, so mtjlab ships none. Any network will do that was exported
to ONNX with one input, images (N, 3, 299, 299), float32 in [-1, 1], and one output, features (N, D); FID's has
D = 2048, the pooled features before the last layer. Grey images get three equal channels; small ones are enlarged
bilinearly (half-pixel centres, no antialiasing), as the original does.

Heusel et al., arXiv:1706.08500; Parmar et al., arXiv:2104.11222, on what resizing does to it: compare only numbers that
were made in the same way.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import FeatureStatistics, open_session
from mtjlab.core import InputError

__all__ = ["InceptionFeatures"]

SIDE = 299
BATCH = 16


class InceptionFeatures:
    """Features of a network for Inception's images.

    Parameters
    ----------
    path
        ONNX file: one input (N, 3, 299, 299), one output (N, D).
    threads
        Threads to run on; None takes every core.

    Raises
    ------
    InputError
        If the file is missing or is no such network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = open_session(path, None, None, threads)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        shapes = [list(port.shape) for port in (*inputs, *outputs)]
        fits = len(inputs) == len(outputs) == 1 and shapes[0][1:] == [3, SIDE, SIDE] and len(shapes[1]) == 2
        if not fits or inputs[0].type != "tensor(float)":
            raise InputError(
                f"{path} is no Inception network: it takes {shapes[: len(inputs)]} and gives {shapes[len(inputs) :]}; "
                "expected one float input (N, 3, 299, 299) and one output (N, features)",
                argument="inception_weights",
            )
        self._input = inputs[0].name

    def statistics(
        self, images: NDArray[np.uint8], progress: Callable[[float, float], None] = lambda done, total: None
    ) -> FeatureStatistics:
        """Compute mean and covariance of the features of images.

        Parameters
        ----------
        images
            uint8, shape (N, height, width) or (N, height, width, 3), at least two.
        progress
            Called with the images done and those in all.

        Returns
        -------
        FeatureStatistics
            Of this network's features; its `distance` to others of the same network is the FID.

        Raises
        ------
        InputError
            If there are fewer than two images.
        """
        if len(images) < 2:
            raise InputError(f"{len(images)} images have no covariance: give at least 2")
        parts = []
        for first in range(0, len(images), BATCH):
            parts.append(self._session.run(None, {self._input: enlarged(images[first : first + BATCH])})[0])
            progress(min(first + BATCH, len(images)), len(images))
        values = np.concatenate(parts).astype(np.float64)
        return FeatureStatistics(values.mean(axis=0), np.cov(values, rowvar=False), float(images.mean()), len(images))


def enlarged(images: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.float32]:
    """Give images as Inception takes them: float32 in [-1, 1], shape (N, 3, side, side).

    Parameters
    ----------
    images
        uint8, shape (N, height, width) or (N, height, width, 3).
    side
        Pixels of a side.

    Returns
    -------
    NDArray
        Bilinear between the centres of the pixels, constant beyond the outer ones.
    """
    colours = images[..., None] if images.ndim == 3 else images
    planes = np.moveaxis(colours, -1, 1).astype(np.float32) / np.float32(127.5) - np.float32(1.0)
    rows, columns = (_weights(size, side) for size in planes.shape[2:])
    large = np.einsum("ah,nchw,bw->ncab", rows, planes, columns, optimize=True)
    shape = (len(images), 3, side, side)
    result: NDArray[np.float32] = np.ascontiguousarray(np.broadcast_to(large, shape), dtype=np.float32)
    return result


def _weights(size: int, side: int) -> NDArray[np.float32]:
    """Give the weight of each old pixel in each new one, shape (side, size)."""
    at = np.clip((np.arange(side) + 0.5) * size / side - 0.5, 0, size - 1)
    low = np.minimum(at.astype(int), size - 2) if size > 1 else np.zeros(side, int)
    weights = np.zeros((side, size), np.float32)
    weights[np.arange(side), low] = 1 - (at - low)
    if size > 1:
        weights[np.arange(side), low + 1] = at - low
    return weights
