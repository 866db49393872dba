"""What the tally of a steered stream says of the difference between the states, and of windows of bits."""

import math

import numpy as np
import pytest

from mtjlab.procedures.steering.leakage_tally import LeakageTally


def test_half_the_difference_of_the_states_comes_with_three_standard_errors():
    tally = LeakageTally(1e6)
    tally.count_pulses(0, 4000, 2080)
    assert tally.between_states == 0.0  # of the other state nothing is known
    tally.count_pulses(1, 2000, 1000)
    error = math.sqrt(0.52 * 0.48 / 4000 + 0.25 / 2000)
    assert tally.between_states == pytest.approx((0.02 + 3 * error) / 2)


def test_the_worst_window_of_five_loop_constants_counts():
    tally = LeakageTally(1000)
    seen = []
    for ones in (520, 560, 500):  # of 1000 pulses from P; from AP it is always a half
        for _ in range(3):
            tally.count_pulses(0, 1000, ones)
            tally.count_pulses(1, 1000, 500)
            seen.append(tally.between_states)
    worst = (0.06 + 3 * math.sqrt(0.56 * 0.44 / 3000 + 0.25 / 2000)) / 2
    assert seen[2] < seen[5] == seen[8]
    assert seen[8] == pytest.approx(worst, rel=0.1)


def test_pulses_at_other_settings_are_forgotten_and_windows_are_not():
    tally = LeakageTally(100)
    tally.count_output(100, 60)
    for _ in range(10):
        tally.count_pulses(0, 100, 90)
        tally.count_pulses(1, 100, 10)
    assert tally.between_states > 0.4
    tally.forget_pulses()
    assert tally.between_states == 0.0
    assert tally.deviations == [2.0]


def test_windows_of_fair_bits_deviate_as_a_standard_normal():
    tally, random = LeakageTally(10_000), np.random.default_rng(5)
    for ones in random.binomial(2500, 0.5, 4 * 400):
        tally.count_output(2500, int(ones))
    assert len(tally.deviations) == 400
    assert abs(np.mean(tally.deviations)) < 4 / 20
    assert np.var(tally.deviations) == pytest.approx(1.0, abs=4 * math.sqrt(2 / 400))
