"""The noise of the simulated junction is that of its parameters."""

import pytest

from mtjlab.procedures.resistance_noise import ResistanceNoise
from mtjlab.procedures.running.run import run


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
    # 2500 readings in 7 segments that overlap by half: 625 readings each, 0.2 ms apart.
    assert frame["Frequency"].iloc[-1] == pytest.approx(2500, rel=0.01)
    assert (frame["Density"].dropna() > 0).all()
    assert bench.pulse_generator.settings()["output"] == "False"
