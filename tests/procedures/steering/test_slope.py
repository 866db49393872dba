"""The slope of P(switch) by a setting is measured to the error that is given with it."""

import math

import numpy as np
import pytest

from mtjlab.core.errors import InputError
from mtjlab.procedures.steering.slope import PROBED, SettingRange, measure_slope

RANGE = SettingRange(1.25, 1.15, 1.35)


def test_measured_slopes_scatter_about_the_true_one_as_their_errors_say(device):
    off = []
    for seed in range(200):
        linear = device(slope=2.0, seed=seed)
        slope = measure_slope(linear, RANGE, linear.count)
        off.append((slope.value - 2.0) / slope.error)
    # P is .5 ± .05 on the two sides: the error that assumes a half is 1 % too large. It stops early where the slope
    # is seen too steep, which is one in none: a block either side says more than a tenth already.
    assert abs(np.mean(off)) < 4 / math.sqrt(200)
    assert np.var(off) == pytest.approx(0.99, abs=4 * math.sqrt(2 / 200))


def test_a_steady_drift_falls_out(device):
    linear = device(slope=2.0, drift=1e-6, seed=None, block=1_000_000)
    assert measure_slope(linear, RANGE, linear.count).value == pytest.approx(2.0, abs=1e-4)


def test_the_slope_is_taken_over_the_middle_half_of_the_range(device):
    linear = device(slope=-3.0)
    assert measure_slope(linear, RANGE, linear.count).value < 0
    assert sorted(set(linear.made)) == pytest.approx([1.225, 1.275])


def test_a_setting_that_p_does_not_follow_is_refused_after_all_pulses(device):
    plateau = device(slope=0.0)
    with pytest.raises(InputError, match=r"P\(switch\) follows the amplitude by .* 1/V only, from 1\.225 to 1\.275 V"):
        measure_slope(plateau, RANGE, plateau.count)
    assert plateau.pulses == 2 * PROBED
