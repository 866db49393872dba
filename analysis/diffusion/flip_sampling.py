"""Biased bits in, images out, by the reverse of the bit-flip process."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.bernoulli_source import BernoulliSource
from mtjlab.analysis.diffusion.bit_flip_sampler import BitFlipSampler
from mtjlab.analysis.diffusion.bit_prediction import BitPrediction, ConditionalBitPrediction
from mtjlab.core import InputError

__all__ = ["sample_planes"]


def sample_planes(
    sampler: BitFlipSampler,
    denoiser: BitPrediction,
    count: int,
    source: BernoulliSource,
    *,
    labels: NDArray[np.int64] | None = None,
    batch: int = 64,
    progress: Callable[[int, int], None] = lambda done, total: None,
    watch: Callable[[int, int, NDArray[np.uint8]], None] = lambda first, step, x: None,
) -> NDArray[np.uint8]:
    """Make images as bit planes.

    Parameters
    ----------
    sampler
        The rule of the steps.
    denoiser
        What predicts bits; it says how large an image is.
    count
        Number of images, at least 1.
    source
        Where the draws come from: software, recorded bits through a tree, or an array of junctions.
    labels
        Class number of each image, shape (count,), for a denoiser that knows classes; None lets them come in turn.
    batch
        Images at a time: as many as the source has cells for.
    progress
        Called after every step with the image steps done and the image steps in all.
    watch
        Called with the number of a batch's first image, the number of steps made (0 is the fair bits) and the bits.

    Returns
    -------
    NDArray
        0 and 1, uint8, shape (count, planes, height, width); `images_of_planes` makes grey levels of them.

    Raises
    ------
    InputError
        If `count` or `batch` is below 1, or `labels` do not fit; and what the source raises, as where bits run out.

    Notes
    -----
    The order of the draws: batch after batch, step after step, all bits of a batch at once.
    """
    if count < 1 or batch < 1:
        raise InputError(f"count = {count}, batch = {batch}: expected at least 1 of each")
    numbers = _labels(denoiser, labels, count)
    made = np.empty((count, *denoiser.planes_shape), np.uint8)
    steps, done = len(sampler.times) - 1, 0
    for first in range(0, count, batch):
        size = min(batch, count - first)
        asked = denoiser
        if numbers is not None and isinstance(denoiser, ConditionalBitPrediction):
            asked = denoiser.of_classes(numbers[first : first + size])
        x = sampler.start((size, *denoiser.planes_shape), source)
        watch(first, 0, x)
        for step, (time, next_time) in enumerate(itertools.pairwise(sampler.times.tolist()), 1):
            x = sampler.step(asked, x, time, next_time, source)
            watch(first, step, x)
            done += size
            progress(done, count * steps)
        made[first : first + size] = x
    return made


def _labels(denoiser: BitPrediction, labels: NDArray[np.int64] | None, count: int) -> NDArray[np.int64] | None:
    classes = denoiser.classes if isinstance(denoiser, ConditionalBitPrediction) else ()
    if labels is None:
        return np.arange(count) % len(classes) if classes else None
    if not classes:
        raise InputError("this denoiser knows no classes: leave the class out, or take one trained with classes")
    if labels.shape != (count,):
        raise InputError(f"class numbers of shape {labels.shape}: expected one for each of {count} images")
    return labels
