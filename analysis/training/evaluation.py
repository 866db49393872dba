"""How good a denoiser is: the Fréchet distance of its images to the test images."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Ddim, Denoiser, DpmSolver, Features, FeatureStatistics, Sampler, sample
from mtjlab.analysis.noise import PseudoRandomNoise

__all__ = ["Evaluation", "Trial", "evaluate", "trials_of"]


@dataclass(frozen=True)
class Trial:
    """A way to make images."""

    name: str
    """What the sampler is called."""
    sampler: Sampler
    """The rule of the steps."""
    any_class: bool = False
    """Whether the class is left to a denoiser that knows classes; else they come in turn."""


@dataclass(frozen=True)
class Evaluation:
    """What was measured of one way to make images."""

    trial: Trial
    """The way."""
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


def trials_of(denoiser: Denoiser, steps: int) -> list[Trial]:
    """List the ways to judge a denoiser by.

    Parameters
    ----------
    denoiser
        The denoiser.
    steps
        Denoising steps of DDIM; DPM-Solver++ takes two fifths of them.

    Returns
    -------
    list of Trial
        DDIM at eta = 1 and DPM-Solver++; of a denoiser that knows classes the second also with the class left to it.
    """
    fewer = DpmSolver(max(1, 2 * steps // 5))
    trials = [Trial("DDIM, eta = 1", Ddim(steps, 1.0)), Trial("DPM-Solver++", fewer)]
    if denoiser.classes:
        trials.append(Trial("DPM-Solver++, any class", fewer, any_class=True))
    return trials


def evaluate(
    denoiser: Denoiser,
    features: Features,
    reference: FeatureStatistics,
    trial: Trial,
    *,
    count: int = 1000,
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
    trial
        How the images are made.
    count
        Number of images; FD depends on it.
    seed
        Seed of the noise.
    progress
        Called with the image steps done and the image steps in all.

    Returns
    -------
    Evaluation
        FD, mean pixel and the images.
    """
    labels = np.full(count, len(denoiser.classes)) if trial.any_class else None
    images = sample(trial.sampler, denoiser, count, PseudoRandomNoise(seed), labels=labels, progress=progress)
    statistics = FeatureStatistics.of(images, features)
    return Evaluation(trial, count, seed, reference.distance(statistics), statistics.mean_pixel, images)


def real_distance(
    images: NDArray[np.uint8],
    features: Features,
    reference: FeatureStatistics,
    *,
    count: int = 1000,
    seed: int = 1,
) -> float:
    """FD of `count` real images drawn from `images` with replacement: what perfect images would score."""
    chosen = np.random.default_rng(seed).choice(len(images), count)
    return reference.distance(FeatureStatistics.of(images[chosen], features))
