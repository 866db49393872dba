"""Noise in, images out, by any sampler. Randomness is an argument, never drawn here."""

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.sampler import Sampler
from mtjlab.analysis.diffusion.v_prediction import VPrediction
from mtjlab.analysis.noise import NoiseSource
from mtjlab.core import InputError

__all__ = ["normals_per_image", "sample"]

SIDE = 28
"""Pixels of an image's side."""


def sample(
    sampler: Sampler,
    denoiser: VPrediction,
    count: int,
    noise: NoiseSource,
    *,
    step_noise: NoiseSource | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    batch: int = 64,
) -> NDArray[np.uint8]:
    """Make images.

    Parameters
    ----------
    sampler
        The rule of the steps.
    denoiser
        What predicts v.
    count
        Number of images, at least 1.
    noise
        Source of the initial noise, and of the steps' noise unless `step_noise` is given.
    step_noise
        Source of the noise of the steps; its normals need zero mean and unit variance, no more
        (one bit a normal will do, arXiv:2506.08337).
    progress
        Called after every step with the image steps done and the image steps in all.
    batch
        Images at a time; takes 3 kB x steps of memory for each.

    Returns
    -------
    NDArray
        uint8, shape (count, 28, 28), light garments on black.

    Raises
    ------
    InputError
        If `count` or `batch` is below 1; and what the noise raises, as where bits run out.

    Notes
    -----
    The order of the draws: image after image, and for each image its initial noise, row by row, then the
    noise of its steps 1 to K - 1.  With one source, or two that share their bits (`BitNoise.sharing`), an
    image is so a function of its own contiguous run of normals, and depends neither on `count` nor on `batch`.
    """
    if count < 1 or batch < 1:
        raise InputError(f"count = {count}, batch = {batch}: expected at least 1 of each")
    images = np.empty((count, SIDE, SIDE), dtype=np.uint8)
    steps = len(sampler.times) - 1
    for first in range(0, count, batch):
        part = images[first : first + batch]
        start, renewal = _draw(len(part), sampler.renewals, noise, noise if step_noise is None else step_noise)
        done = first * steps

        def report(step: int, size: int = len(part), done: int = done) -> None:
            progress(done + size * step, count * steps)

        part[...] = to_bytes(_denoise(sampler, denoiser, start, renewal, report))
    return images


def normals_per_image(sampler: Sampler) -> int:
    """Say how many normals an image takes, the initial noise included: 784, and 784 more for each renewal.

    Parameters
    ----------
    sampler
        The rule of the steps.

    Returns
    -------
    int
        Number of normals.
    """
    return SIDE * SIDE * (1 + sampler.renewals)


def _draw(
    count: int, renewals: int, noise: NoiseSource, step_noise: NoiseSource
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw for `count` images: shapes (count, 28, 28) and (count, renewals, 28, 28)."""
    start = np.empty((count, SIDE, SIDE), dtype=np.float32)
    renewal = np.empty((count, renewals, SIDE, SIDE), dtype=np.float32)
    for index in range(count):
        start[index] = noise.normal((SIDE, SIDE))
        if renewals:
            renewal[index] = step_noise.normal((renewals, SIDE, SIDE))
    return start, renewal


def _denoise(
    sampler: Sampler,
    denoiser: VPrediction,
    x: NDArray[np.float32],
    renewal: NDArray[np.float32],
    report: Callable[[int], None],
) -> NDArray[np.float32]:
    for index, (time, next_time) in enumerate(itertools.pairwise(sampler.times.tolist())):
        z = renewal[:, index] if index < renewal.shape[1] else None
        x = sampler.step(denoiser, x, time, next_time, z)
        report(index + 1)
    return x


def to_bytes(x: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn [-1, 1] into grey levels 0 to 255."""
    levels: NDArray[np.float32] = np.clip(np.rint((x + 1.0) * 127.5), 0, 255)
    return levels.astype(np.uint8)
