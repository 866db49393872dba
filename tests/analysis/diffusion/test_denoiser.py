"""The shipped denoiser."""

from importlib import resources

import numpy as np
import pytest

from mtjlab.analysis.diffusion import Ddim, sample
from mtjlab.analysis.diffusion.denoiser import Denoiser
from mtjlab.analysis.diffusion.feature_distance import Features
from mtjlab.analysis.diffusion.feature_statistics import FeatureStatistics


@pytest.fixture(scope="module")
def denoiser():
    return Denoiser.shipped(threads=1)


def test_pure_noise_is_answered_with_the_mean_image(denoiser):
    # At t = 1, x says nothing about x_0, so that the best v = -E[x_0] whatever x is.
    x = np.random.default_rng(1).standard_normal((8, 28, 28)).astype(np.float32)
    answer = -denoiser.predict_v(x, 1.0)
    reference = FeatureStatistics.shipped().mean_pixel / 127.5 - 1
    assert answer.mean() == pytest.approx(reference, abs=0.05)
    # Garments stand in the middle of a black field.
    assert answer[:, 8:20, 8:20].mean() > answer[:, :, :3].mean() + 0.3
    assert answer.std(axis=0).mean() < 0.1


def test_noise_is_taken_out_of_a_slightly_noisy_image(denoiser, counted_noise):
    sampler = Ddim(steps=10)
    clean = sample(sampler, denoiser, 4, counted_noise(3)).astype(np.float32) / 127.5 - 1
    noise = np.random.default_rng(2).standard_normal(clean.shape).astype(np.float32)
    time = 0.1
    alpha, sigma = np.float32(sampler.schedule.alpha(time)), np.float32(sampler.schedule.sigma(time))
    x = alpha * clean + sigma * noise
    guess = alpha * x - sigma * denoiser.predict_v(x, time)
    assert np.mean((guess - clean) ** 2) < 0.5 * np.mean((x / alpha - clean) ** 2)


def test_time_may_differ_from_image_to_image(denoiser):
    x = np.random.default_rng(1).standard_normal((3, 1, 28, 28)).astype(np.float32)
    times = np.array([0.9, 0.5, 0.1], dtype=np.float32)
    together = denoiser.predict_v(x, times)
    assert together.shape == x.shape
    for index in range(3):
        alone = denoiser.predict_v(x[index], float(times[index]))
        np.testing.assert_allclose(together[index], alone, atol=1e-4)


def test_samples_are_varied_and_of_the_brightness_of_garments(denoiser, counted_noise):
    images = sample(Ddim(steps=8), denoiser, 32, counted_noise(1))
    # Mean pixel of a test image: 73 ± 32 from image to image, so ± 6 over 32; 4 of them and 5 for the model.
    assert images.mean() == pytest.approx(FeatureStatistics.shipped().mean_pixel, abs=4 * 6 + 5)
    assert len(set(Features.shipped(threads=1).labels(images))) >= 4


def test_the_shipped_images_do_not_depend_on_the_batch_size(denoiser, counted_noise):
    sampler = Ddim(steps=5, eta=1.0)
    whole = sample(sampler, denoiser, 5, counted_noise(1), batch=5).astype(int)
    parts = sample(sampler, denoiser, 5, counted_noise(1), batch=2).astype(int)
    # Convolutions may round differently in batches of another size: by one grey level at most.
    assert np.abs(whole - parts).max() <= 1


@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        (np.zeros((2, 3, 28, 28)), 0.5, "expected .N, 28, 28."),
        (np.zeros((2, 27, 28)), 0.5, "expected .N, 28, 28."),
        (np.zeros((2, 28, 28)), np.zeros(3), "one for each of 2 images"),
        (np.zeros((2, 28, 28)), 1.5, "expected 0 .image. to 1"),
        (np.zeros((2, 28, 28)), np.nan, "expected 0 .image. to 1"),
    ],
)
def test_what_does_not_fit_is_refused(denoiser, x, t, message):
    with pytest.raises(ValueError, match=message):
        denoiser.predict_v(x, t)


def test_a_missing_a_corrupt_and_another_network_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"gone\.onnx does not exist"):
        Denoiser(tmp_path / "gone.onnx")
    (tmp_path / "corrupt.onnx").write_bytes(b"not a network")
    with pytest.raises(ValueError, match=r"corrupt\.onnx is not an ONNX network"):
        Denoiser(tmp_path / "corrupt.onnx")
    (tmp_path / "empty.onnx").write_bytes(b"")
    with pytest.raises(ValueError, match=r"empty\.onnx"):
        Denoiser(tmp_path / "empty.onnx")
    features = resources.files("mtjlab.data") / "denoiser" / "features.onnx"
    with resources.as_file(features) as path, pytest.raises(ValueError, match="inputs x; expected x, t"):
        Denoiser(path)


def test_no_threads_are_refused():
    with pytest.raises(ValueError, match="threads = 0"):
        Denoiser.shipped(threads=0)
