"""Images of unfair bits are warned of before they are made, by the noise budget."""

import logging

import numpy as np
import pytest

from mtjlab.analysis.diffusion import Ddim
from mtjlab.analysis.images_from_bits import ImagesFromBits
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16
from mtjlab.analysis.noise_budget import Answer


def biased(share, count, seed=1):
    return (np.random.default_rng(seed).random(count) < share).astype(np.uint8)


@pytest.mark.parametrize(
    ("eta", "share", "warned"),
    [(0.0, 0.495, True), (0.0, 0.51, True), (0.0, 0.4995, False), (1.0, 0.498, True), (1.0, 0.4998, False)],
)
def test_images_are_warned_of_where_the_shift_of_their_noise_is_seen(eta, share, warned):
    # Mean pixel of 200 images at eta 0: 73.5 ± 2.2 at P = .5, 60.9 at .495, 99 at .51; at eta 1 60.5 at .4975.
    found = ImagesFromBits(Ddim(50, eta)).judge(biased(share, 4_000_000))
    assert bool(found.warnings) is warned
    if warned:
        assert ("darker" if share < 0.5 else "lighter") in found.warnings[0]


def test_the_shift_is_that_of_the_tables_mean():
    bits = biased(0.49, 16 * 400_000)
    mean = float(INVERSE_CDF16.convert(bits).mean())
    excess = 1 - 2 * bits.mean()
    # Scatter of a mean of 400,000 normals: .0016.
    assert abs(mean) == pytest.approx(INVERSE_CDF16.shift * excess, abs=4 / np.sqrt(400_000))
    assert ImagesFromBits().judge(bits).z.value == pytest.approx(28 * INVERSE_CDF16.shift * excess, rel=1e-9)


def test_few_fair_bits_are_never_warned_of():
    recipe = ImagesFromBits()
    assert not any(recipe.judge(biased(0.5, recipe.bits_per_image, seed)).warnings for seed in range(50))


def test_initial_noise_of_another_source_is_not_judged():
    bits = biased(0.48, 4_000_000)
    alone = ImagesFromBits(Ddim(50, 0.0)).judge(bits, start=False)
    assert alone.z.value == 0
    assert alone.setting.bits_per_image == 0
    assert alone.answer is Answer.YES
    steps = ImagesFromBits(Ddim(50, 1.0), INVERSE_CDF16, BIT_SUM_1).judge(bits, start=False)
    assert steps.answer is Answer.NO


def test_making_images_logs_the_warning(caplog):
    recipe = ImagesFromBits(Ddim(2))

    class Nothing:
        image_shape = (28, 28)

        def predict_v(self, x, t):
            return np.zeros_like(x)

    with caplog.at_level(logging.WARNING):
        recipe.make(Nothing(), biased(0.4, 40 * recipe.bits_per_image), 4)
    assert "P(1) = 0.4" in caplog.text
