"""Distances of sets of images."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion.feature_distance import Features, frechet_distance, kernel_distance
from mtjlab.analysis.diffusion.feature_statistics import FeatureStatistics


def covariance(seed, size=6):
    root = np.random.default_rng(seed).standard_normal((size, size))
    return root @ root.T


def test_equal_distributions_are_0_apart():
    mean, cov = np.arange(6.0), covariance(1)
    assert frechet_distance(mean, cov, mean, cov) == pytest.approx(0, abs=1e-9)


def test_a_shift_of_the_mean_counts_its_square():
    mean, cov, shift = np.arange(6.0), covariance(1), np.array([0.3, 0, -0.4, 0, 0, 1.2])
    assert frechet_distance(mean, cov, mean + shift, cov) == pytest.approx(0.09 + 0.16 + 1.44)


def test_along_common_axes_the_spreads_differences_are_squared():
    # For diagonal covariances FD = |dm|^2 + sum (s1 - s2)^2.
    s1, s2 = np.array([1.0, 2.0, 0.0]), np.array([2.0, 0.5, 0.0])
    zero = np.zeros(3)
    assert frechet_distance(zero, np.diag(s1**2), zero, np.diag(s2**2)) == pytest.approx(1 + 2.25)


def test_it_agrees_with_the_matrix_square_root_and_is_symmetric():
    linalg = pytest.importorskip("scipy.linalg", reason="scipy's sqrtm is the peer")
    zero, c1, c2 = np.zeros(6), covariance(1), covariance(2)
    expected = np.trace(c1 + c2 - 2 * linalg.sqrtm(c1 @ c2).real)
    assert frechet_distance(zero, c1, zero, c2) == pytest.approx(expected, rel=1e-9)
    assert frechet_distance(zero, c2, zero, c1) == pytest.approx(expected, rel=1e-9)


def test_shapes_that_do_not_fit_and_nans_are_refused():
    with pytest.raises(ValueError, match=r"expected .D,., .D, D."):
        frechet_distance(np.zeros(3), np.eye(3), np.zeros(3), np.eye(4))
    with pytest.raises(ValueError, match="not finite"):
        frechet_distance(np.zeros(3), np.eye(3), np.zeros(3), np.full((3, 3), np.nan))


def test_the_kernel_distance_has_no_bias_at_small_n():
    random = np.random.default_rng(1)
    values = [kernel_distance(*random.standard_normal((2, 20, 4))) for _ in range(200)]
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(200)


def test_the_kernel_distance_sees_a_shift():
    random = np.random.default_rng(1)
    x, y = random.standard_normal((2, 300, 4))
    assert kernel_distance(x, y + 0.5) > 10 * abs(kernel_distance(x, y))


def test_the_kernel_distance_of_points_is_its_definition():
    x, y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 1.0], [3.0, 0.0]])
    # k(a, b) = (a.b / 2 + 1)^3: within x 1, within y 2.5^3; across 1.5^3, 2.5^3, 2^3, 1.
    expected = 1 + 2.5**3 - 2 * (1.5**3 + 2.5**3 + 2**3 + 1) / 4
    assert kernel_distance(x, y) == pytest.approx(expected)


def test_features_of_noise_are_far_from_those_of_garments():
    noise = np.random.default_rng(1).integers(0, 256, (200, 28, 28), dtype=np.uint8)
    features, reference = Features.shipped(threads=1), FeatureStatistics.shipped()
    assert features.features(noise).shape == (200, 64)
    # Real images are about 1 away, a trained denoiser's a few; noise is no garment at all.
    assert reference.distance(FeatureStatistics.of(noise, features)) > 50


def test_the_shipped_reference_is_of_the_10000_test_images():
    reference = FeatureStatistics.shipped()
    assert reference.count == 10_000
    # Mean grey level of Fashion-MNIST's test images, 0.2868 of 255 (the training images': 0.2860).
    assert reference.mean_pixel == pytest.approx(0.2868 * 255, abs=0.05)
    assert reference.mean.shape == (64,)
    assert np.linalg.eigvalsh(reference.covariance).min() > -1e-9


def test_statistics_survive_the_file(tmp_path):
    images = np.random.default_rng(1).integers(0, 256, (50, 28, 28), dtype=np.uint8)
    statistics = FeatureStatistics.of(images, Features.shipped(threads=1))
    statistics.save(tmp_path / "statistics.npz")
    again = FeatureStatistics.load(tmp_path / "statistics.npz")
    assert again.distance(statistics) == pytest.approx(0, abs=1e-6)
    assert (again.count, again.mean_pixel) == (50, images.mean())


def test_what_holds_no_statistics_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no feature statistics"):
        FeatureStatistics.load(tmp_path / "gone.npz")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(ValueError, match="holds no feature statistics"):
        FeatureStatistics.load(tmp_path / "text.npz")
    (tmp_path / "empty.npz").write_bytes(b"")
    with pytest.raises(ValueError, match="holds no feature statistics"):
        FeatureStatistics.load(tmp_path / "empty.npz")
    with pytest.raises(ValueError, match="at least 2"):
        FeatureStatistics.of(np.zeros((1, 28, 28), dtype=np.uint8), Features.shipped(threads=1))
    with pytest.raises(ValueError, match="expected uint8 images"):
        Features.shipped(threads=1).features(np.zeros((1, 28, 28)))
