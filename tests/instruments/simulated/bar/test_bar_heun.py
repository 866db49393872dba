"""The kernel of the bar's magnet beside the same equation written down with vectors."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mtjlab.instruments.simulated import BarMacrospin, BarParameters

GYROMAGNETIC_RATIO = 1.76e11


def slope(bar, m, current, field):
    """Give dm/dt of the Gilbert form, solved for dm/dt, with the damping-like torque as a torque of its own."""
    easy = np.array([math.cos(bar.easy_angle), math.sin(bar.easy_angle), 0.0])
    y = np.array([0.0, 1.0, 0.0])
    acting = np.array(field) + bar.field_per_current * current * y
    acting += bar.anisotropy_field * (m @ easy) * easy - np.array([0.0, 0.0, bar.demagnetising_field * m[2]])
    torque = -GYROMAGNETIC_RATIO * np.cross(m, acting)
    torque -= GYROMAGNETIC_RATIO * bar.push_per_current * current * np.cross(m, np.cross(m, y))
    # dm = T + α m×dm has, for T and dm across m, the solution (T + α m×T)/(1 + α²).
    return (torque + bar.damping * np.cross(m, torque)) / (1 + bar.damping**2)


@pytest.mark.parametrize("current", [0.0, 2e-3, -5e-3])
@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_path_without_heat_is_that_of_a_solver_of_high_order(axis, current):
    bar = BarParameters(easy_axis=axis, easy_axis_tilt=0.2, damping=0.05)
    field, start = (2e-3, -1e-3, 0.05), np.array([0.6, -0.64, 0.48])
    exact = solve_ivp(
        lambda _, m: slope(bar, m, current, field), (0.0, 1e-9), start, method="DOP853", rtol=1e-10, atol=1e-12
    ).y[:, -1]
    found = BarMacrospin(bar).advance(start, 1e-9, current=current, field=field, temperature=0.0, dt=0.1e-12)
    assert found[0] == pytest.approx(exact, abs=2e-5)


def test_a_smaller_step_is_better_by_its_square():
    bar, start = BarParameters(damping=0.05), np.array([0.6, -0.64, 0.48])
    ends = [
        BarMacrospin(bar).advance(start, 1e-9, current=2e-3, temperature=0.0, dt=step)[0]
        for step in (2e-12, 1e-12, 0.1e-12)
    ]
    coarse, fine = (np.linalg.norm(end - ends[2]) for end in ends[:2])
    assert coarse / fine == pytest.approx(4, rel=0.25)


def test_many_macrospins_are_as_many_alone():
    """Without heat each goes its own way."""
    bar = BarParameters()
    starts = np.array([[1.0, 0.0, 0.0], [0.6, -0.8, 0.0], [0.0, 0.6, 0.8]])
    together = BarMacrospin(bar).advance(starts, 0.5e-9, current=3e-3, temperature=0.0)
    for start, end in zip(starts, together, strict=True):
        alone = BarMacrospin(bar).advance(start, 0.5e-9, current=3e-3, temperature=0.0)
        assert np.array_equal(alone[0], end)


def test_the_length_stays_one_in_heat():
    macrospin = BarMacrospin(BarParameters(), seed=1)
    m = macrospin.advance(macrospin.start(50, 0), 1e-9, current=3e-3)
    assert np.linalg.norm(m, axis=1) == pytest.approx(1.0, abs=1e-12)


def test_a_seed_gives_the_same_heat_again():
    starts = BarMacrospin(BarParameters(), seed=3).start(5, 0)
    ends = [BarMacrospin(BarParameters(), seed=4).advance(starts, 1e-9) for _ in range(2)]
    assert np.array_equal(*ends)
    assert not np.array_equal(ends[0], BarMacrospin(BarParameters(), seed=5).advance(starts, 1e-9))


def test_no_time_is_no_change():
    assert BarMacrospin(BarParameters()).advance([[0.0, 1.0, 0.0]], 0.0).tolist() == [[0.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"duration": 1e-9, "dt": 0.0}, "give positive times"),
        ({"duration": -1e-9}, "give positive times"),
        ({"duration": 1e-9, "field": (0.0, 0.0, 5.0)}, "is too long for fields of 5"),
    ],
)
def test_times_and_steps_that_do_not_do_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        BarMacrospin(BarParameters(), seed=1).advance([[0.0, 1.0, 0.0]], **arguments)


@pytest.mark.parametrize("changes", [{"torque": {"damping_like": 0.0}}, {"easy_axis": "x", "easy_axis_tilt": 0.0}])
def test_a_bar_in_which_nothing_grows_has_no_onset(changes):
    with pytest.raises(ValueError, match="nothing grows in this bar"):
        BarMacrospin(BarParameters.model_validate(changes)).onset_current()
