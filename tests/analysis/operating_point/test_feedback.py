"""Holding P(switch) at one half."""

import math

import numpy as np
import pytest

from mtjlab.analysis.operating_point.dithered_setting import DitheredSetting
from mtjlab.analysis.operating_point.feedback import Feedback
from mtjlab.analysis.operating_point.leakage_bound import LeakageBound
from mtjlab.analysis.operating_point.suppression_theory import spread_goodness, suppression

BLOCK = 2500
SLOPE = 2.0


def steer(blocks, constant, drift=0.0, *, sacrificed=0, seed=1, gain_error=1.0, resolution=0.0):
    """Steer a device whose P drifts by `drift` a bit; return the true P and the ones of each block."""
    rng = np.random.default_rng(seed)
    feedback = Feedback(1.25, SLOPE * gain_error, constant=constant, low=0.5, high=2.0, resolution=resolution)
    true_p, ones = np.empty(blocks), np.empty(blocks)
    for k in range(blocks):
        true_p[k] = 0.5 + SLOPE * (feedback.setting - 1.25) + drift * BLOCK * k
        ones[k] = rng.binomial(BLOCK, true_p[k])
        if sacrificed:
            feedback.update(sacrificed, int(rng.binomial(sacrificed, true_p[k])))
        else:
            feedback.update(BLOCK, int(ones[k]))
    return true_p, ones


def test_the_steering_scatters_p_by_one_over_the_root_of_eight_constants():
    true_p, _ = steer(40_000, 50_000)
    deviation = true_p[100:].std()
    # With 20 blocks a constant the blocks' own correction is 1/(1 - n/2T); 1,000 independent stretches of 2 T.
    expected = 1 / math.sqrt(8 * 50_000 * (1 - BLOCK / (2 * 50_000)))
    assert deviation == pytest.approx(expected, rel=3 / math.sqrt(2 * 1000))


def test_a_drift_leaves_its_lag():
    drift = 3e-9
    free = 0.5 + drift * BLOCK * np.arange(4000)
    assert free[-1] - 0.5 > 0.02
    true_p, _ = steer(4000, 100_000, drift)
    # 1e7 bits hold 50 independent stretches of the scatter.
    lag = true_p[200:].mean() - 0.5
    assert lag == pytest.approx(drift * 100_000, abs=4 / math.sqrt(8 * 100_000) / math.sqrt(50))


@pytest.mark.parametrize("gain_error", [0.6, 1.0, 1.8])
def test_it_is_stable_with_a_wrong_slope_and_a_strong_drift(gain_error):
    true_p, _ = steer(4000, 20_000, 1e-7, gain_error=gain_error)
    scatter = 1 / math.sqrt(8 * 20_000 * gain_error)
    assert np.abs(true_p[100:] - 0.5 - 1e-7 * 20_000 * gain_error).max() < 6 * scatter


@pytest.mark.parametrize("constant", [1e5, 1e6])
def test_bits_that_steer_their_source_are_too_fair_by_what_the_formula_says(constant):
    blocks_a_window = 400  # a million bits
    _, ones = steer(400 * blocks_a_window, constant, seed=4)
    share = ones.reshape(-1, blocks_a_window).sum(axis=1)[10:] / 1e6
    measured = share.std() / (0.5 / 1000)
    assert measured == pytest.approx(suppression(1e6, constant), rel=4 / math.sqrt(2 * 390))


def test_bits_steered_by_sacrificed_pulses_are_as_fair_as_they_should_be():
    # The scatter of P by the steering adds to that of the bits: what is kept at 1 is the bits' own.
    blocks_a_window = 40
    true_p, ones = steer(400 * blocks_a_window, 1e6, sacrificed=250, seed=5)
    own = (ones - BLOCK * true_p).reshape(-1, blocks_a_window).sum(axis=1) / math.sqrt(blocks_a_window * BLOCK)
    assert own.std() / 0.5 == pytest.approx(1.0, rel=4 / math.sqrt(2 * 400))
    # And over windows below the constant the whole is no less than fair.
    whole = ones.reshape(-1, blocks_a_window).sum(axis=1).std() / (0.5 * math.sqrt(blocks_a_window * BLOCK))
    assert whole > 1 - 4 / math.sqrt(2 * 400)


@pytest.mark.parametrize(("window", "sacrificed"), [(40, 833), (400, 833), (40, 2500)])
def test_bits_steered_by_others_scatter_more_than_chance_by_what_the_formula_says(window, sacrificed):
    constant, share = 1e5, sacrificed / BLOCK
    _, ones = steer(400 * window, constant * share, sacrificed=sacrificed, seed=7)
    squares = (ones - BLOCK / 2).reshape(-1, window).sum(axis=1) ** 2 / (window * BLOCK / 4)
    # Neighbouring windows are correlated by .3: 400 of them are worth some 320.
    theory = suppression(window * BLOCK, constant, BLOCK, share) ** 2
    assert squares.mean() == pytest.approx(theory, rel=4 * math.sqrt(2 / 320))
    assert theory > 1.3
    assert suppression(window * BLOCK, constant, 1e-3, share) ** 2 == pytest.approx(
        1 + (window / 40 - 1 + math.exp(-window / 40)) / (share * window / 40), rel=1e-3
    )


@pytest.mark.parametrize("sacrificed", [0, 833])
def test_the_goodness_of_the_spread_is_fair_and_finds_another_slope(sacrificed):
    share = sacrificed / BLOCK

    def p_value(seed, gain_error):
        _, ones = steer(40 * 60, 1e5 * (share or 1.0), sacrificed=sacrificed, seed=seed, gain_error=gain_error)
        windows = (ones - BLOCK / 2).reshape(60, 40).sum(axis=1)[2:] / math.sqrt(1e5 / 4)
        return spread_goodness(windows.tolist(), suppression(1e5, 1e5, BLOCK, share)).p_value

    p = np.array([p_value(seed, 1.0) for seed in range(120)])
    # Binomial: 12 of 120 below a tenth, 3.3 standard deviation.
    assert 2 <= np.count_nonzero(p < 0.1) <= 25
    # A slope of a quarter of the true one: the loop is four times as fast.
    assert min(p_value(seed, 0.25) for seed in range(8)) < 1e-3


def test_p_stays_within_the_bound_at_every_pulse():
    drift, resolution, constant = 3e-9, 1e-3, 1e5
    true_p, _ = steer(4000, constant, drift, seed=6, resolution=resolution)
    bound = LeakageBound.of(constant=constant, bits=1e7, drift=drift, slope=SLOPE, resolution=resolution, states=0.0)
    assert np.abs(true_p[200:] - 0.5).max() < bound.deviation
    assert bound.min_entropy > 0.97


def test_the_bound_costs_what_it_must():
    bound = LeakageBound(lag=0.001, estimation=0.002, resolution=0.0, states=0.007)
    assert bound.deviation == pytest.approx(0.01)
    assert bound.min_entropy == pytest.approx(-math.log2(0.51))
    assert LeakageBound(0.3, 0.3, 0.0, 0.0).min_entropy == 0.0


def test_a_coarse_setting_is_right_on_average():
    dithered, rng = DitheredSetting(0.01), np.random.default_rng(2)
    wanted = 1.25 + np.cumsum(rng.normal(0, 1e-4, 10_000))
    given = np.array([dithered.next(value) for value in wanted])
    assert np.abs(np.cumsum(given - wanted)).max() <= 0.005 + 1e-9
    assert np.allclose(given / 0.01, np.round(given / 0.01))


def test_at_the_end_of_its_range_it_stays_and_says_so():
    feedback = Feedback(1.25, SLOPE, constant=1000, low=1.2, high=1.26)
    for _ in range(20):
        feedback.update(500, 0)
    assert feedback.setting == 1.26
    assert feedback.saturated
    feedback.update(500, 260)
    assert feedback.setting < 1.26
    assert not feedback.saturated


def test_an_actuator_without_authority_is_refused():
    with pytest.raises(ValueError, match="no authority"):
        Feedback(1.25, 0.0, constant=1e5, low=1.2, high=1.3)
    with pytest.raises(ValueError, match="outside its range"):
        Feedback(1.5, 1.0, constant=1e5, low=1.2, high=1.3)
    with pytest.raises(ValueError, match="cannot have switched"):
        Feedback(1.25, 1.0, constant=1e5, low=1.2, high=1.3).update(10, 11)
