"""The field of the current, from loops of the resistance in a field across the bar."""

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.current_induced_field import CurrentInducedField, oersted_field
from mtjlab.analysis.spin_orbit_torque.damping_like import threshold_from_coercive_shifts
from mtjlab.analysis.spin_orbit_torque.field_loops import FieldLoops


def test_the_field_like_torque_is_what_oersted_leaves(make_bar):
    loops = FieldLoops.fit(*make_bar(1, canting=0.05).loops(), along=0.006)
    found = CurrentInducedField.fit(loops, oersted_field(4e-6, metal_below=False))
    assert found.is_there
    assert found.per_ampere.value == pytest.approx(1.5, abs=3 * found.per_ampere.uncertainty)
    assert found.field_like.value == pytest.approx(found.per_ampere.value - 0.15708, abs=1e-5)
    assert loops.anisotropy_field.value == pytest.approx(0.03, abs=4 * loops.anisotropy_field.uncertainty)


def test_the_damping_like_torque_moves_the_jumps_and_not_the_curve(make_bar):
    bar = make_bar(2, damping_like=0.6, noise=0.005)
    loops = FieldLoops.fit(*bar.loops(along=0.003, points=81), along=0.003)
    found = CurrentInducedField.fit(loops)
    assert found.per_ampere.value == pytest.approx(1.5, abs=3 * found.per_ampere.uncertainty)
    slope = np.polyfit(loops.currents, loops.coercive_shifts, 1)[0]
    assert slope == pytest.approx(-0.6, abs=0.25)
    errors = np.full(4, 0.03 * 0.03)
    threshold = threshold_from_coercive_shifts(loops.currents, loops.coercive_shifts, errors, 0.015, 0.03)
    assert threshold.low < 0.0125 < threshold.high


def test_a_type_x_bar_turns_between_two_kinks(make_bar):
    loops = FieldLoops.fit(*make_bar(3, anisotropy=-0.03, umr=0.1).loops(along=0.0))
    found = CurrentInducedField.fit(loops)
    assert found.per_ampere.value == pytest.approx(1.5, abs=3 * found.per_ampere.uncertainty)
    np.testing.assert_allclose(loops.features.mean(axis=1), -1.5 * loops.currents, atol=5e-4)
    np.testing.assert_allclose(loops.coercive_fields, 0.03, atol=5e-4)


def test_without_a_current_nothing_moves():
    rng = np.random.default_rng(4)
    found = CurrentInducedField.of_shifts([-1e-3, 0.0, 1e-3], rng.normal(0, 1e-5, 3), np.full(3, 1e-10))
    assert not found.is_there


@pytest.mark.parametrize("changed", [{}, {"amr": 0.0, "canting": 0.3}])
def test_a_perfectly_aligned_bar_shows_no_features(make_bar, changed):
    with pytest.raises(ValueError, match=r"no features.*tilt the field by some degrees or add a small field along"):
        FieldLoops.fit(*make_bar(5, **changed).loops(along=0.0, sizes=(5e-3,)))


def test_an_open_contact_is_a_diagnosis(make_bar):
    currents, fields, ohms = make_bar(6).loops(sizes=(5e-3,))
    with pytest.raises(ValueError, match="contact is open"):
        FieldLoops.fit(currents, fields, np.full_like(ohms, np.inf))


def test_oersteds_field_under_a_strip_falls_with_its_width():
    assert oersted_field(5e-6) == pytest.approx(-0.1257, rel=1e-3)
    assert oersted_field(5e-6, share=0.5, metal_below=False) == pytest.approx(0.0628, rel=1e-3)
    with pytest.raises(ValueError, match="width"):
        oersted_field(0.0)
