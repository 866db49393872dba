"""The points of a table surround every pulse and lie as close as its precession asks."""

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.junction.pulse_lattice import PulseLattice


@pytest.fixture(scope="module", params=[50e-12, 1e-9])
def lattice(request) -> PulseLattice:
    return PulseLattice(Device(), Effects.full(), request.param, request.param)


def test_a_window_surrounds_its_pulse(lattice: PulseLattice) -> None:
    rng = np.random.default_rng(1)
    for amplitude, width in zip(rng.uniform(-1, 2, 400), rng.uniform(1e-9, 99e-9, 400), strict=True):
        window = lattice.window(amplitude, width)
        for axis, value, at in zip(
            (window.amplitudes, window.widths), (amplitude * 1e6, width * 1e15), window.at, strict=True
        ):
            assert np.interp(at, range(4), axis) == pytest.approx(value, rel=1e-9, abs=1e-3)
            assert not np.diff(axis, 2).any()
        assert 1 <= window.at[0] < 2
        assert 0 <= window.at[1] < 2


def test_the_points_of_a_region_are_those_its_pulses_ask_for(lattice: PulseLattice) -> None:
    region = (1.1, 1.5), (1.3e-9, 21e-9)
    points = {(a, w) for grid in lattice.points(*region) for a in grid[0].tolist() for w in grid[1].tolist()}
    rng = np.random.default_rng(2)
    asked = set()
    for amplitude, width in zip(rng.uniform(*region[0], 3000), rng.uniform(*region[1], 3000), strict=True):
        window = lattice.window(amplitude, width)
        asked |= {(a, w) for a in window.amplitudes for w in window.widths}
    assert asked <= points
    assert len(asked) > 0.8 * len(points)


def test_a_precession_turn_has_ten_points_and_more() -> None:
    lattice = PulseLattice(Device(), Effects.ideal(), 50e-12, 50e-12)
    turn = 1.4e6  # fs, at exact cancellation in 25.5 mT
    for width in (0.3e-9, 0.7e-9, 1.7e-9, 3e-9, 6e-9, 10e-9):
        assert np.diff(lattice.window(1.5, width).widths)[0] < turn / 10
    # Twice the field, twice as fast.
    faster = PulseLattice(Device(in_plane_field=51e-3), Effects.ideal(), 50e-12, 50e-12)
    assert np.diff(faster.window(1.5, 3e-9).widths)[0] == pytest.approx(turn / 44.8, rel=0.01)


def test_the_shortest_pulse_is_a_point(lattice: PulseLattice) -> None:
    with pytest.raises(ValueError, match="is too short: give at least"):
        lattice.window(1.0, 1e-11)
    with pytest.raises(ValueError, match="too long"):
        lattice.window(1.0, float("nan"))
