"""Noise in, images out, by any sampler. Randomness is an argument, never drawn here."""

import functools
import itertools
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.batches import in_order
from mtjlab.analysis.diffusion.sampler import MultistepSampler, Sampler
from mtjlab.analysis.diffusion.v_prediction import ConditionalVPrediction, VPrediction
from mtjlab.analysis.noise import NoiseSource, NotEnoughBits
from mtjlab.core import InputError

__all__ = ["normals_per_image", "sample"]


def sample(
    sampler: Sampler,
    denoiser: VPrediction,
    count: int,
    noise: NoiseSource,
    *,
    step_noise: NoiseSource | None = None,
    labels: NDArray[np.int64] | None = None,
    guidance: float = 1.0,
    progress: Callable[[int, int], None] = lambda done, total: None,
    watch: Callable[[int, int, NDArray[np.float32]], None] = lambda first, step, x: None,
    batch: int = 32,
    workers: int = 1,
) -> NDArray[np.uint8]:
    """Make images.

    Parameters
    ----------
    sampler
        The rule of the steps.
    denoiser
        What predicts v; it says how large an image is.
    count
        Number of images, at least 1.
    noise
        Source of the initial noise, and of the steps' noise unless `step_noise` is given.
    step_noise
        Source of the noise of the steps; its normals need zero mean and unit variance, no more
        (one bit a normal will do, arXiv:2506.08337).
    labels
        Class number of each image, shape (count,), for a denoiser that knows classes (`ConditionalVPrediction`).
        None lets the classes come in turn, image k of class k mod C, as data sets have them: a denoiser that is
        left to choose (``len(classes)`` for each image) makes some classes more often than others.
    guidance
        Weight of the class: 1 is the class alone, more makes images more typical of it and less various.
    progress
        Called after every step with the image steps done and the image steps in all.
    watch
        Called with the number of a batch's first image, the number of steps made (0 is the noise) and the noisy
        images as they are then.
    batch
        Images at a time; takes four bytes x pixels x steps of memory for each.
    workers
        Batches at a time, each in a thread of its own: cores, with a denoiser that takes one thread. The images are the
        same to the last bit with any number.

    Returns
    -------
    NDArray
        uint8, shape (count, height, width) for grey images, light garments on black, and (count, height, width, 3)
        for colour.

    Raises
    ------
    InputError
        If `count`, `batch` or `workers` is below 1, or `labels` do not fit; and what the noise raises, as where bits
        run out.

    Notes
    -----
    The order of the draws: image after image, and for each image its initial noise, row by row, then the
    noise of its steps 1 to K - 1.  With one source, or two that share their bits (`BitNoise.sharing`), an
    image is so a function of its own contiguous run of normals, and depends neither on `count` nor on `batch`.
    """
    if count < 1 or batch < 1 or workers < 1:
        raise InputError(f"count = {count}, batch = {batch}, workers = {workers}: expected at least 1 of each")
    labels = _checked_labels(denoiser, labels, count)
    report = _Report(progress, watch, count * (len(sampler.times) - 1))
    shape, renewals = denoiser.image_shape, sampler.renewals

    def batches() -> Iterator[Callable[[], NDArray[np.uint8]]]:
        """Draw for batch after batch, in order; give what makes each."""
        for first in range(0, count, batch):
            size = min(batch, count - first)
            sources = noise, noise if step_noise is None else step_noise
            drawn = _draw(range(first, first + size), count, shape, renewals, *sources)
            asked = denoiser
            if isinstance(denoiser, ConditionalVPrediction) and labels is not None:
                asked = denoiser.conditioned(labels[first : first + size], guidance)
            run = sampler.start() if isinstance(sampler, MultistepSampler) else sampler
            yield functools.partial(_denoise, run, asked, *drawn, functools.partial(report, first))

    return np.concatenate(list(in_order(batches(), workers, report.stop)))


def normals_per_image(sampler: Sampler, image_shape: tuple[int, ...] = (28, 28)) -> int:
    """Say how many normals an image takes: one a number for the initial noise, and one more for each renewal.

    Parameters
    ----------
    sampler
        The rule of the steps.
    image_shape
        Shape of an image.

    Returns
    -------
    int
        Number of normals: 784 and 784 more for each renewal, for 28 x 28 grey pixels.
    """
    return math.prod(image_shape) * (1 + sampler.renewals)


def _checked_labels(denoiser: VPrediction, labels: NDArray[np.int64] | None, count: int) -> NDArray[np.int64] | None:
    """Give the class of each image, in turn where none are asked for; None where the denoiser knows none."""
    classes = denoiser.classes if isinstance(denoiser, ConditionalVPrediction) else ()
    if labels is None:
        return np.arange(count) % len(classes) if classes else None
    if not classes:
        raise InputError("this denoiser knows no classes: leave the class out, or take one trained with classes")
    if np.shape(labels) != (count,):
        raise InputError(f"class numbers of shape {np.shape(labels)}: expected one for each of {count} images")
    return labels


class _Report:
    """Tells what every batch has done; batches may run at once."""

    def __init__(
        self,
        progress: Callable[[int, int], None],
        watch: Callable[[int, int, NDArray[np.float32]], None],
        total: int,
    ) -> None:
        self._progress, self._watch = progress, watch
        self._done, self._total = 0, total
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """Let batches that run end at their next step."""
        self._stopped = True

    def __call__(self, first: int, step: int, x: NDArray[np.float32]) -> None:
        if self._stopped:
            raise CancelledError
        with self._lock:
            self._watch(first, step, x)
            if step:
                self._done += len(x)
                self._progress(self._done, self._total)


def _draw(
    images: range, count: int, shape: tuple[int, ...], renewals: int, noise: NoiseSource, step_noise: NoiseSource
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw for some N images of `count`: shapes (N, *shape) and (N, renewals, *shape)."""
    start = np.empty((len(images), *shape), dtype=np.float32)
    renewal = np.empty((len(images), renewals, *shape), dtype=np.float32)
    for index, image in enumerate(images):
        try:
            start[index] = noise.normal(shape)
            if renewals:
                renewal[index] = step_noise.normal((renewals, *shape))
        except NotEnoughBits as end:
            raise end.at_image(image, count) from None
    return start, renewal


def _denoise(
    sampler: Sampler,
    denoiser: VPrediction,
    x: NDArray[np.float32],
    renewal: NDArray[np.float32],
    report: Callable[[int, NDArray[np.float32]], None],
) -> NDArray[np.uint8]:
    report(0, x)
    for index, (time, next_time) in enumerate(itertools.pairwise(sampler.times.tolist())):
        z = renewal[:, index] if index < renewal.shape[1] else None
        x = sampler.step(denoiser, x, time, next_time, z)
        report(index + 1, x)
    return to_bytes(x)


def to_bytes(x: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn [-1, 1] into levels 0 to 255; colours, in front of the pixels before, come behind them."""
    levels: NDArray[np.float32] = np.clip(np.rint((x + 1.0) * 127.5), 0, 255)
    return (levels if x.ndim == 3 else np.moveaxis(levels, 1, -1)).astype(np.uint8)
