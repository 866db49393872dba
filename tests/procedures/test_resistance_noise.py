"""The noise of the simulated junction is that of its parameters."""

import numpy as np
import pytest

from mtjlab.procedures.resistance_noise import ResistanceNoise
from mtjlab.procedures.running.one_run import run


def test_the_hooge_parameter_comes_out(bench, tmp_path):
    procedure = ResistanceNoise(records=40)
    results = run(procedure, bench, tmp_path / "noise.h5").results
    device = bench.stand_in.wiring.junction.device
    hooge = procedure.spectrum.hooge(results["resistance"].value, device.area)
    # The parameter is stated for the parallel state, which the device is in at the start.
    assert hooge.value == pytest.approx(device.noise.hooge_parameter, abs=4 * hooge.uncertainty)
    assert not procedure.spectrum.telegraph


def test_the_spectrum_is_kept(bench, tmp_path):
    recording = run(ResistanceNoise(records=3), bench, tmp_path / "noise.h5")
    frame = recording.frame()
    # 2500 readings in 7 segments that overlap by half: 625 readings each, 0.2 ms and what the meter takes apart.
    assert frame["Frequency"].iloc[-1] == pytest.approx(0.5 / (0.2e-3 + 285e-6), rel=0.01)
    assert (frame["Density"].dropna() > 0).all()
    assert bench.pulse_generator.settings()["output"] == "False"


def test_a_state_that_switches_once_is_said_and_left_out(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    original, reads = junction.read, []

    def switching(states, voltage, bandwidth):
        reads.append(voltage)
        currents = original(states, voltage, bandwidth)
        # In the fourth record the device spends a while in a state of half the conductance.
        if len(reads) == 4:
            currents = np.concatenate([currents[:300], currents[300:500] / 2, currents[500:]])
        return currents

    monkeypatch.setattr(junction, "read", switching)
    recording = run(ResistanceNoise(records=6), bench, tmp_path / "noise.h5")
    assert recording.results["telegraph noise"].value == 0
    assert recording.results["switching events"].value == 2
    assert any(
        "1 of 6 records are left out" in text for _, level, _, text in recording.messages(20) if level == "warning"
    )
