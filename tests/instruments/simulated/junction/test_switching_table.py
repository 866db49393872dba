"""A table answers as the macrospin it was counted on does, counts what is missing, and says what it has not seen."""

import logging
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.junction.fidelities import TabulatedJunction
from mtjlab.instruments.simulated.junction.switching_node import SwitchingNode
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

EDGE = 1e-9
HALF_TURN = Pulse(1.5, 0.7e-9, 50e-12, 50e-12)


@pytest.fixture(scope="module")
def reference() -> SwitchingTable:
    # What comes with mtjlab: full effects, as the simulated bench has it.
    return SwitchingTable(Device())


def small(folder: Path, device: Device | None = None, shots: int = 256) -> SwitchingTable:
    return SwitchingTable(device or Device(), Effects.ideal(), shots=shots, folder=folder, threads=1)


def no_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> SwitchingNode:
        raise AssertionError("a point was counted")

    monkeypatch.setattr(SwitchingNode, "count", fail)


REGIONS = {
    "precession": ((1.0, 1.8), (1.5e-9, 4e-9), 40),
    "between": ((1.0, 1.4), (5e-9, 8e-9), 12),
    "plateau": ((1.0, 1.3), (8e-9, 15e-9), 12),
    "operating point": ((1.2, 1.4), (9.4e-9, 10.6e-9), 8),
}
"""Amplitudes, widths and how many pulses of the shipped map are tried; none lies on a point of it."""


@pytest.fixture(scope="module")
def tried(reference: SwitchingTable) -> np.ndarray:
    """P told and P counted with their error, at each pulse and from each state; shape (pulses, 2, 3)."""
    rng, shots = np.random.default_rng(20), 1_024
    macrospin, before = Macrospin(Device(), effects=Effects.full()), np.arange(2 * shots, dtype=np.uint8) % 2
    rows = []
    with pytest.MonkeyPatch.context() as patch:
        no_counting(patch)
        for amplitudes, widths, count in REGIONS.values():
            for amplitude, width in zip(rng.uniform(*amplitudes, count), rng.uniform(*widths, count), strict=True):
                pulse = reference.as_made(Pulse(float(amplitude), float(width), EDGE, EDGE))
                told, switched = reference.switching(pulse), macrospin.switch(pulse, before, seed=4) != before
                for state in (0, 1):
                    counted = switched[before == state].mean()
                    error = np.hypot(np.sqrt(max(counted * (1 - counted), 1 / shots) / shots), told.error[state])
                    rows.append((told.probability[state], counted, error))
    return np.reshape(rows, (-1, 2, 3))


def test_between_its_points_the_shipped_table_agrees_with_the_macrospin(tried: np.ndarray) -> None:
    told, counted, error = np.moveaxis(tried, 2, 0)
    assert told.size == 144
    assert np.ptp(counted) > 0.9  # the map's whole range
    off = np.abs(told - counted) / (0.01 + 4 * error)
    assert off.max() < 1
    # All pulses together tell more than each: with an error of .01 the excess over it is chance, of variance one.
    excess = np.maximum(np.abs(told - counted) - 0.01, 0) / error
    assert (excess**2).mean() < 1 + 4 * np.sqrt(2 / excess.size)
    assert np.abs((told - counted).mean()) < 0.005 + 4 * np.sqrt((error**2).sum()) / error.size


def test_neighbouring_states_are_correlated_as_the_macrospins(tried: np.ndarray) -> None:
    # 1 - P_ud - P_du, each of the two to .01
    told, counted, error = np.moveaxis(tried, 2, 0)
    correlations = 1 - told.sum(axis=1), 1 - counted.sum(axis=1)
    assert (np.abs(correlations[0] - correlations[1]) < 0.02 + 4 * np.hypot(error[:, 0], error[:, 1])).all()


def test_the_demo_and_the_default_search_need_no_counting(
    reference: SwitchingTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 1.05 to 1.34 V at the generator, with 0 to 50 mV of read bias, from 5 % below to 5 % above 10 ns.
    no_counting(monkeypatch)
    for amplitude in np.linspace(1.05, 1.39, 60):
        for width in (9.5e-9, 10e-9, 10.5e-9):
            assert all(0 <= p <= 1 for p in reference.switching(Pulse(float(amplitude), width, EDGE, EDGE)).probability)
    from_p, from_ap = reference.switching(Pulse(1.25, 10e-9, EDGE, EDGE)).probability
    # .491/.504 by an independent simulation with spin-transfer torque alone, each to ±.005
    assert from_p == pytest.approx(0.491, abs=0.04)
    assert from_ap == pytest.approx(0.504, abs=0.04)


@pytest.mark.parametrize(
    ("in_plane", "perpendicular", "temperature"), [(0.6e-3, 0.0, 300.0), (0.0, 3.1e-3, 300.0), (0.0, 0.0, 307.0)]
)
def test_fields_and_temperature_between_the_sheets_are_the_macrospins(
    tmp_path: Path, in_plane: float, perpendicular: float, temperature: float
) -> None:
    pulse, shots = Pulse(1.5, 0.93e-9, 50e-12, 50e-12), 4096
    effects = Effects.parse("ideal,temperature")
    around = Device().in_surroundings(
        in_plane_field=in_plane, perpendicular_field=perpendicular, temperature=temperature
    )
    table = SwitchingTable(Device(), effects, shots=512, folder=tmp_path, threads=1)
    told = table.switching(pulse, around)
    before = np.arange(2 * shots, dtype=np.uint8) % 2
    switched = Macrospin(around, effects=effects).switch(pulse, before, seed=8) != before
    for state in (0, 1):
        counted = switched[before == state].mean()
        error = np.hypot(np.sqrt(counted * (1 - counted) / shots), told.error[state])
        assert told.probability[state] == pytest.approx(counted, abs=0.01 + 4 * error)


def test_what_was_asked_before_changes_no_answer(tmp_path: Path) -> None:
    pulses = [Pulse(1.5, width, 50e-12, 50e-12) for width in (0.7e-9, 0.75e-9)]
    there, back = small(tmp_path / "a", shots=64), small(tmp_path / "b", shots=64)
    first = [there.switching(pulse) for pulse in pulses]
    assert [back.switching(pulse) for pulse in reversed(pulses)] == first[::-1]


def test_points_are_counted_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    with caplog.at_level(logging.INFO, "mtjlab"):
        told = small(tmp_path, shots=64).switching(HALF_TURN)
    assert "making 16 points around 1.5 V, 7e-10 s" in caplog.text
    no_counting(monkeypatch)
    assert small(tmp_path, shots=64).switching(HALF_TURN) == told
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]
    # Nothing of another device, of other effects, is taken for it.
    for other in (Device(damping=0.03), Device(stray_field=1e-3)):
        with pytest.raises(AssertionError, match="a point was counted"):
            small(tmp_path, other, shots=64).switching(HALF_TURN)
    assert small(tmp_path, Device(name="reference", tmr=1.2), shots=64).switching(HALF_TURN) == told


@pytest.mark.parametrize("content", [b"", b"not a table", b"PK\x03\x04 half a zip"])
def test_a_spoilt_cache_is_made_anew_with_a_line_in_the_log(tmp_path: Path, caplog, content: bytes) -> None:
    told = small(tmp_path, shots=32).switching(HALF_TURN)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content or path.read_bytes()[:-100])
    again = small(tmp_path, shots=32)
    assert len(again) == 0
    assert f"{path} is not a switching table" in caplog.text
    assert again.switching(HALF_TURN) == told
    assert len(small(tmp_path, shots=32)) == 16


def test_another_version_of_the_code_has_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small(tmp_path)
    monkeypatch.setattr("mtjlab.instruments.simulated.junction.switching_table.CODE_VERSION", 999)
    assert small(tmp_path).file.path != before.file.path


def test_long_waits_and_long_pulses_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match=r"pulse width 2e-07 s is too long for a switching table.*'?\"?rates"):
        small(tmp_path).switching(Pulse(1.25, 200e-9, EDGE, EDGE))
    no_counting(monkeypatch)
    with pytest.raises(ValueError, match=r"16 of them take about \d+ s: make them with mtjlab simulate table"):
        small(tmp_path, shots=2_000_000).switching(Pulse(1.25, 10e-9, EDGE, EDGE))


def test_write_errors_that_were_never_seen_are_said_to_be_extrapolated(tmp_path: Path, caplog) -> None:
    table = SwitchingTable(Device(), shots=256, folder=tmp_path, threads=1)
    told = table.switching(HALF_TURN)
    assert told.extrapolates == (True, True)
    # No more than the count allows to tell: one error in the shots of four points.
    assert 0 < 1 - told.probability[0] < table.seen
    junction = TabulatedJunction(Device(), table, seed=1)
    for _ in range(3):
        junction.pulse_train(HALF_TURN, 10)
    assert junction.extrapolated
    assert caplog.text.count("extrapolates: at 1.5 V and 7e-10 s") == 1
    assert junction.attributes["table_extrapolates_below"] == 10 / (4 * 256)


def test_where_both_outcomes_are_common_nothing_is_extrapolated(reference: SwitchingTable) -> None:
    assert reference.switching(Pulse(1.25, 10e-9, EDGE, EDGE)).extrapolates == (False, False)


def test_weak_pulses_switch_by_heat_alone_however_few_were_counted(tmp_path: Path) -> None:
    # At 0.5 V the layer has a barrier of 18 kT in the field in the plane: e⁻¹⁸ = 2e-8 for each try of about a
    # nanosecond, of which no count of 256 shots could tell.
    told = small(tmp_path, shots=64).switching(Pulse(0.5, 1e-9, 50e-12, 50e-12))
    assert 0 <= max(told.probability) < 1e-7
    assert told.extrapolates == (True, True)


def test_a_pulse_is_rounded_as_the_generator_rounds_it(reference: SwitchingTable) -> None:
    made = reference.as_made(Pulse(1.24961, 10.0032e-9, EDGE, EDGE))
    assert (made.amplitude, made.width) == pytest.approx((1.25, 10e-9), rel=1e-12)
    ideal = Pulse(1.24961, 10.0032e-9, EDGE, EDGE)
    assert SwitchingTable(Device(), Effects.ideal()).as_made(ideal) == ideal


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_the_resistance_after_a_pulse_is_the_macrospins_whether_it_switched_or_not(
    reference: SwitchingTable, before: int, after: int
) -> None:
    pulse, voltage = Pulse(1.25, 10e-9, EDGE, EDGE), 0.05
    ends = Macrospin(Device(), effects=Effects.full()).pulsed(pulse, np.full(2_048, before, np.uint8), seed=6)
    ends = ends[(ends[:, 2] < 0) == after]
    found = Readout(Device()).resistance(np.arccos(np.clip(ends[:, 2].astype(float), -1, 1)), voltage)
    drawn = reference.resistances(pulse, before, np.full(2_048, after), voltage, np.random.default_rng(7))
    assert ks_2samp(found, drawn).pvalue > 1e-3  # the level at which this test may fail by chance
