"""Pictures of a bar: panels with a fit and without, and what stands on their axes."""

import io

import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.plots import field_shift_plot, harmonic_plot, turn_plot, umr_plot, umr_turn_plot
from mtjlab.analysis.plots.bar_switching import phase_map_plot, switching_loop_plot, write_plot
from mtjlab.analysis.spin_orbit_torque import (
    AngleDependence,
    CurrentInducedField,
    FieldLoops,
    HarmonicAngle,
    SwitchingPhaseMap,
    UnidirectionalMagnetoresistance,
    UnidirectionalTurn,
)
from mtjlab.core import Quantity

ANGLES = np.linspace(0, 2 * np.pi, 25)


def shape(png):
    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        return picture.size


def differ(one, other):
    """Tell how many pixels of two pictures of one size differ."""
    first, second = (np.asarray(Image.open(io.BytesIO(each)).convert("L"), int) for each in (one, other))
    return int((np.abs(first - second) > 30).sum())


@pytest.fixture(scope="module")
def turn():
    rng = np.random.default_rng(1)
    return 500 + np.cos(ANGLES) ** 2 + rng.normal(0, 0.01, ANGLES.size)


def test_a_turn_is_drawn_without_its_fit_and_with(turn):
    fitted = AngleDependence.fit(ANGLES, turn, 0.1)
    plain, whole = turn_plot(ANGLES, turn, None, "turn"), turn_plot(ANGLES, turn, fitted, "turn")
    assert shape(plain) == shape(whole)
    assert differ(plain, whole) > 500  # the curve and the axis of the bar


def test_umr_of_a_turn_has_a_second_panel_with_its_fit(turn):
    half = 0.2 * np.sin(ANGLES)
    fields = np.repeat([0.05, 0.1], 25)
    angles, even, odd = np.tile(ANGLES, 2), np.tile(turn, 2), np.tile(half, 2)
    found = UnidirectionalTurn.fit(fields, angles, even + odd, even - odd, 1e-3)
    plain = umr_turn_plot(fields, angles, odd, None, "umr")
    whole = umr_turn_plot(fields, angles, odd, found, "umr")
    assert shape(whole) == shape(plain)
    assert differ(plain, whole) > 3000


def test_one_field_is_drawn_once(turn):
    half = 0.2 * np.sin(ANGLES)
    once = umr_turn_plot(np.full(25, 0.1), ANGLES, half, None, "umr")
    twice = umr_turn_plot(np.repeat([0.05, 0.1], 25), np.tile(ANGLES, 2), np.tile(half, 2), None, "umr")
    assert differ(once, twice) > 100


@pytest.mark.parametrize("axis", ["across", "along"])
def test_the_axis_of_the_loops_is_on_the_picture(axis):
    way = np.linspace(-0.03, 0.03, 24)
    fields = np.tile(np.concatenate([way, way[::-1]]), 2)
    currents = np.repeat([1e-3, -1e-3], 48)
    ohms = 500 - (fields / 0.03) ** 2
    across = field_shift_plot(currents, fields, ohms, None, None, "loops")
    drawn = field_shift_plot(currents, fields, ohms, None, None, "loops", axis=axis)
    assert (differ(across, drawn) > 0) == (axis == "along")


def test_loops_with_their_fit_show_the_shift_as_well():
    way = np.linspace(-0.03, 0.03, 24)
    fields = np.broadcast_to(np.stack([way, way[::-1]]), (4, 1, 2, 24))
    currents = np.array([1e-3, -1e-3, 2e-3, -2e-3])
    reach = 0.02 + np.abs(3e-3 + currents)[:, None, None, None]
    ohms = 500 + np.clip(fields / reach, -1, 1) ** 2 + np.random.default_rng(2).normal(0, 1e-3, fields.shape)
    loops = FieldLoops.fit(currents, fields, ohms, across=3e-3)
    line = CurrentInducedField.fit(loops)
    flat = (np.repeat(currents, 48), fields.ravel(), ohms.ravel())
    plain, whole = field_shift_plot(*flat, None, None, "loops"), field_shift_plot(*flat, loops, line, "loops")
    assert differ(plain, whole) > 3000


def test_the_harmonics_follow_their_curve(turn):
    second = 1e-6 * np.sin(ANGLES)
    found = HarmonicAngle.fit(ANGLES, turn * 1e-3, second, 1e-3, 0.1)
    plain = harmonic_plot(ANGLES, second, None, 1e-3, "second")
    assert differ(plain, harmonic_plot(ANGLES, second, found, 1e-3, "second")) > 300


def test_a_ratio_is_drawn_with_its_power():
    rows = [
        (s * i, d, 500 + 50 * i * s * d) for i in (1e-3, 2e-3, 4e-3) for _ in range(3) for s in (1, -1) for d in (1, -1)
    ]
    rng = np.random.default_rng(3)
    currents, sides, ohms = np.array(rows).T
    found = UnidirectionalMagnetoresistance.analyse(currents, sides, ohms + rng.normal(0, 1e-3, ohms.size))
    law = found.power_law()
    assert law.exponent.value == pytest.approx(1.0, abs=0.05)
    assert differ(umr_plot(found, None, "ratio"), umr_plot(found, law, "ratio")) > 300


def test_pulses_are_drawn_with_what_tells_the_states_apart():
    currents, signals = np.tile([1e-3, -1e-3], 10), np.tile([0.1, -0.1], 10)
    assert differ(write_plot(currents, signals, None, "w"), write_plot(currents, signals, 0.0, "w")) > 50


def test_a_switching_loop_has_its_law_beside_it():
    up = np.linspace(0, 2e-3, 11)
    currents = np.concatenate([up, up[::-1], -up, -up[::-1]])
    signals, widths = np.sign(currents), np.full(currents.size, 1e-4)
    alone = switching_loop_plot(currents, signals, widths, [], None, "loop")
    settings = [(1e-4, Quantity(1.5e-3, 2e-5, "A"))]
    law = (np.array([5e-5, 2e-4]), np.array([1.55e-3, 1.45e-3]))
    assert differ(alone, switching_loop_plot(currents, signals, widths, settings, law, "loop")) > 3000


def test_a_map_shows_its_boundaries():
    grid = [(i, b) for b in (0.0, 0.01) for i in (-3e-3, -2e-3, -1e-3, 1e-3, 2e-3, 3e-3)]
    currents, fields = np.array(grid).T
    count = np.full(currents.size, 50)
    switched = np.round(50 / (1 + np.exp(-(np.abs(currents) - 2e-3) / 2e-4)))
    found = SwitchingPhaseMap.fit(currents, fields, switched, count)
    plain, whole = (phase_map_plot(currents, fields, switched, count, each, "map") for each in (None, found))
    assert differ(plain, whole) > 100
