"""The bar's magnet under a current: where precession begins to grow, what reverses it, and how the two models meet."""

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarMacrospin, BarParameters, SimulatedBar


def without_field(**changes):
    """Without field-like torque, in a bar so wide that its Oersted field does not matter."""
    return BarParameters.model_validate({"easy_axis_tilt": 0.0, "width": 1e-3, "torque": {"field_like": 0.0}} | changes)


@pytest.mark.parametrize("damping", [0.02, 0.05, 0.1])
def test_precession_grows_from_the_textbook_current_on(damping):
    """Jc0 = (2e/ħ)·Ms·t·α·(Bk + Beff/2)/ξ_DL, Bk the anisotropy field; without heat."""
    bar = without_field(damping=damping)
    macrospin = BarMacrospin(bar)
    assert macrospin.onset_current() == pytest.approx(bar.onset_current, rel=0.03)
    assert macrospin.growth_rate(0.97 * bar.onset_current) < 0 < macrospin.growth_rate(1.03 * bar.onset_current)


def test_growth_below_the_onset_is_the_damping():
    """Without current, precession decays at αγ(Bk + Beff/2)."""
    bar = without_field()
    rate = 0.02 * 1.76e11 * (bar.anisotropy_field + bar.demagnetising_field / 2)
    assert BarMacrospin(bar).growth_rate(0.0) == pytest.approx(-rate, rel=0.03)


def test_reversal_takes_a_quarter_more():
    bar = without_field()
    assert BarMacrospin(bar).reversal_current(tolerance=0.02) / bar.onset_current == pytest.approx(1.24, abs=0.05)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_of_the_current_decides_the_state_of_a_type_y_bar(sign):
    for width in (50e-9, 1e-6):
        bar = SimulatedBar(BarParameters(), seed=1)
        for _ in range(3):
            bar.pulse(-sign * 1.5 * bar.parameters.onset_current, width)
            bar.pulse(sign * 1.5 * bar.parameters.onset_current, width)
            assert np.sign(bar.m[1]) == sign
