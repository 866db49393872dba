"""How good a denoiser is: the Fréchet distance of its images to the test images."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Ddim, Denoiser, Features, FeatureStatistics, sample
from mtjlab.analysis.noise import PseudoRandomNoise

__all__ = ["Evaluation", "evaluate"]


@dataclass(frozen=True)
class Evaluation:
    """What was measured at one eta."""

    eta: float
    """Share of the noise renewed at each step."""
    steps: int
    """Denoising steps."""
    count: int
    """Number of images."""
    seed: int
    """Seed of the software noise."""
    distance: float
    """FD to the reference."""
    mean_pixel: float
    """Mean grey level of the images, 0 to 255."""
    images: NDArray[np.uint8]
    """The images."""


def evaluate(
    denoiser: Denoiser,
    features: Features,
    reference: FeatureStatistics,
    *,
    eta: float,
    count: int = 1000,
    steps: int = 50,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Evaluation:
    """Sample images from seeded software noise and measure their distance.

    Parameters
    ----------
    denoiser
        The denoiser to judge.
    features
        The classifier that looks at the images.
    reference
        Its statistics of real images.
    eta
        Share of the noise renewed at each step, 0 to 1.
    count
        Number of images; FD depends on it.
    steps
        Denoising steps.
    seed
        Seed of the noise.
    progress
        Called with the image steps done and the image steps in all.

    Returns
    -------
    Evaluation
        FD, mean pixel and the images.
    """
    images = sample(Ddim(steps, eta), denoiser, count, PseudoRandomNoise(seed), progress=progress)
    statistics = FeatureStatistics.of(images, features)
    return Evaluation(eta, steps, count, seed, reference.distance(statistics), statistics.mean_pixel, images)


def real_distance(
    images: NDArray[np.uint8],
    features: Features,
    reference: FeatureStatistics,
    *,
    count: int = 1000,
    seed: int = 1,
) -> float:
    """FD of `count` real images drawn from `images` at random: what perfect images would score."""
    chosen = np.random.default_rng(seed).choice(len(images), count, replace=False)
    return reference.distance(FeatureStatistics.of(images[chosen], features))
