"""Noise and denoisers whose answers are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.schedule import CosineSchedule


class CountedNoise:
    """Seeded normals that are counted."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.drawn = 0
        self.bits_used = 0

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        self.drawn += int(np.prod(shape))
        return self.generator.standard_normal(shape, dtype=np.float32)


class SignNoise(CountedNoise):
    """One bit a normal: -1 or +1, zero mean and unit variance."""

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        self.drawn += int(np.prod(shape))
        self.bits_used = self.drawn
        return self.generator.integers(0, 2, shape).astype(np.float32) * 2 - 1


class GaussianData:
    """The perfect denoiser of independent pixels x_0 ~ N(mean, spread^2).

    x_t is then normal too, with variance V = alpha^2 spread^2 + sigma^2, and v = d x_t / d(angle) is linear in
    it:  E[v | x_t] = -sigma mean + alpha sigma (1 - spread^2) (x_t - alpha mean) / V.
    """

    def __init__(self, mean: float, spread: float) -> None:
        self.mean, self.spread = mean, spread
        self.schedule = CosineSchedule()

    image_shape = (28, 28)

    def predict_v(self, x: NDArray[np.float32], t: float) -> NDArray[np.float32]:
        alpha, sigma = float(self.schedule.alpha(t)), float(self.schedule.sigma(t))
        variance = alpha**2 * self.spread**2 + sigma**2
        slope = alpha * sigma * (1 - self.spread**2) / variance
        return -sigma * self.mean + slope * (x - alpha * self.mean)


@pytest.fixture
def counted_noise() -> type[CountedNoise]:
    return CountedNoise


@pytest.fixture
def sign_noise() -> type[SignNoise]:
    return SignNoise


@pytest.fixture
def gaussian_data() -> type[GaussianData]:
    return GaussianData
