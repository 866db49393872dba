"""A comparison that takes no time: a denoiser in closed form."""

from dataclasses import dataclass

import numpy as np
import pytest

from mtjlab.analysis.evidence import Arm, BiasedBits, Comparison, Settings


@dataclass(frozen=True)
class GaussianPixels:
    """What predicts v of images whose pixels are independent and normal: x_0 = alpha c x / (alpha^2 c + sigma^2)."""

    variance: float = 0.25

    @property
    def image_shape(self):
        return (28, 28)

    def predict_v(self, x, t):
        alpha, sigma = np.cos(np.pi / 2 * t), np.sin(np.pi / 2 * t)
        share = self.variance / (alpha**2 * self.variance + sigma**2)
        image = alpha * share * x
        return ((alpha * x - image) / sigma).astype(np.float32)


@pytest.fixture
def denoiser():
    return GaussianPixels()


@pytest.fixture
def comparison(denoiser):
    settings = Settings(images=64, seeds=2, steps=3, denoiser=denoiser)
    arms = (Arm("software"), Arm("fair", BiasedBits(0.5)), Arm("control", BiasedBits(0.4)))
    return Comparison(arms, settings)
