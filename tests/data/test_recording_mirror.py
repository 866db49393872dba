"""A copy kept elsewhere has everything that was reported as committed, and never holds the recording up."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.contents import layout
from mtjlab.data.contents.layout import Status
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing import recording_mirror

ROW = {"time": [1.0], "probability": [0.5], "resistance": [3e3]}


@pytest.fixture
def elsewhere(tmp_path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def test_the_copy_has_each_block_when_append_returns_and_is_the_same_in_the_end(begin, tmp_path, elsewhere, fair_bits):
    path, copy = tmp_path / "run.h5", elsewhere / "run.h5"
    with begin(path, mirror=elsewhere) as writer:
        writer.add_instrument("coil", idn="KEPCO,BOP 20-20", settings={"field": 0.0255})
        for length in (2500, 1, 1003, 17, 60_000):
            start = writer.committed
            end = writer.append(fair_bits[start : start + length], ROW)
            writer.write_result("bits", end)
            with Recording(copy) as recording:
                assert recording.status is Status.RUNNING
                np.testing.assert_array_equal(recording.bits[:], fair_bits[:end])
                assert recording.blocks()["count"].sum() == end
                assert recording.results["bits"].value == end
                assert recording.instruments["coil"].settings == {"field": 0.0255}
        writer.set_parameter("shots", 100)
    assert copy.read_bytes() == path.read_bytes()
    assert Recording(copy).status is Status.FINISHED


def test_the_copy_follows_into_larger_chunks_and_a_resumption(begin, tmp_path, elsewhere, fair_bits, monkeypatch):
    monkeypatch.setitem(layout.CHUNKS, "bits", 16)
    path, copy = tmp_path / "run.h5", elsewhere / "run.h5"
    with begin(path, mirror=elsewhere) as writer:
        for start in range(0, 20_000, 2500):  # 1024 bytes fill the index
            writer.append(fair_bits[start : start + 2500], ROW)
            assert Recording(copy).committed == start + 2500
    assert copy.read_bytes() == path.read_bytes()
    with RecordingWriter.resume(path, mirror=elsewhere) as writer:
        writer.append(fair_bits[20_000:], ROW)
        np.testing.assert_array_equal(Recording(copy).bits[:], fair_bits)
    assert copy.read_bytes() == path.read_bytes()


def test_what_is_there_and_no_older_copy_is_never_replaced(begin, tmp_path, elsewhere):
    path = tmp_path / "run.h5"
    (elsewhere / "run.h5").write_text("my thesis")
    with pytest.raises(RecordingError, match=r"elsewhere/run\.h5: exists already; choose another"):
        begin(path, mirror=elsewhere)
    assert not path.exists()
    begin(path).close()
    for other in ("my thesis", None):
        if other is None:
            (elsewhere / "run.h5").unlink()
            begin(elsewhere / "run.h5").close()
        before = path.read_bytes()
        with pytest.raises(RecordingError, match="exists already"):
            RecordingWriter.resume(path, mirror=elsewhere)
        assert Recording(path).status is not Status.KILLED
        assert len(before) == path.stat().st_size
    with pytest.raises(RecordingError, match="does not exist; make the folder"):
        begin(tmp_path / "b.h5", mirror=tmp_path / "nowhere")
    with pytest.raises(RecordingError, match="is the recording itself"):
        begin(tmp_path / "b.h5", mirror=tmp_path)


@pytest.mark.parametrize("failure", ["removed", "full", "hanging"])
def test_a_copy_that_fails_is_given_up_and_the_recording_goes_on(
    begin, tmp_path, elsewhere, fair_bits, monkeypatch, failure
):
    path = tmp_path / "run.h5"
    released = threading.Event()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with begin(path, mirror=elsewhere) as writer:
        writer.append(fair_bits[:2500], ROW)
        match failure:
            case "removed":
                shutil.rmtree(elsewhere)
            case "full":
                monkeypatch.setattr(recording_mirror.RecordingMirror, "_write", full)
            case "hanging":  # a network drive whose cable is out
                monkeypatch.setattr(recording_mirror.RecordingMirror, "_write", lambda *_: released.wait(20))
                writer.store.mirror.patience = 0.2
        for start in range(2500, 10_000, 2500):
            writer.append(fair_bits[start : start + 2500], ROW)
    released.set()
    recording = Recording(path)
    assert recording.status is Status.FINISHED
    np.testing.assert_array_equal(recording.bits[:], fair_bits[:10_000])
    told = {"removed": "No such file", "full": "No space left on device", "hanging": "did not take"}[failure]
    messages = [message for message in recording.log()["message"] if message.startswith("the copy is given up: ")]
    assert len(messages) == 1
    assert told in messages[0]


KILLED = """
import signal, sys
import numpy as np
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter

bits = np.random.default_rng(2407_12261).integers(0, 2, 100_000, dtype=np.uint8)
with RecordingWriter.create(sys.argv[1], RecordingHead("AcquireBits", simulated=True), mirror=sys.argv[2]) as writer:
    print(writer.append(bits[:17]), flush=True)
    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[3]))  # nobody handles it: it ends the process as SIGKILL does
    while True:
        print(writer.append(np.take(bits, range(writer.committed, writer.committed + 17), mode="wrap")), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="alarms are POSIX's")
def test_the_copy_survives_a_kill_with_all_that_was_reported(tmp_path, elsewhere, fair_bits):
    rng = np.random.default_rng(7)
    for life in range(4):
        path = tmp_path / f"{life}.h5"
        command = [sys.executable, "-c", KILLED, str(path), str(elsewhere), str(rng.uniform(1e-4, 0.05))]
        process = subprocess.run(command, stdout=subprocess.PIPE, cwd=tmp_path, check=False)
        assert process.returncode == -signal.SIGALRM
        reported = [int(line) for line in process.stdout.split()]
        copy = elsewhere / path.name
        with RecordingWriter.resume(copy) as writer:
            assert writer.committed >= reported[-1]
            writer.append([1, 0, 1])
        bits = Recording(copy).bits[:-3]
        np.testing.assert_array_equal(bits, np.resize(fair_bits, len(bits)))
