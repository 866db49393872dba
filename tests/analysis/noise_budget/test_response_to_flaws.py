"""What bias and correlation of bits do to normals and to the brightness of images, by theory and by simulation."""

import math

import numpy as np
import pytest

from mtjlab.analysis.diffusion import Ddim
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16, BitSum
from mtjlab.analysis.noise_budget.bit_response import BitResponse
from mtjlab.analysis.noise_budget.brightness import BRIGHTNESS_LEVELS, brightness_weights
from mtjlab.analysis.noise_budget.sampler_setting import SamplerSetting

CONVERTERS = [BIT_SUM_1, BitSum(4), BitSum(16), INVERSE_CDF16]


def copying_bits(correlation, count, seed):
    """Each bit copies the one before with the probability `correlation`: lag k has the correlation's k-th power."""
    random = np.random.default_rng(seed)
    fresh, copies = random.integers(0, 2, count, dtype=np.uint8), random.random(count) < correlation
    return fresh[np.maximum.accumulate(np.where(copies, 0, np.arange(count)))]


@pytest.mark.parametrize("converter", CONVERTERS)
def test_the_response_to_bias_is_the_converters_shift(converter):
    assert BitResponse.of(converter).shift == pytest.approx(converter.shift, rel=1e-4)


class WiderTable:
    """The table, with four more bits that it leaves out."""

    bits_per_normal, shift = 20, INVERSE_CDF16.shift

    def convert(self, bits):
        return INVERSE_CDF16.convert(np.ascontiguousarray(bits.reshape(-1, 20)[:, :16]).ravel())


class WiderTableThatDraws:
    bits_per_normal, shift = 20.0, INVERSE_CDF16.shift

    def draw(self, count, take):
        return WiderTable().convert(take(20 * count).unpacked())


@pytest.mark.parametrize("converter", [WiderTable(), WiderTableThatDraws()])
def test_converters_of_many_bits_are_answered_by_normals_made(converter):
    response, table = BitResponse.of(converter), BitResponse.of(INVERSE_CDF16)
    # Differences of mean squares of 32,768 normals, over the correlation of 0.1, at four standard errors;
    # and the second order of the correlation.
    assert response.inside_weights(15) == pytest.approx(table.inside_weights(15), abs=0.4)
    assert response.between_weights(25)[19] == pytest.approx(table.between_weights(25)[15], abs=0.7)
    assert response.shift == pytest.approx(INVERSE_CDF16.shift)


@pytest.mark.parametrize("converter", CONVERTERS)
def test_correlation_grows_the_variance_of_normals_as_predicted(converter):
    correlation, count = 0.03, 400_000
    normals = converter.convert(copying_bits(correlation, count * converter.bits_per_normal, 1)).astype(float)
    lags = correlation ** np.arange(1, 65)
    response = BitResponse.of(converter)
    predicted = float(response.inside_weights(64) @ lags)
    # The variance of a normal's square is 2 at most; the second order of the correlation adds.
    tolerance = 4 * math.sqrt(2 / count) + 2 * correlation**2
    assert np.mean(normals**2) - 1 == pytest.approx(predicted, abs=tolerance)
    for distance in (1, 2):
        covariance = float(np.mean(normals[distance:] * normals[:-distance]))
        predicted = float(response.covariance_weights(64, distance) @ lags)
        assert covariance == pytest.approx(predicted, abs=4 / math.sqrt(count) + 2 * correlation**2)


@pytest.mark.parametrize("bits", [1, 2, 7, 16, 40])
def test_sums_respond_alike_however_many_bits_they_add_up(bits):
    response = BitResponse.of(BitSum(bits))
    assert response.inside_weights(40) + response.between_weights(40) == pytest.approx(2.0)


def test_the_table_is_most_sensitive_to_the_distance_of_its_own_words():
    # Its first bit is the sign: signs of neighbouring normals are 16 bits apart.
    between = BitResponse.of(INVERSE_CDF16).between_weights(20)
    assert int(np.argmax(between)) + 1 == 16


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("steps", [5, 50])
def test_weights_of_the_brightness_are_one_together(eta, steps):
    weights = brightness_weights(Ddim(steps, eta))
    assert weights.shape == (1 + Ddim(steps, eta).renewals,)
    assert np.sum(weights**2) == pytest.approx(1.0)


def test_ddpm_reaches_brightness_with_the_root_of_its_steps():
    # The exponent of one half in steps; the share of z that reaches the brightness stays.
    reached = [abs(brightness_weights(Ddim(steps, 1.0)).sum()) for steps in (25, 100, 400)]
    assert reached[1] / reached[0] == pytest.approx(2.0, rel=0.02)
    assert reached[2] / reached[1] == pytest.approx(2.0, rel=0.02)


def test_ddpm_forgets_its_initial_noise():
    assert abs(brightness_weights(Ddim(50, 1.0))[0]) < 1e-6


@pytest.mark.parametrize("converter", CONVERTERS)
@pytest.mark.parametrize(("eta", "steps"), [(0.0, 50), (0.5, 20), (1.0, 50)])
def test_brightness_never_shifts_by_more_than_z(converter, eta, steps):
    setting = SamplerSetting(Ddim(steps, eta), INVERSE_CDF16, converter)
    assert 0 < setting.brightness(0.01) <= setting.z(0.01) * (1 + 1e-9)


def test_z_is_the_shift_of_a_normal_times_the_root_of_their_number():
    setting = SamplerSetting(Ddim(50, 1.0), BitSum(16), BitSum(16))
    assert setting.z(0.001) == pytest.approx(0.001 * 4.0 * math.sqrt(50 * 784))


def test_images_of_a_normal_brightness_shift_as_predicted():
    """Images that differ in brightness alone, through the sampler itself, from biased one-bit noise."""
    side, count, excess = 6, 4000, 0.02
    pixels = side * side
    spread = 0.1  # of the mean pixel: far from where the sampler cuts off
    setting = SamplerSetting(Ddim(20, 1.0), BIT_SUM_1, BIT_SUM_1, pixels)

    class OneBrightness:
        image_shape = (side, side)

        def predict_v(self, x, t):
            alpha, sigma = math.cos(math.pi * t / 2), math.sin(math.pi * t / 2)
            mean = x.mean(axis=(1, 2), keepdims=True)
            variance = pixels * spread**2
            image = alpha * variance / (alpha**2 * variance + sigma**2) * mean + 0.0 * x
            return (alpha * x - image) / sigma

    random = np.random.default_rng(5)
    sampler = setting.sampler
    signs = [2.0 * (random.random((count, side, side)) < 0.5 + excess / 2) - 1.0 for _ in range(20)]
    x = signs[0].astype(np.float32)
    for index, (time, following) in enumerate(zip(sampler.times[:-1], sampler.times[1:], strict=True)):
        z = signs[index + 1].astype(np.float32) if index < sampler.renewals else None
        x = sampler.step(OneBrightness(), x, float(time), float(following), z)
    brightness = x.mean(axis=(1, 2)) / spread
    # The weights assume the spread of real images, the mean of 20 steps' noise the same share of z to some percent.
    predicted = excess * math.sqrt(pixels) * abs(brightness_weights(sampler, _pixels_of(spread, pixels)).sum())
    assert abs(brightness.mean()) == pytest.approx(predicted, abs=4 / math.sqrt(count) + 0.03 * predicted)


def _pixels_of(spread, pixels):
    """Return the number of pixels at which images of the usual spread have this variance of brightness."""
    return pixels * (spread / (BRIGHTNESS_LEVELS / 127.5)) ** 2
