"""How much each draw of a sampler's noise moves the brightness of an image.

Brightness is the coordinate of an image along (1, ..., 1)/√D, with D its number of pixels: the one direction in which a
constant shift of the noise acts, and the one in which natural images vary most.  Let brightness be normal with variance
λ.  Its denoiser is exact,

    v(x, t) = α σ (1 - λ) / (α² λ + σ²) x

and a sampler with it is linear: the brightness it makes is Σ a_k n_k, where n_0 is the coordinate of the initial noise
and n_k that of the noise of step k, each of unit variance if the noise is fair.  The weights a_k, here of unit sum of
squares, then say what unfair noise does: normals of mean m_k move the brightness by

    √D Σ a_k m_k    standard deviations of the brightness of images,

which is at most z = √(D Σ m_k²), by Cauchy and Schwarz.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import CosineSchedule, Sampler

__all__ = ["BRIGHTNESS_LEVELS", "brightness_weights"]

BRIGHTNESS_LEVELS = 32.1
"""Standard deviation of the mean grey level of Fashion-MNIST's images, 0 to 255 (60,000 training images)."""

PROBE = 1e-3
"""Size of the probing noise: samplers cut the image off at ±1, and are linear below."""


class _Brightness:
    """The exact denoiser of one number that is normal with zero mean."""

    image_shape = (1,)

    def __init__(self, variance: float) -> None:
        self._variance, self._schedule = variance, CosineSchedule()

    def predict_v(self, x: NDArray[np.float32], t: float) -> NDArray[np.float32]:
        alpha, sigma = float(self._schedule.alpha(t)), float(self._schedule.sigma(t))
        slope = alpha * sigma * (1.0 - self._variance) / (alpha**2 * self._variance + sigma**2)
        return (np.float32(slope) * x).astype(np.float32, copy=False)


def brightness_weights(sampler: Sampler, pixels: int = 784) -> NDArray[np.float64]:
    """Weights of the initial noise and of each step's in the brightness of an image, by one run of the sampler.

    Parameters
    ----------
    sampler
        The rule of the steps; any that treats every number alike.
    pixels
        Numbers in an image, D.

    Returns
    -------
    NDArray
        a_0 (initial noise), a_1, ... (steps), shape (1 + renewals,); their squares add up to one.

    Examples
    --------
    At eta = 0 all randomness is in the initial noise:

    >>> from mtjlab.analysis.diffusion import Ddim
    >>> brightness_weights(Ddim(50, 0.0))
    array([1.])
    """
    draws = 1 + sampler.renewals
    noise = (PROBE * np.eye(draws)).astype(np.float32)[:, :, None]
    denoiser = _Brightness(pixels * (BRIGHTNESS_LEVELS / 127.5) ** 2)
    start = getattr(sampler, "start", None)  # a sampler with a memory is asked for a fresh one
    fresh: Sampler = start() if start is not None else sampler
    x = noise[:, 0]
    for index, (time, following) in enumerate(itertools.pairwise(sampler.times.tolist())):
        x = fresh.step(denoiser, x, time, following, noise[:, index + 1] if index + 1 < draws else None)
    weights = x[:, 0].astype(np.float64)
    return np.asarray(weights / np.sqrt(np.sum(weights**2)))
