"""The samplers of second order, judged by data whose probability flow is known in closed form."""

import itertools

import numpy as np
import pytest

from mtjlab.analysis.diffusion import CosineSchedule, Ddim, Ddpm, DpmSolver, Heun, SdeDpmSolver, sample

MEAN, SPREAD = 0.1, 0.5


def run(sampler, denoiser, x):
    sampler = sampler.start() if hasattr(sampler, "start") else sampler
    for time, next_time in itertools.pairwise(sampler.times.tolist()):
        x = sampler.step(denoiser, x, time, next_time)
    return x


def flow_error(kind, steps, data, schedule):
    """Largest error of the image that noise leads to.

    A probability flow carries each quantile of one normal distribution to the same quantile of the next, so that noise
    z at time 1 becomes the image mean + spread z.
    """
    z = np.linspace(-1.5, 1.5, 7)
    return np.abs(run(kind(steps, schedule=schedule), data, z) - (MEAN + SPREAD * z)).max()


def in_time(steps):
    return 1 / steps


def in_log_snr(steps):
    """From -log K to log K in K steps."""
    return np.log(steps) / steps


@pytest.mark.parametrize(
    ("kind", "spacing", "step", "order"),
    [
        (Ddim, "time", in_time, 1),
        (DpmSolver, "log-snr", in_log_snr, 2),
        (Heun, "log-snr", in_log_snr, 2),
        (Heun, "time", in_time, 2),
    ],
)
def test_the_error_falls_with_the_step_to_the_power_of_the_order(gaussian_data, kind, spacing, step, order):
    data, schedule = gaussian_data(MEAN, SPREAD), CosineSchedule(spacing)
    errors = [flow_error(kind, steps, data, schedule) for steps in (160, 640)]
    found = np.log(errors[0] / errors[1]) / np.log(step(160) / step(640))
    assert found == pytest.approx(order, abs=0.25)


def test_20_steps_of_second_order_err_less_than_50_of_ddim(gaussian_data):
    data = gaussian_data(MEAN, SPREAD)
    assert flow_error(DpmSolver, 20, data, None) < 0.5 * flow_error(Ddim, 50, data, None)
    assert flow_error(Heun, 11, data, None) < flow_error(Ddim, 50, data, None)


def test_the_first_step_from_pure_noise_is_ddim_and_the_last_gives_the_image(gaussian_data):
    data, x = gaussian_data(MEAN, SPREAD), np.linspace(-2, 2, 9)
    for kind in (DpmSolver, Heun):
        sampler = kind(10)
        first, second = sampler.times[:2].tolist()
        np.testing.assert_allclose(
            sampler.step(data, x, first, second), Ddim(10).step(data, x, first, second), rtol=0, atol=1e-6
        )
        last, end = sampler.times[-2:].tolist()
        image = sampler.schedule.alpha(last) * x - sampler.schedule.sigma(last) * data.predict_v(x, last)
        np.testing.assert_allclose(sampler.step(data, x, last, end), np.clip(image, -1, 1), rtol=0, atol=1e-6)


def test_the_stochastic_solver_without_a_past_is_ddpm(gaussian_data):
    data, x, z = gaussian_data(MEAN, SPREAD), np.linspace(-2, 2, 9), np.linspace(1, -1, 9)
    for time, next_time in ((1.0, 0.8), (0.6, 0.3)):
        one, other = (kind(10).step(data, x, time, next_time, z) for kind in (SdeDpmSolver, Ddpm))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match="needs noise"):
        SdeDpmSolver(10).step(data, x, 0.6, 0.3)


def test_the_stochastic_solver_keeps_the_variance_of_gaussian_data(gaussian_data, counted_noise):
    count, noise = 30, counted_noise(3)
    images = sample(SdeDpmSolver(40), gaussian_data(MEAN, 0.2), count, noise)
    assert noise.drawn == 40 * count * 784
    x = images / 127.5 - 1
    assert x.mean() == pytest.approx(MEAN, abs=4 * 0.2 / np.sqrt(x.size))
    assert x.var() == pytest.approx(0.2**2, rel=0.03)
    first_order = sample(Ddpm(40, schedule=CosineSchedule("log-snr")), gaussian_data(MEAN, 0.2), count, noise)
    assert (first_order / 127.5).var() < 0.9 * 0.2**2


@pytest.mark.parametrize("steps", [1, 2, 3, 20])
@pytest.mark.parametrize("spacing", ["time", "log-snr"])
@pytest.mark.parametrize("first", [1.0, 0.999])
def test_times_fall_from_the_first_to_the_image(steps, spacing, first):
    schedule = CosineSchedule(spacing, first=first)
    times = schedule.times(steps)
    assert (len(times), times[0], times[-1]) == (steps + 1, first, 0.0)
    assert np.all(np.diff(times) < 0)
    if spacing == "log-snr" and steps > 3:
        ratios = [schedule.log_ratio(time) for time in times[1:-1].tolist()]
        np.testing.assert_allclose(np.diff(ratios), np.diff(ratios)[0])


@pytest.mark.parametrize("kind", [DpmSolver, Heun, Ddpm, SdeDpmSolver])
def test_an_eta_that_the_sampler_does_not_have_is_refused(kind):
    with pytest.raises(ValueError, match=r"eta = 0\.5"):
        kind(10, 0.5)
    with pytest.raises(ValueError, match="at least 1 step"):
        kind(0)


def test_a_spacing_or_a_start_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'time' or 'log-snr'"):
        CosineSchedule("cosine")
    with pytest.raises(ValueError, match="first = 0"):
        CosineSchedule(first=0.0)
