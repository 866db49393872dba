"""A table answers as the macrospin it was counted on does, for its own device and inside its own grid only."""

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.calibrate_table import main
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

EDGE = 1e-9


@pytest.fixture(scope="module")
def shipped() -> SwitchingTable:
    return SwitchingTable.shipped(Device())


@pytest.mark.parametrize(
    ("amplitude", "width"), [(1.0875, 7.4e-9), (1.1625, 12.5e-9), (1.335, 6.09e-9), (1.385, 5.84e-9), (1.365, 11.3e-9)]
)
def test_between_its_points_the_table_agrees_with_the_macrospin(
    shipped: SwitchingTable, amplitude: float, width: float
) -> None:
    shots = 5_120
    before = np.arange(shots, dtype=np.uint8) % 2
    counted = (Macrospin(Device()).switch(Pulse(amplitude, width, EDGE, EDGE), before, seed=4) != before).mean()
    told = float(shipped.switching(0, amplitude, width))
    # The table's points carry a statistical error of their own, from the shots of both states together.
    error = np.sqrt(counted * (1 - counted) * (1 / shots + 1 / (2 * shipped.shots.min())))
    assert told == pytest.approx(counted, abs=4 * error + 0.01)


def test_the_operating_point_is_known_to_a_thousandth(shipped: SwitchingTable) -> None:
    i, j = np.flatnonzero(shipped.amplitudes == 1.25)[0], np.flatnonzero(np.isclose(shipped.widths, 10e-9, atol=0))[0]
    assert np.sqrt(0.25 / (2 * shipped.shots[i, j])) < 0.001
    from_p, from_ap = shipped.probabilities(Pulse(1.25, 10e-9, EDGE, EDGE))
    assert from_p == pytest.approx(shipped.probability[0, i, j], abs=1e-9)
    # .497 and .500 by an independent simulation, each to ±.005
    assert from_p == pytest.approx(0.4985, abs=0.006)
    assert from_ap == from_p  # without stray field the two states are mirror images


def test_around_the_operating_point_the_probability_is_flat(shipped: SwitchingTable) -> None:
    # within .02 from 1.20 to 1.30 V; a point of the table is known to four times .0046 at worst
    around = shipped.switching(1, np.linspace(1.2, 1.3, 11), 10e-9)
    error = np.sqrt(0.25 / (2 * shipped.shots.min()))
    assert np.abs(around - shipped.switching(1, 1.25, 10e-9)).max() < 0.02 + 4 * error


@pytest.mark.parametrize(
    ("amplitude", "width", "complaint"),
    [
        (1.45, 10e-9, r"pulse amplitude 1.45 V is outside the switching table, 1 to 1.4 V"),
        (0.5, 10e-9, r"pulse amplitude 0.5 V is outside"),
        (1.25, 4e-9, r"pulse width 4e-09 s is outside the switching table, 5e-09 to 1.5e-08 s"),
        (float("nan"), 10e-9, r"pulse amplitude nan V is outside"),
    ],
)
def test_outside_its_grid_the_table_refuses(
    shipped: SwitchingTable, amplitude: float, width: float, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        shipped.switching(0, amplitude, width)


def test_pulses_with_other_edges_are_refused(shipped: SwitchingTable) -> None:
    with pytest.raises(ValueError, match="pulse edges 5e-11 s and 5e-11 s are not the switching table's"):
        shipped.probabilities(Pulse(1.25, 10e-9, 50e-12, 50e-12))


def test_a_device_with_other_magnetic_parameters_is_refused(shipped: SwitchingTable, tmp_path) -> None:
    stray = Device(name="strayed", stray_field=0.5e-3)
    with pytest.raises(ValueError, match="calibrate_table"):
        SwitchingTable.shipped(stray)
    shipped.save(tmp_path / "table.npz")
    with pytest.raises(ValueError, match=r"'strayed' has \(\w+\): calibrate one for this device"):
        SwitchingTable.load(tmp_path / "table.npz", stray)
    assert SwitchingTable.shipped(Device(name="sister", tmr=1.2)).fingerprint == shipped.fingerprint


def test_a_table_comes_back_from_its_file_as_it_was(shipped: SwitchingTable, tmp_path) -> None:
    shipped.save(tmp_path / "table.npz")
    again = SwitchingTable.load(tmp_path / "table.npz", Device())
    np.testing.assert_array_equal(again.probability, shipped.probability)
    np.testing.assert_array_equal(again.shots, shipped.shots)
    assert (again.rise, again.fall) == (EDGE, EDGE)


@pytest.mark.parametrize("content", [b"", b"not a table", b"PK\x03\x04 half a zip"])
def test_a_file_that_is_no_table_is_refused(tmp_path, content: bytes) -> None:
    (tmp_path / "table.npz").write_bytes(content)
    with pytest.raises(ValueError, match="is not a switching table"):
        SwitchingTable.load(tmp_path / "table.npz", Device())


def test_a_calibrated_table_counts_each_state_where_a_stray_field_tells_them_apart() -> None:
    device = Device(stray_field=2e-3)
    seen: list[tuple[int, int]] = []
    amplitudes, widths = [1.15, 1.2, 1.25, 1.3], [5e-9, 5.5e-9, 6e-9, 6.5e-9]

    def calibrate() -> SwitchingTable:
        return SwitchingTable.calibrate(
            device, amplitudes, widths, EDGE, EDGE, 512, seed=3, progress=lambda *done: seen.append(done)
        )

    table = calibrate()
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    # Towards P the field makes leaving P rarer; over 16 points of 512 shots the difference is beyond chance.
    difference = table.probability[1] - table.probability[0]
    assert difference.mean() > 4 * np.sqrt(2 * 0.25 / (512 * 16))
    np.testing.assert_array_equal(table.probability, calibrate().probability)
    refined = table.refined(device, 1.25, 6e-9, 2048, seed=5)
    changed = np.argwhere(refined.probability != table.probability)
    assert {(int(i), int(j)) for _, i, j in changed} == {(2, 2)}
    assert refined.shots[2, 2] == 2048
    with pytest.raises(ValueError, match="is not a point of the table's grid"):
        table.refined(device, 1.26, 6e-9, 10)


def test_a_grid_too_small_for_a_spline_is_refused() -> None:
    with pytest.raises(ValueError, match="amplitudes must be at least 4 increasing numbers"):
        SwitchingTable.calibrate(Device(), [1.2, 1.1, 1.3, 1.4], [5e-9, 6e-9, 7e-9, 8e-9], EDGE, EDGE, 10)


def test_the_calibration_command_refuses_an_unknown_device(capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["nowhere"])
    assert caught.value.code == 2
    assert "nowhere does not exist: name a shipped device" in capsys.readouterr().err
