"""The energy in the plane: wells, saddles, and what a current makes of them."""

import math

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarParameters, Landscape, load_bar

NONE = (0.0, 0.0, 0.0)


def aligned(axis="y", **changes):
    return BarParameters.model_validate({"easy_axis": axis, "easy_axis_tilt": 0.0} | changes)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.95])
def test_a_field_along_the_easy_axis_lowers_the_barrier_as_the_textbook_says(share):
    """Stoner and Wohlfarth: (Bk/2)·(1 - B/Bk)² from the state against the field, (1 + B/Bk)² from the other."""
    bar = aligned()
    wells = Landscape(bar, (0.0, share * bar.anisotropy_field, 0.0), 0.0).wells
    against, along = (wells[0], wells[1])
    half = bar.anisotropy_field / 2
    assert against.barriers == pytest.approx([half * (1 - share) ** 2] * 2, rel=1e-9)
    assert along.barriers == pytest.approx([half * (1 + share) ** 2] * 2, rel=1e-9)
    assert along.curvature == pytest.approx(bar.anisotropy_field * (1 + share))


def test_beyond_the_anisotropy_field_one_state_is_left():
    bar = aligned()
    landscape = Landscape(bar, (0.0, 1.01 * bar.anisotropy_field, 0.0), 0.0)
    assert [well.angle for well in landscape.wells] == [pytest.approx(math.pi / 2)]
    assert landscape.saddles == []
    assert landscape.well_of(-1.5) == 0


def test_a_field_across_turns_both_states_towards_it():
    """The sine of the angle is B/Bk."""
    bar = aligned()
    wells = Landscape(bar, (3e-3, 0.0, 0.0), 0.0).wells
    assert [math.cos(well.angle) for well in wells] == pytest.approx([0.3, 0.3])


@pytest.mark.parametrize("angle", np.linspace(-3.1, 3.1, 13))
def test_the_switching_field_is_that_of_the_astroid(angle):
    """Bk·(cos^(2/3) + sin^(2/3))^(-3/2) at an angle from the easy axis."""
    bar = aligned("x")
    edge = bar.anisotropy_field * (abs(math.cos(angle)) ** (2 / 3) + abs(math.sin(angle)) ** (2 / 3)) ** -1.5
    for factor, states in ((0.995, 2), (1.005, 1)):
        field = (factor * edge * math.cos(angle), factor * edge * math.sin(angle), 0.0)
        assert len(Landscape(bar, field, 0.0).wells) == states


def test_a_magnetisation_falls_into_the_well_on_its_side_of_the_saddle():
    landscape = Landscape(aligned(), NONE, 0.0)
    assert [landscape.well_of(angle) for angle in (-3.0, -0.1, 0.1, 3.0)] == [0, 0, 1, 1]
    assert landscape.well_of(0.1 + 2 * math.pi) == 1


def test_the_wells_are_the_minima_of_the_energy():
    """Against a search on a grid, for fields and currents drawn at random."""
    rng = np.random.default_rng(1)
    grid = np.linspace(-math.pi, math.pi, 721)[:-1]
    for _ in range(60):
        bar = BarParameters(easy_axis=str(rng.choice(["x", "y"])), easy_axis_tilt=float(rng.uniform(-0.7, 0.7)))
        field = tuple(float(each) for each in rng.normal(0, 4e-3, 3))
        landscape = Landscape(bar, field, float(rng.normal(0, 5e-3)))
        energies = np.array([landscape.energy(angle) for angle in grid])
        lowest = grid[(energies < np.roll(energies, 1)) & (energies <= np.roll(energies, -1))]
        assert len(lowest) == len(landscape.wells)
        assert [well.angle for well in landscape.wells] == pytest.approx(lowest, abs=0.01)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_torque_takes_the_hold_of_one_state_and_gives_it_to_the_other(sign):
    bar = aligned(torque={"field_like": 0.0})
    down, up = Landscape(bar, NONE, sign * 0.5 * bar.onset_current).wells
    assert (down.hold, up.hold) == (pytest.approx(1 - sign * 0.5, abs=0.03), pytest.approx(1 + sign * 0.5, abs=0.03))


def test_a_metal_above_the_magnet_turns_all_fields_of_the_current_round():
    below, above = aligned(), aligned(torque={"metal": "above"})
    for name in ("push_per_current", "oersted_per_current", "field_like_per_current", "field_per_current"):
        assert getattr(above, name) == -getattr(below, name)
    assert below.push_per_current > 0 > below.oersted_per_current  # W's spin Hall angle is negative, Oersted is not


def test_pt_and_w_push_to_opposite_sides():
    assert load_bar("pt-cofeb").push_per_current < 0 < load_bar("w-cofeb").push_per_current


def test_a_current_turns_the_easy_axis_of_type_x_once_b_squared_is_bk_beff():
    bar = aligned("x", torque={"field_like": 0.0})
    edge = math.sqrt(bar.anisotropy_field * bar.demagnetising_field) / bar.push_per_current
    oersted = bar.oersted_per_current * edge  # turns the states towards -y meanwhile
    below, above = (Landscape(bar, (0.0, -oersted * each, 0.0), each * edge) for each in (0.95, 1.05))
    assert min(abs(math.cos(well.angle)) for well in below.wells) > 0.9
    assert max(abs(math.cos(well.angle)) for well in above.wells) < 1e-6


def test_a_field_out_of_the_plane_tilts_the_magnetisation_by_its_share_of_the_demagnetisation():
    bar = aligned()
    landscape = Landscape(bar, (0.0, 0.0, 41e-3), 0.0)
    m = landscape.magnetisation(landscape.wells[1].angle)
    assert m[2] == pytest.approx(41e-3 / (0.4 + 0.01))
    assert np.linalg.norm(m) == pytest.approx(1)


def test_a_field_far_above_the_demagnetisation_leaves_a_unit_vector():
    landscape = Landscape(aligned(), (0.0, 0.0, 5.0), 0.0)
    assert landscape.magnetisation(1.0).tolist() == [0.0, 0.0, 1.0]
