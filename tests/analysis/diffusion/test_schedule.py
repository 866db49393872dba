"""The cosine schedule."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion.schedule import CosineSchedule

TIMES = np.linspace(0, 1, 101)


def test_variance_is_preserved():
    schedule = CosineSchedule()
    np.testing.assert_allclose(schedule.alpha(TIMES) ** 2 + schedule.sigma(TIMES) ** 2, 1, rtol=1e-14)


def test_the_ends_are_the_image_and_pure_noise():
    schedule = CosineSchedule()
    assert schedule.alpha(0.0) == 1
    assert schedule.sigma(0.0) == 0
    assert abs(schedule.alpha(1.0)) < 1e-15
    assert schedule.sigma(1.0) == 1


def test_the_signal_to_noise_ratio_falls_all_the_way():
    schedule = CosineSchedule()
    inner = TIMES[1:]
    assert np.all(np.diff(schedule.alpha(inner) / schedule.sigma(inner)) < 0)


def test_v_gives_back_the_image_and_the_noise():
    schedule, random = CosineSchedule(), np.random.default_rng(1)
    image, noise = random.uniform(-1, 1, 101), random.standard_normal(101)
    alpha, sigma = schedule.alpha(TIMES), schedule.sigma(TIMES)
    x, v = alpha * image + sigma * noise, alpha * noise - sigma * image
    np.testing.assert_allclose(alpha * x - sigma * v, image, atol=1e-14)
    np.testing.assert_allclose(sigma * x + alpha * v, noise, atol=1e-14)


def test_times_fall_from_one_to_zero():
    np.testing.assert_allclose(CosineSchedule().times(4), [1, 0.75, 0.5, 0.25, 0])


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match=r"steps = 0.*at least 1"):
        CosineSchedule().times(0)
