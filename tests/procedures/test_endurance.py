"""Endurance: pulses in decades, until the barrier gives way."""

import numpy as np
import pytest

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.endurance import Endurance
from mtjlab.procedures.running.one_run import run


def test_check_points_are_even_in_decades():
    assert Endurance(pulses=250_000, checks=1).check_points == [2500, 25_000, 250_000]
    assert Endurance(pulses=2500).check_points == [2500]


def test_a_device_that_lasts_is_looked_at_in_decades(bench, tmp_path):
    recording = run(Endurance(pulses=100_000), bench, tmp_path / "endurance.h5")
    frame = recording.frame()
    assert list(frame["Pulses"]) == [2500, 5386, 11603, 25000, 53860, 100_000]
    assert recording.results["broken down"].value == 0
    assert frame["Parallel resistance"].to_numpy() == pytest.approx(51.2e3, rel=0.02)
    assert frame["Share switched"].to_numpy() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(2500) + 0.02)


def test_breakdown_ends_the_pulses_and_is_the_result(bench, tmp_path, monkeypatch):
    junction, sent = bench.stand_in.wiring.junction, []
    original = junction.pulse_train

    def wearing(pulse, count, rest=None):
        sent.append(count)
        if sum(sent) > 20_000:
            junction.barrier.endure(junction.barrier.exposure_of(4.0, 1e3), 1)  # far beyond what any barrier stands
        return original(pulse, count, rest)

    monkeypatch.setattr(junction, "pulse_train", wearing)
    recording = run(Endurance(pulses=100_000), bench, tmp_path / "endurance.h5")
    assert recording.status == "finished"
    assert recording.results["broken down"].value == 1
    # 200 pulses find the levels; the block in which it breaks does not count.
    assert 11_603 < recording.results["pulses"].value <= 20_000
    assert bench.pulse_generator.settings()["output"] == "False"


def test_a_device_that_is_shorted_from_the_start_is_a_failure(bench, tmp_path):
    barrier = bench.stand_in.wiring.junction.barrier
    barrier.endure(barrier.exposure_of(4.0, 1e3), 1)
    with pytest.raises(InstrumentError, match="is the device shorted"):
        run(Endurance(), bench, tmp_path / "endurance.h5")
