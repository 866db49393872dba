"""The integration time of a read follows from the levels and their noise."""

import math

import numpy as np
import pytest

from mtjlab.analysis.readout.integration import MARGIN, read_integration
from mtjlab.analysis.readout.state_levels import StateLevels


def levels(separation):
    return StateLevels(1.0 + 2 * separation, 1.0, 1.0, 1.0)


@pytest.mark.parametrize("error", [1e-3, 1e-6, 1e-9])
def test_white_noise_is_averaged_until_the_error_holds(error):
    cycles = read_integration(levels(2.0), 0.01, error)
    # Noise falls as the root of the time.
    separation = 2.0 * math.sqrt(cycles / MARGIN / 0.01)
    assert 0.5 * math.erfc(separation / math.sqrt(2)) == pytest.approx(error, rel=1e-6)


def test_what_is_good_enough_stays():
    assert read_integration(levels(5.0), 0.02, 1e-6) == 0.02


def test_the_promise_is_kept_by_readings_of_that_time():
    random = np.random.default_rng(5)

    def readings(cycles, count):
        states = random.integers(0, 2, count)
        return states, np.where(states == 0, 5.0, 0.0) + 10 + random.standard_normal(count) * math.sqrt(0.01 / cycles)

    _, first = readings(0.01, 2500)
    cycles = read_integration(StateLevels.fit(first), 0.01, 1e-4)
    states, then = readings(cycles, 1_000_000)
    wrong = np.count_nonzero(StateLevels.fit(then[:2500]).states(then) != states)
    assert wrong <= 100 + 5 * 10  # 1e-4 of a million and five standard deviations
    assert cycles < 0.1  # and not by reading for ever


def test_what_no_time_helps_is_said_with_numbers():
    with pytest.raises(ValueError, match=r"read error = 1e-12: takes .* cycles a read and a source-meter has 10"):
        read_integration(levels(2.0), 5.0, 1e-12)
