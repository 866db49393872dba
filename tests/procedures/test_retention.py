"""Dwell times in fields through coils, drivers and sockets, on the simulated device's rates."""

import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.procedures.measurements.events import RowEvent
from mtjlab.procedures.retention import Retention
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for

CANCELLED = {"in_plane_field": -25.5e-3}


@pytest.fixture
def bench():
    with open_bench("simulated-loops", seed=11) as opened:
        yield opened


def test_the_stability_and_the_anisotropy_of_the_device_come_out(bench, tmp_path):
    procedure = Retention(escapes=6, longest=0.2, step=5e-3, **CANCELLED)
    recording = run(procedure, bench, tmp_path / "a.h5")
    device, found = bench.stand_in.wiring.junction.device, recording.results
    stability, anisotropy = found["thermal stability"], found["anisotropy field"]
    assert abs(stability.value - device.thermal_stability) < 4 * stability.uncertainty < 40
    assert abs(anisotropy.value - device.anisotropy_field(0.0)) < 4 * anisotropy.uncertainty < 0.2
    frame = recording.frame()
    assert (frame["Dwell time"] >= 0).all()
    assert set(frame["State"]) == {0.0, 1.0}
    # Positive fields hold the parallel state: each is watched in the field against it.
    assert (frame["Field"][frame["State"] == 0] < 0).all()


def test_a_field_that_does_not_switch_it_is_a_diagnosis(bench, tmp_path):
    with pytest.raises(ValueError, match=r"no two states.*widen the field"):
        run(Retention(largest=5e-3, **CANCELLED), bench, tmp_path / "a.h5")
    assert bench.perpendicular_coil.field() == 0.0


def test_a_stop_leaves_the_fields_off_and_the_dwell_times_in_the_file(bench, tmp_path):
    seen = []

    def stop_after_five(event):
        seen.append(type(event))
        if seen.count(RowEvent) >= 5:
            worker.stop()

    worker = worker_for(
        Retention(longest=0.2, **CANCELLED), bench, tmp_path / "a.h5", hooks=RunHooks(listener=stop_after_five)
    )
    worker.start()
    worker.wait()
    recording = Recording(tmp_path / "a.h5")
    assert (recording.status, recording.rows >= 5) == ("aborted", True)
    assert (bench.coil.field(), bench.perpendicular_coil.field()) == (0.0, 0.0)
