"""A recording that is resumed has the content of an uninterrupted one, and nothing else than was asked for."""

import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.instruments import open_bench
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for
from mtjlab.procedures.running.resumed import procedure_of


def acquire(path, bits, *, seed=3, resume=False, **parameters):
    with open_bench("simulated", seed=seed) as bench:
        return run(RandomBitstream(bits=bits, **parameters), bench, path, resume=resume, progress=quiet)


def quiet(done, total):
    pass


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return acquire(tmp_path_factory.mktemp("whole") / "whole.h5", 30_000)


def stop_after(path, bits, planned):
    """Stop a run of `planned` bits after the block with which `bits` are there."""
    with open_bench("simulated", seed=3) as bench:

        def listen(event):
            if isinstance(event, ProgressEvent) and event.percent >= 100 * bits / planned:
                worker.stop()

        worker = worker_for(RandomBitstream(bits=planned), bench, path, hooks=RunHooks(listener=listen))
        worker.start()
        worker.wait()


def test_a_stopped_seeded_run_goes_on_to_the_content_of_an_uninterrupted_one(whole, tmp_path):
    path = tmp_path / "a.h5"
    stop_after(path, 10_000, planned=30_000)
    assert Recording(path).status == "aborted"
    recording = acquire(path, 30_000, resume=True)
    assert (recording.status, recording.committed) == ("finished", 30_000)
    np.testing.assert_array_equal(recording.bits[:], whole.bits[:])
    times = {"start", "Time"}
    for table in ("blocks", "frame"):
        ours, theirs = getattr(recording, table)(), getattr(whole, table)()
        columns = [name for name in ours.columns if name not in times]
        np.testing.assert_array_equal(ours[columns], theirs[columns])
        assert np.all(np.diff(ours[[name for name in ours.columns if name in times]].to_numpy().ravel()) > 0)
    segments = recording.segments()
    assert list(segments["why"]) == ["stopped by the user", "finished"]
    assert list(segments["first_bit"]) == [0, 10_000]


@pytest.mark.parametrize("first", [1, 2499, 2500, 12_345])
def test_a_finished_run_goes_on_to_more_bits_from_anywhere_in_a_block(whole, tmp_path, first):
    path = tmp_path / "a.h5"
    acquire(path, first)
    recording = acquire(path, 30_000, resume=True)
    np.testing.assert_array_equal(recording.bits[:], whole.bits[:])
    assert recording.parameters["bits"].value == 30_000
    assert f"bits = 30000 instead of {first}" in " ".join(recording.log()["message"])


def test_bits_of_another_seed_are_appended_with_a_warning(whole, tmp_path):
    path = tmp_path / "a.h5"
    acquire(path, 10_000)
    recording = acquire(path, 20_000, seed=4, resume=True)
    bits = recording.bits[:]
    np.testing.assert_array_equal(bits[:10_000], whole.bits[0:10_000])
    assert np.any(bits[10_000:] != whole.bits[10_000:20_000])
    assert "the random stream is another" in " ".join(recording.log()["message"])


def test_a_bench_that_does_not_repeat_the_run_is_found_out(tmp_path):
    path = tmp_path / "a.h5"
    acquire(path, 10_000)
    with open_bench("simulated", seed=4) as bench:
        bench.stand_in.attributes["seed"] = 3  # as a changed device or version would have it
        with pytest.raises(ValueError, match="does not repeat what the recording holds"):
            run(RandomBitstream(bits=20_000), bench, path, resume=True, progress=quiet)
    recording = Recording(path)
    assert (recording.status, recording.committed) == ("failed", 10_000)


def test_other_parameters_procedures_and_fewer_bits_are_refused(tmp_path):
    path = tmp_path / "a.h5"
    acquire(path, 10_000)
    with pytest.raises(RecordingError, match=r"was made with amplitude = 1\.25, not 1\.26; only bits, duration may"):
        acquire(path, 20_000, resume=True, amplitude=1.26)
    with pytest.raises(RecordingError, match=r"holds 10,000 of 10,000 bits: .*ask for more bits"):
        acquire(path, 10_000, resume=True)

    class Other(RandomBitstream):
        pass

    with pytest.raises(RecordingError, match="was made by RandomBitstream, not Other"):
        procedure_of(path, Other, {})
    recording = Recording(path)
    assert (recording.status, len(recording.segments())) == ("finished", 1)


def test_the_procedure_of_a_recording_has_its_parameters_and_the_changes(tmp_path):
    path = tmp_path / "a.h5"
    acquire(path, 10_000, amplitude=1.22, block=1000)
    procedure = procedure_of(path, RandomBitstream, {"bits": "2e4"})
    assert (procedure.amplitude, procedure.block, procedure.bits) == (1.22, 1000, 20_000)
