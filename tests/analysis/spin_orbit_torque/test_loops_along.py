"""Loops in a field along the bar, while one across it is held: the current's field adds to that."""

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.current_induced_field import CurrentInducedField
from mtjlab.analysis.spin_orbit_torque.field_loops import FieldLoops
from mtjlab.core import FitError

HELD = 9e-3


def loops_along(bar, held=HELD, sizes=(2e-3, 5e-3), points=41, largest=0.06, coercive=0.004):
    """Sweep Hx from negative saturation up and down; the jump of each way comes at the coercive field."""
    currents = np.array([*sizes, *(-size for size in sizes)])
    up = np.linspace(-largest, largest, points)
    fields = np.empty((currents.size, 1, 2, points))
    ohms = np.empty_like(fields)
    for k, way in np.ndindex(currents.size, 2):
        sign = 1 - 2 * way
        fields[k, 0, way] = up[::sign]
        begin = np.where(up[::sign] > sign * coercive, 1e-3, np.pi - 1e-3)
        ohms[k, 0, way] = bar.resistance(up[::sign], held, currents[k], begin)
    return currents, fields, ohms


@pytest.mark.parametrize("held", [HELD, -HELD])
def test_the_field_of_the_current_stiffens_a_type_y_bar(make_bar, held):
    """The cosine is Hx/(Bk + |Hy + s|): the sign of h comes out right for both signs of the field held."""
    loops = FieldLoops.fit(*loops_along(make_bar(1, noise=0.005), held), across=held)
    found = CurrentInducedField.fit(loops)
    assert found.per_ampere.value == pytest.approx(1.5, abs=3 * found.per_ampere.uncertainty)
    assert found.per_ampere.uncertainty < 0.3
    assert loops.anisotropy_field.value == pytest.approx(0.03, abs=4 * loops.anisotropy_field.uncertainty)
    # The features are the ends of the hard axis, and the current moves neither.
    np.testing.assert_allclose(loops.features, np.tile([[1, -1]], (4, 1)) * loops.anisotropy_field.value)
    assert np.isnan(loops.coercive_shifts).all()


def test_a_type_x_bar_jumps_and_its_wells_are_tilted(make_bar):
    bar = make_bar(2, anisotropy=-0.03, canting=0.3, noise=0.005)
    loops = FieldLoops.fit(*loops_along(bar), across=HELD)
    found = CurrentInducedField.fit(loops)
    assert found.per_ampere.value == pytest.approx(1.5, abs=3 * found.per_ampere.uncertainty)
    assert loops.canting.value == pytest.approx(0.3, abs=4 * loops.canting.uncertainty)
    # Its jumps are found between two readings; the current's field across the bar does not move their middle.
    np.testing.assert_allclose(loops.coercive_fields, 0.004, atol=0.003)
    np.testing.assert_allclose(loops.coercive_shifts, 0.0, atol=0.003)


def test_a_misalignment_that_is_told_is_in_the_fit(make_bar):
    """Both coils turned by 2 degrees, from x to y."""
    bar, turned = make_bar(3), np.radians(2)
    currents, fields, _ = loops_along(bar)
    along = fields * np.cos(turned) - HELD * np.sin(turned)
    across = HELD * np.cos(turned) + fields * np.sin(turned)
    ohms = [bar.resistance(along[k], across[k], i, np.pi / 2) for k, i in enumerate(currents)]
    told = FieldLoops.fit(currents, fields, ohms, misalignment=turned, across=HELD)
    found = CurrentInducedField.fit(told)
    assert found.per_ampere.value == pytest.approx(1.5, abs=3 * found.per_ampere.uncertainty)
    assert told.canting.value == pytest.approx(0.0, abs=4 * told.canting.uncertainty)


def test_without_a_field_across_there_is_no_sign(make_bar):
    with pytest.raises(
        FitError, match=r"no field across the bar.*both signs of the current's field make the same curve"
    ):
        FieldLoops.fit(*loops_along(make_bar(4), 0.0), across=0.0)


def test_a_bar_without_amr_shows_no_features(make_bar):
    with pytest.raises(FitError, match="no features"):
        FieldLoops.fit(*loops_along(make_bar(5, amr=0.0, umr=0.0)), across=HELD)


def test_the_curves_follow_the_readings(make_bar):
    bar = make_bar(6)
    currents, fields, ohms = loops_along(bar)
    loops = FieldLoops.fit(currents, fields, ohms, across=HELD)
    assert loops.curves().shape == fields.shape
    assert (ohms - loops.curves()).std() == pytest.approx(bar.noise, rel=0.2)
