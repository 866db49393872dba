"""The sampler, judged by data whose perfect denoiser is known in closed form."""

import itertools
import math

import numpy as np
import pytest

from mtjlab.analysis.diffusion import Ddim, normals_per_image, sample

MEAN, SPREAD = 0.1, 0.2
PIXELS = 784


class Known:
    """A denoiser whose answer is given."""

    def __init__(self, v):
        self.v = v

    def predict_v(self, x, t):
        return self.v


def moments(images):
    """Mean and variance in units of [-1, 1], less the variance of rounding to grey levels."""
    x = images.astype(np.float64) / 127.5 - 1
    return x.mean(), x.var() - (1 / 127.5) ** 2 / 12


def variance_after(steps, eta):
    """Variance that the sampler's equations give to Gaussian data, step by step on a single number.

    x_0 = k x + ... with k = alpha spread^2 / (alpha^2 spread^2 + sigma^2), so that a step is linear in x.
    """
    angles = np.linspace(math.pi / 2, 0, steps + 1)
    variance = 1.0
    for (a, s), (next_a, next_s) in itertools.pairwise(zip(np.cos(angles), np.sin(angles), strict=True)):
        k = a * SPREAD**2 / (a**2 * SPREAD**2 + s**2)
        added = eta**2 * next_s**2 / s**2 * (1 - a**2 / next_a**2)
        kept = math.sqrt(max(0.0, next_s**2 - added))
        variance = (next_a * k + kept * (1 - a * k) / s) ** 2 * variance + added
    return variance


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_gaussian_data_comes_back_with_its_mean_and_variance(gaussian_data, counted_noise, eta):
    # With ever more steps the variance becomes the data's: at 20,000 steps within 0.2 %.
    assert variance_after(20_000, eta) == pytest.approx(SPREAD**2, rel=0.002)
    # With 100 it is what the finite step makes of it (at eta = 1 a seventh less), within the scatter.
    count = 60
    images = sample(Ddim(steps=100, eta=eta), gaussian_data(MEAN, SPREAD), count, counted_noise(1))
    mean, variance = moments(images)
    pixels = count * PIXELS
    assert mean == pytest.approx(MEAN, abs=4 * SPREAD / math.sqrt(pixels))
    assert variance == pytest.approx(variance_after(100, eta), rel=4 * math.sqrt(2 / pixels))


def test_one_bit_noise_in_the_steps_gives_the_same_distribution(gaussian_data, counted_noise, sign_noise):
    count, bits = 60, sign_noise(2)
    sampler, data = Ddim(steps=100, eta=1.0), gaussian_data(MEAN, SPREAD)
    images = sample(sampler, data, count, counted_noise(1), step_noise=bits)
    mean, variance = moments(images)
    pixels = count * PIXELS
    assert mean == pytest.approx(MEAN, abs=4 * SPREAD / math.sqrt(pixels))
    assert variance == pytest.approx(variance_after(100, 1.0), rel=4 * math.sqrt(2 / pixels))
    assert bits.bits_used == 99 * pixels
    # A sum of n bits of equal weight has kurtosis 3 - 2/n; about ten of these steps matter for a pixel.
    x = images.astype(np.float64)
    kurtosis = np.mean((x - x.mean()) ** 4) / x.var() ** 2
    assert 2.7 < kurtosis < 3 + 5 * math.sqrt(24 / pixels)


def test_biased_step_noise_moves_the_mean(gaussian_data, counted_noise):
    class Biased(counted_noise):
        def normal(self, shape):
            return super().normal(shape) + np.float32(0.1)

    sampler, data = Ddim(steps=50, eta=1.0), gaussian_data(MEAN, SPREAD)
    mean, _ = moments(sample(sampler, data, 20, counted_noise(1), step_noise=Biased(2)))
    assert mean - MEAN > 20 * SPREAD / math.sqrt(20 * PIXELS)


@pytest.mark.parametrize(
    ("eta", "steps", "normals"), [(0.0, 50, 784), (1.0, 50, 39_200), (0.3, 7, 5_488), (1.0, 1, 784)]
)
def test_an_image_takes_exactly_the_normals_announced(gaussian_data, counted_noise, eta, steps, normals):
    sampler, noise = Ddim(steps, eta), counted_noise(1)
    assert normals_per_image(sampler) == normals
    sample(sampler, gaussian_data(MEAN, SPREAD), 3, noise)
    assert noise.drawn == 3 * normals


def test_the_steps_take_their_noise_from_their_own_source(gaussian_data, counted_noise):
    start, steps = counted_noise(1), counted_noise(2)
    sample(Ddim(steps=10, eta=1.0), gaussian_data(MEAN, SPREAD), 5, start, step_noise=steps)
    assert (start.drawn, steps.drawn) == (5 * 784, 5 * 9 * 784)


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_images_depend_neither_on_the_batch_size_nor_on_the_count(gaussian_data, counted_noise, eta):
    sampler, data = Ddim(steps=10, eta=eta), gaussian_data(MEAN, SPREAD)
    whole = sample(sampler, data, 7, counted_noise(1), batch=64)
    np.testing.assert_array_equal(sample(sampler, data, 7, counted_noise(1), batch=3), whole)
    np.testing.assert_array_equal(sample(sampler, data, 2, counted_noise(1)), whole[:2])


def test_the_same_noise_gives_the_same_images_and_other_noise_others(gaussian_data, counted_noise):
    sampler, data = Ddim(steps=10, eta=1.0), gaussian_data(MEAN, SPREAD)
    first = sample(sampler, data, 2, counted_noise(1))
    np.testing.assert_array_equal(sample(sampler, data, 2, counted_noise(1)), first)
    assert np.mean(sample(sampler, data, 2, counted_noise(2)) != first) > 0.9


def test_at_eta_0_the_step_is_the_exact_rotation_for_a_known_image():
    # If the denoiser knows the image, x_t stays on alpha x_0 + sigma eps with one and the same eps.
    random = np.random.default_rng(1)
    image = random.uniform(-0.9, 0.9, (2, 28, 28)).astype(np.float32)
    eps = random.standard_normal((2, 28, 28)).astype(np.float32)
    sampler = Ddim(eta=0.0)
    alpha, sigma = (np.float32(f(0.6)) for f in (sampler.schedule.alpha, sampler.schedule.sigma))
    moved = sampler.step(Known(alpha * eps - sigma * image), alpha * image + sigma * eps, 0.6, 0.3)
    expected = sampler.schedule.alpha(0.3) * image + sampler.schedule.sigma(0.3) * eps
    np.testing.assert_allclose(moved, expected, atol=2e-6)


def test_at_eta_1_the_step_is_the_posterior_of_ddpm():
    # Ho, Jain and Abbeel, arXiv:2006.11239, eq. 6 and 7, with their alpha-bar = alpha(t)^2.
    random = np.random.default_rng(1)
    image = random.uniform(-0.9, 0.9, (2, 28, 28)).astype(np.float32)
    eps, z = (random.standard_normal((2, 28, 28)).astype(np.float32) for _ in range(2))
    sampler = Ddim(eta=1.0)
    bar_t, bar_s = (float(sampler.schedule.alpha(time)) ** 2 for time in (0.6, 0.3))
    x = np.float32(math.sqrt(bar_t)) * image + np.float32(math.sqrt(1 - bar_t)) * eps
    v = np.float32(math.sqrt(bar_t)) * eps - np.float32(math.sqrt(1 - bar_t)) * image
    a_t = bar_t / bar_s
    mean = (math.sqrt(bar_s) * (1 - a_t) * image + math.sqrt(a_t) * (1 - bar_s) * x) / (1 - bar_t)
    variance = (1 - bar_s) / (1 - bar_t) * (1 - a_t)
    np.testing.assert_allclose(sampler.step(Known(v), x, 0.6, 0.3, z), mean + math.sqrt(variance) * z, atol=3e-6)


def test_the_image_is_kept_within_the_grey_levels(counted_noise):
    class White:
        image_shape = (28, 28)

        def predict_v(self, x, t):
            return np.full_like(x, -3.0) if t == 1 else np.zeros_like(x)

    assert np.all(sample(Ddim(1), White(), 1, counted_noise(1)) == 255)


def test_progress_counts_every_image_step(gaussian_data, counted_noise):
    seen = []
    sampler, data = Ddim(steps=3), gaussian_data(MEAN, SPREAD)
    sample(sampler, data, 5, counted_noise(1), batch=2, progress=lambda *at: seen.append(at))
    assert [done for done, _ in seen] == [2, 4, 6, 8, 10, 12, 13, 14, 15]
    assert {total for _, total in seen} == {15}


@pytest.mark.parametrize("eta", [-0.1, 1.1, math.nan])
def test_an_eta_outside_0_to_1_is_refused(eta):
    with pytest.raises(ValueError, match=r"eta = .*expected 0"):
        Ddim(eta=eta)


def test_no_images_and_missing_noise_are_refused(gaussian_data, counted_noise):
    sampler, data = Ddim(eta=1.0), gaussian_data(MEAN, SPREAD)
    with pytest.raises(ValueError, match="count = 0"):
        sample(sampler, data, 0, counted_noise(1))
    x = np.zeros((1, 28, 28), dtype=np.float32)
    with pytest.raises(ValueError, match="needs noise"):
        sampler.step(Known(x), x, 0.6, 0.3)


class Colour:
    """Colour images of 8 x 8 pixels whose v tells the class and the guidance."""

    image_shape = (3, 8, 8)
    classes = ("red", "green", "blue")

    def __init__(self, level=0.0):
        self.level = level

    def predict_v(self, x, t):
        return np.broadcast_to(-self.level, x.shape).astype(np.float32)

    def conditioned(self, labels, guidance):
        return Colour(guidance * np.eye(3)[labels].reshape(-1, 3, 1, 1))


def test_the_denoiser_says_how_large_an_image_is_and_each_batch_gets_its_classes(counted_noise):
    noise, labels = counted_noise(1), np.arange(5) % 3
    images = sample(Ddim(1), Colour(), 5, noise, labels=labels, guidance=0.5, batch=2)
    assert images.shape == (5, 8, 8, 3)
    assert noise.drawn == 5 * 3 * 8 * 8 == 5 * normals_per_image(Ddim(1), Colour.image_shape)
    # One step from pure noise gives x_0 = -v: half of white in the class's colour, grey 127.5 elsewhere.
    np.testing.assert_array_equal(images[:, 0, 0], np.where(np.eye(3)[labels] == 1, 191, 128))


def test_classes_that_nobody_asked_for_come_in_turn_whatever_the_batch(counted_noise):
    images = sample(Ddim(1), Colour(), 7, counted_noise(1), batch=2)
    assert images[:, 0, 0].argmax(axis=1).tolist() == [0, 1, 2, 0, 1, 2, 0]


def test_classes_that_do_not_fit_are_refused(gaussian_data, counted_noise):
    with pytest.raises(ValueError, match="knows no classes"):
        sample(Ddim(1), gaussian_data(MEAN, SPREAD), 2, counted_noise(1), labels=np.zeros(2, int))
    with pytest.raises(ValueError, match=r"shape \(3,\): expected one for each of 2 images"):
        sample(Ddim(1), Colour(), 2, counted_noise(1), labels=np.zeros(3, int))


class Remembering:
    """Counts its steps since it was started."""

    renewals = 0

    def __init__(self, steps):
        self.times, self.steps = np.linspace(1, 0, steps + 1), 0

    def start(self):
        return Remembering(len(self.times) - 1)

    def step(self, denoiser, x, time, next_time, z=None):
        self.steps += 1
        return np.full_like(x, self.steps / 10)


def test_a_sampler_with_a_memory_starts_without_it_for_each_batch(gaussian_data, counted_noise):
    sampler, seen = Remembering(3), []
    images = sample(sampler, gaussian_data(0, 1), 4, counted_noise(1), batch=2, watch=lambda *at: seen.append(at))
    assert sampler.steps == 0
    assert np.all(images == round(1.3 * 127.5))
    assert [(first, step) for first, step, _ in seen] == [(first, step) for first in (0, 2) for step in range(4)]
    assert [x.flat[0] for _, step, x in seen if step] == pytest.approx([0.1, 0.2, 0.3] * 2)


def test_batches_at_a_time_make_the_same_images_and_progress_counts_up(gaussian_data, counted_noise):
    data, seen = gaussian_data(MEAN, SPREAD), []
    for sampler in (Ddim(4, 1.0), Remembering(4)):
        alone = sample(sampler, data, 23, counted_noise(1), batch=5)
        several = sample(sampler, data, 23, counted_noise(1), batch=5, workers=3, progress=lambda *at: seen.append(at))
        np.testing.assert_array_equal(several, alone)
    assert len(seen) == 2 * 5 * 4
    assert [done for done, _ in seen[:20]] == sorted(done for done, _ in seen[:20])
    assert seen[19] == seen[39] == (4 * 23, 4 * 23)


def test_what_is_raised_in_a_batch_or_by_the_noise_ends_the_sampling(gaussian_data, counted_noise):
    class Dry(counted_noise):
        def normal(self, shape):
            if self.drawn > 12 * 784:
                raise ValueError("dry")
            return super().normal(shape)

    class Broken(gaussian_data):
        def predict_v(self, x, t):
            raise ValueError("broken")

    with pytest.raises(ValueError, match="dry"):
        sample(Ddim(2), gaussian_data(MEAN, SPREAD), 40, Dry(1), batch=5, workers=2)
    noise = counted_noise(1)
    with pytest.raises(ValueError, match="broken"):
        sample(Ddim(2), Broken(MEAN, SPREAD), 400, noise, batch=5, workers=2)
    assert noise.drawn < 100 * 784


def test_batches_that_run_end_at_their_next_step_where_another_fails(gaussian_data, counted_noise):
    looks = []

    class Watched(gaussian_data):
        def predict_v(self, x, t):
            looks.append(t)
            return super().predict_v(x, t)

    def interrupt(done, total):
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample(Ddim(900), Watched(MEAN, SPREAD), 20, counted_noise(1), batch=5, workers=2, progress=interrupt)
    assert len(looks) < 900
