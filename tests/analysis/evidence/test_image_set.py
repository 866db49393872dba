"""Distances of sets of images, held against their definitions and small cases by hand."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion import FeatureStatistics
from mtjlab.analysis.diffusion.feature_distance import kernel_distance
from mtjlab.analysis.evidence.image_set import ImageSet, RealImages
from mtjlab.analysis.evidence.kernel_moments import KernelMoments
from mtjlab.analysis.evidence.precision_recall import ball_radii, share_inside


def test_the_kernel_distance_by_moments_is_that_of_all_pairs():
    random = np.random.default_rng(1)
    x, y = random.standard_normal((700, 8)), random.standard_normal((33, 8)) + 0.3
    assert KernelMoments.of(x).distance(KernelMoments.of(y)) == pytest.approx(kernel_distance(x, y), rel=1e-9)


def test_features_that_are_none_are_refused():
    with pytest.raises(ValueError, match="expected"):
        KernelMoments.of(np.zeros((1, 4)))


def test_a_ball_reaches_to_the_kth_neighbour():
    points = np.array([[0.0], [1.0], [3.0], [7.0]], np.float32)
    assert ball_radii(points, 1).tolist() == [1, 1, 4, 16]
    assert ball_radii(points, 3).tolist() == [49, 36, 16, 49]
    with pytest.raises(ValueError, match="at least 4"):
        ball_radii(points[:3], 3)


def test_precision_and_recall_of_points_are_as_counted_by_hand():
    real = np.array([[0.0], [1.0], [10.0], [11.0]], np.float32)
    made = np.array([[0.5], [0.6], [0.7], [5.0]], np.float32)  # three like the first garment, one like none
    assert share_inside(made, real, ball_radii(real, 1)) == 0.75
    # Balls of the made ones with k = 1: 0.4 to 0.6, 0.5 to 0.7, 0.6 to 0.8, 0.7 to 9.3: they reach 1.0 alone.
    assert share_inside(real, made, ball_radii(made, 1)) == 0.25


def test_equal_distributions_have_the_same_precision_and_recall():
    x, y = np.random.default_rng(1).standard_normal((2, 1500, 4)).astype(np.float32)
    precision, recall = share_inside(x, y, ball_radii(y)), share_inside(y, x, ball_radii(x))
    assert precision == pytest.approx(recall, abs=0.03)
    assert precision > 0.8


def test_a_narrow_distribution_has_precision_and_no_recall():
    x, y = np.random.default_rng(1).standard_normal((2, 1000, 4)).astype(np.float32)
    narrow = 0.1 * x
    assert share_inside(narrow, y, ball_radii(y)) == 1
    assert share_inside(y, narrow, ball_radii(narrow)) < 0.05


def test_the_shipped_features_are_of_the_images_of_the_shipped_statistics():
    real, statistics = RealImages.shipped(), FeatureStatistics.shipped()
    assert real.features.shape == (5000, 64)
    error = np.sqrt(np.diag(statistics.covariance) / 5000)
    assert np.all(np.abs(real.features.mean(axis=0) - statistics.mean) < 5 * error + 1e-3)


def test_real_images_are_near_real_ones_and_others_are_not():
    real = RealImages.shipped()
    half = ImageSet(real.features[::2], np.full(10, 0.1), 73.0)
    scores = real.scores(half)
    assert scores.fd < 1
    assert abs(scores.kid) < 0.05
    assert (scores.precision, scores.mean_pixel) == (1.0, 73.0)
    far = real.scores(ImageSet(real.features[::5] + 2, np.full(10, 0.1), 73.0))
    # Beside the same shift of every feature there is what half the images scatter.
    assert far.fd == pytest.approx(64 * 4, rel=0.05)
    assert far.kid > 1
    assert far.precision < 0.5


def test_features_of_real_images_survive_their_file(tmp_path):
    real = RealImages.shipped()
    real.save_features(tmp_path / "features.npz")
    with np.load(tmp_path / "features.npz") as file:
        assert np.array_equal(file["features"], real.features.astype(np.float16))
