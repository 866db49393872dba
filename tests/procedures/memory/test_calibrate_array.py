"""The calibration of an array finds what its device and its spread say."""

import math

import numpy as np
import pytest

from mtjlab.core.errors import FitError
from mtjlab.data.recording import Recording
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable
from mtjlab.procedures import CalibrateArray
from mtjlab.procedures.running import RunExecutor, RunOptions, RunSpec

IDEAL = {
    "vcma_spread = 0.02": "vcma_spread = 0.0",
    "stability_spread = 0.02": "stability_spread = 0.0\nline_drop = 0.0\nstuck = 0.0\nweak = 0.0\nread_error = 0.0",
    "rows = 112": "rows = 60",
    "columns = 28": "columns = 50",
}
CELLS, REPEATS = 3000, 4
WIDTH = 1.5e-9


@pytest.fixture
def calibrated(tmp_path):
    """Run the calibration on an array with other imperfections; give its recording."""

    def run(changes, **parameters):
        text = BenchFile.load("simulated-array").text
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        bench = tmp_path / "array.toml"
        bench.write_text(text, encoding="utf-8")
        procedure = CalibrateArray(
            **{"first": 1.1, "last": 1.26, "points": 9, "repeats": REPEATS, "width": WIDTH, "wanted": 0.3} | parameters
        )
        path = tmp_path / "calibration.h5"
        spec = RunSpec.of(procedure, "calibrate-array", path, seed=1)
        RunExecutor([spec], BenchFile.load(str(bench)), RunOptions(seed=1)).run()
        return Recording(path)

    return run


def chances(amplitude):
    return SwitchingTable(Device()).switching(Pulse(amplitude, WIDTH, 1e-9, 1e-9)).probability


def test_the_shares_are_those_of_the_devices_table(calibrated):
    rows = calibrated(IDEAL).frame().to_numpy(float)
    for amplitude, from_zero, from_one, *_ in rows:
        for found, chance in zip((from_zero, from_one), chances(float(amplitude)), strict=True):
            # A whole number of hundredths of a volt is a point of the curve; others lie between two.
            error = math.sqrt(max(chance * (1 - chance), 1e-3) / (CELLS * REPEATS))
            assert found == pytest.approx(chance, abs=5 * error + 0.01)


def test_the_amplitude_for_a_wanted_probability_gives_it(calibrated):
    results = calibrated(IDEAL).results
    amplitude = results["amplitude for the wanted probability"].value
    assert np.mean(chances(amplitude)) == pytest.approx(0.3, abs=0.02)
    half = results["amplitude for one half"]
    assert np.mean(chances(half.value)) == pytest.approx(0.5, abs=0.02)
    assert 0 < half.uncertainty < 1e-3
    zero, one = (results[f"P(switch) from {state} there"].value for state in (0, 1))
    assert (zero + one) / 2 == pytest.approx(0.3, abs=1e-6)
    assert one - zero > 0.1  # of this device the antiparallel state switches sooner


def test_equal_cells_have_no_spread_and_unequal_ones_that_of_the_bench(calibrated):
    ideal = calibrated(IDEAL).frame().to_numpy(float)
    # The scatter of a variance over cells, where chance explains all of it.
    assert ideal[:, 3:5].max() < math.sqrt(0.25 * 5 * math.sqrt(2 / CELLS) / REPEATS) + 0.02


def test_cells_that_differ_are_told_by_their_spread(calibrated):
    changes = IDEAL | {"vcma_spread = 0.02": "vcma_spread = 0.02"}
    rows = calibrated(changes, first=1.16, last=1.24, points=5).frame().to_numpy(float)
    amplitudes = np.random.default_rng(1).normal(1.2, 0.02 * 1.2, 2000)
    for state in (0, 1):
        expected = np.std([chances(float(each))[state] for each in amplitudes[:300]])
        found = rows[np.argmin(np.abs(rows[:, 0] - 1.2)), 3 + state]
        assert found == pytest.approx(expected, rel=0.2)


def test_stuck_cells_are_counted_and_switch_from_no_state(calibrated):
    stuck = IDEAL | {"stability_spread = 0.02": IDEAL["stability_spread = 0.02"].replace("stuck = 0.0", "stuck = 0.05")}
    recording = calibrated(stuck, first=1.2, last=1.3, wanted=0.7)
    found = recording.results["stuck cells"].value
    assert found == pytest.approx(0.05 * CELLS, abs=5 * math.sqrt(0.05 * CELLS))
    rows = recording.frame().to_numpy(float)
    assert rows[-1, 1] == pytest.approx((1 - found / CELLS) * chances(1.3)[0], abs=0.02)


def test_a_probability_beyond_the_amplitudes_is_said_with_the_range_and_the_rest_is_kept(calibrated, tmp_path):
    with pytest.raises(FitError, match=r"flip probability 0.9: the array has 0\.\d+ to 0\.\d+ between 1.1 and 1.14 V"):
        calibrated(IDEAL, last=1.14, points=4, wanted=0.9)
    recording = Recording(tmp_path / "calibration.h5")
    assert recording.rows == 4
    assert recording.results["stuck cells"].value == 0
    assert "amplitude for the wanted probability" not in recording.results


def test_the_picture_has_both_states(calibrated):
    recording = calibrated(IDEAL)
    rows = recording.frame().to_numpy(float)
    picture = CalibrateArray().draw(rows, recording.results, "an array")
    assert picture[:4] == b"\x89PNG"


def test_the_estimates_follow_amplitudes_and_repeats():
    few, many = CalibrateArray(points=10, repeats=2), CalibrateArray(points=20, repeats=4)
    assert many.estimated_duration > 3 * few.estimated_duration - 10
    assert many.estimated_bytes > few.estimated_bytes
