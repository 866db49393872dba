"""Loops and tilting through coils, drivers and sockets, against the simulated device's own parameters."""

import math

import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.resistance_against_field import ResistanceAgainstField
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for


@pytest.fixture
def bench():
    with open_bench("simulated-loops", seed=11) as opened:
        yield opened


def test_a_major_loop_gives_coercive_field_offset_and_tmr(bench, tmp_path):
    procedure = ResistanceAgainstField(points=41, loops=2, diameter=50e-9)
    recording = run(procedure, bench, tmp_path / "loop.h5")
    results, device = recording.results, bench.stand_in.wiring.junction.device
    # The barrier fields are symmetric but for the stray field and the torque of the read bias, a few mT at most.
    assert results["offset field"].value == pytest.approx(
        -device.stray_field, abs=2e-3 + 4 * results["offset field"].uncertainty
    )
    # Heat at this pace takes the coercive field far below the anisotropy field of the tilted layer.
    assert 0.01 < results["coercive field"].value < 0.6 * device.anisotropy_field(0.0)
    # Heat and the field in the plane tilt the layer: the states read 3 % less apart than an upright one's.
    assert results["apparent TMR"].value == pytest.approx(0.965, abs=0.02)
    low, high = (results["TMR"].value + sign * 1.96 * results["TMR"].uncertainty for sign in (-1, 1))
    assert low < device.tmr < high < 1.2 * device.tmr
    area = math.pi * 25e-9**2
    assert results["RA"].value == pytest.approx(results["Rp"].value * area)
    assert results["RA"].value == pytest.approx(device.resistance_area, rel=0.03)
    frame = recording.frame()
    assert len(frame) == 2 * 2 * 41
    assert (recording.status, frame.attrs["units"]["Field"]) == ("finished", "T")


def test_fields_in_the_plane_find_the_field_that_is_there(bench, tmp_path):
    procedure = ResistanceAgainstField(
        direction="in-plane", lowest=-60e-3, highest=15e-3, points=21, loops=2, readings=4, integration=1.0
    )
    results = run(procedure, bench, tmp_path / "tilt.h5").results
    field = results["in-plane field"]
    device = bench.stand_in.wiring.junction.device
    assert abs(field.value - device.in_plane_field) < 4 * field.uncertainty
    assert field.uncertainty < 5e-3


def test_fields_that_do_not_switch_it_end_with_a_diagnosis(bench, tmp_path):
    with pytest.raises(ValueError, match=r"no jump between -0\.005 and 0\.005 T.*widen the field"):
        run(ResistanceAgainstField(lowest=-5e-3, highest=5e-3, points=20, loops=1), bench, tmp_path / "a.h5")


def test_a_field_beyond_the_limit_is_refused_before_anything_is_switched_on(bench, tmp_path):
    with pytest.raises(LimitError, match="field"):
        run(ResistanceAgainstField(highest=0.3), bench, tmp_path / "a.h5")
    assert not (tmp_path / "a.h5").exists()


def test_a_stop_leaves_the_coil_at_zero_and_what_was_read(bench, tmp_path):
    worker = worker_for(
        ResistanceAgainstField(points=41, loops=1000),
        bench,
        tmp_path / "a.h5",
        hooks=RunHooks(listener=lambda event: worker.stop() if isinstance(event, ProgressEvent) else None),
    )
    worker.start()
    worker.wait()
    recording = Recording(tmp_path / "a.h5")
    assert (recording.status, recording.rows >= 41) == ("aborted", True)
    assert bench.perpendicular_coil.field() == 0.0
    assert bench.source_meter.settings()["output"] == "False"
    assert np.isfinite(recording.frame()["Resistance"]).all()
