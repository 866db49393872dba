"""Smoothed tables: chance is taken away, the map stays, and the slopes are the macrospin's."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.pulse_lattice import PulseLattice
from mtjlab.instruments.simulated.junction.smoothing import SmoothedCounts, smoothed_grids
from mtjlab.instruments.simulated.junction.switching_node import LEVELS, UNKNOWN, NodeFile, NodeKey, SwitchingNode
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable
from mtjlab.instruments.simulated.junction.table_interpolation import SwitchingPatch
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

SHOTS = 4096


def counted(probability: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.binomial(SHOTS, probability).astype(float)


def a_map(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, true P of both states, and counts: fringes that grow finer with the amplitude."""
    at = np.array([(a, w) for a in range(12) for w in range(14)], float)
    turn = np.cos(2 * np.pi * (1 + 0.04 * at[:, 0]) * at[:, 1] / 14)
    truth = 0.5 + np.stack([0.35 * turn, 0.3 * turn + 0.05], axis=1)
    return at, truth, counted(truth, np.random.default_rng(seed))


def test_smoothing_takes_chance_away_and_leaves_the_map() -> None:
    off, scaled = [], []
    for seed in (1, 2):
        at, truth, switched = a_map(seed)
        found = SmoothedCounts.of(at, switched, np.full(len(at), float(SHOTS)))
        assert found.holds
        off.append(found.probability - truth)
        scaled.append(off[-1] / found.spread)
    alone = np.sqrt((truth * (1 - truth)).mean() / SHOTS)
    assert np.sqrt(np.mean(np.square(off))) < 0.6 * alone
    # The errors that it states are the errors that it makes; neighbours' go together, so with some latitude.
    assert 0.7 < np.sqrt(np.mean(np.square(scaled))) < 1.3


def test_too_few_points_are_not_smoothed_and_too_many_are_refused() -> None:
    with pytest.raises(ValueError, match="20 points of one lattice cannot be smoothed"):
        SmoothedCounts.of(np.zeros((20, 2)), np.zeros((20, 2)), np.full(20, 64.0))
    lattice = PulseLattice(Device(), Effects.full(), 1e-9, 1e-9)
    window = lattice.window(1.25, 6e-9)
    node = SwitchingNode(64, np.array([3, 4], np.int32), np.full((2, 2, LEVELS.size), UNKNOWN, np.uint16))
    nodes = {
        NodeKey(10**6, 10**6, 0, 0, 0, amplitude, width): node
        for amplitude in window.amplitudes
        for width in window.widths
    }
    assert list(smoothed_grids(lattice, nodes)) == []


def test_a_point_of_another_grid_is_not_taken_for_one_of_this() -> None:
    lattice = PulseLattice(Device(), Effects.full(), 1e-9, 1e-9)
    window = lattice.window(1.3, 6e-9)
    places = [(a, w) for a in window.amplitudes for w in window.widths]
    step = window.amplitudes[1] - window.amplitudes[0]
    stray = (window.amplitudes[0] + 20 * step, window.widths[0])
    grids = [numbers for numbers, _ in lattice.sorted_into_grids(np.array([*places, stray], np.int64))]
    assert any(numbers.size == 16 for numbers in grids)
    assert all(16 not in numbers for numbers in grids)


def test_a_patch_takes_smoothed_points_but_counts_of_what_is_rare() -> None:
    blank = np.full((2, 2, LEVELS.size), UNKNOWN, np.uint16)
    node = SwitchingNode(SHOTS, np.array([2000, 4], np.int32), blank)
    smooth = replace(node, smoothed=np.array([[0.49, 0.3], [0.002, 0.002]], np.float32))
    patch = SwitchingPatch([[smooth] * 4] * 4)
    found = patch.at(1.5, 1.5, lambda: (0.0, 0.0))
    assert found.probability[0] == pytest.approx(0.49, rel=1e-6)
    # 4 of 4096, whatever the neighbours say: the tail is as it was counted.
    assert found.probability[1] < 0.04
    # Their errors go together: they do not average out.
    assert found.error[0] >= 0.002
    assert SwitchingPatch([[node] * 4] * 4).at(1.5, 1.5, lambda: (0.0, 0.0)).error[0] < 0.0078


def test_smoothed_points_are_kept_and_files_of_before_still_open(tmp_path: Path) -> None:
    blank = np.full((2, 2, LEVELS.size), UNKNOWN, np.uint16)
    key, other = (NodeKey(0, 0, 0, 0, 0, 10**6, width) for width in (10**6, 2 * 10**6))
    node = SwitchingNode(64, np.array([3, 4], np.int32), blank)
    smoothed = np.array([[0.05, 0.06], [0.01, 0.01]], np.float32)
    file = NodeFile(tmp_path / "table.npz", "a hash")
    file.add({key: node, other: node})
    file.add({key: replace(node, smoothed=smoothed)})
    file.add({key: node})  # counted again: what is smoothed stays
    back = file.read()
    assert back[key].smoothed is not None
    np.testing.assert_array_equal(back[key].smoothed, smoothed)
    assert back[other].smoothed is None
    with np.load(file.path) as arrays:
        np.savez(tmp_path / "before.npz", **{name: arrays[name] for name in arrays.files if name != "smoothed"})
    before = NodeFile(tmp_path / "before.npz", "a hash").read()
    assert set(before) == {key, other}
    assert all(each.smoothed is None for each in before.values())


def test_on_the_plateau_the_shipped_tables_slopes_are_the_macrospins() -> None:
    # At 1.2 V of the generator and .05 V of the read bias P climbs by 3e7 to 7e7 /s about 5.9 ns.
    widths, shots = np.arange(5.55e-9, 6.16e-9, 75e-12), 4_000
    table, pulse = SwitchingTable(Device()), Pulse(1.25, 5.9e-9, 1e-9, 1e-9)
    told = np.array([table.switching(replace(pulse, width=float(width))).probability for width in widths])
    macrospin = Macrospin(Device(), effects=Effects.full().without("resolution"))
    before = np.arange(2 * shots, dtype=np.uint8) % 2
    switched = macrospin.switch_by_width(pulse, widths, before, seed=9) != before
    found = np.stack([switched[:, state::2].mean(axis=1) for state in (0, 1)], axis=1)
    error = np.sqrt(found * (1 - found) / shots)
    np.testing.assert_array_less(np.abs(told - found), 0.006 + 4 * error)
    slopes = np.diff(told.mean(axis=1)) / 75e-12
    # Widths share their flat top in the macrospin, so the whole rise is better known than each step of it.
    rise = (found[-1] - found[0]).mean() / (widths[-1] - widths[0])
    assert 2e7 < rise < 9e7
    assert (slopes > 0).all()
    assert slopes.max() < 1.2e8
