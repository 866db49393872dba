"""A recording can be read while another process writes it, and no read is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.data.contents.layout import Status
from mtjlab.data.reading import live_file
from mtjlab.data.reading.live_file import LiveFile
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter

PERIOD = 2_000_003
"""Bits after which those of the writer come again; a prime, so that no two blocks are alike."""

WRITER = """
import sys
import numpy as np
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

bits = np.tile(np.random.default_rng(240712261).integers(0, 2, 2_000_003, dtype=np.uint8), 2)
with RecordingWriter.create(
    sys.argv[1],
    RecordingHead("AcquireBits", columns={"time": "s", "square": ""}, simulated=True, resistance=True),
) as writer:
    print("begun", flush=True)
    number = 0
    while True:
        begin, length = writer.committed % 2_000_003, (2500, 1, 1003, 17)[number % 4]
        new = bits[begin : begin + length]
        rows = {"time": [number, number + 0.5], "square": [number**2, (number + 0.5)**2]}
        writer.append(Blocks(new, resistance=2e3 + 2e3 * new, start=number), rows)
        if number % 100 == 0:
            writer.log("info", f"block {number}")
            writer.write_result("blocks", number)
        number += 1
"""


@pytest.fixture
def written(tmp_path) -> Iterator[Path]:
    """Have another process write a recording, block after block, as fast as it can."""
    path = tmp_path / "run.h5"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=tmp_path) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        yield path
        assert writer.poll() is None  # it was writing all the time
        writer.kill()


@pytest.fixture(scope="module")
def period() -> np.ndarray:
    return np.random.default_rng(240712261).integers(0, 2, PERIOD, dtype=np.uint8)


@pytest.mark.no_cover  # what it runs is counted in other tests, and the trace costs a third
@pytest.mark.parametrize("reads", [50, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])])
def test_no_read_of_a_file_that_is_written_at_full_speed_is_wrong(written, period, reads):
    rng = np.random.default_rng(3)
    last = 0
    changes = 0
    for _ in range(reads):
        with Recording(written) as recording:
            committed, rows = recording.committed, recording.rows
            assert recording.status is Status.RUNNING
            assert committed >= last
            changes += committed > last
            last = committed
            start = int(rng.integers(0, committed + 1))
            stop = min(committed, start + 20_000)
            for begin, end in ((start, stop), (max(0, committed - 9000), committed)):
                bits = period[np.arange(begin, end) % PERIOD]
                np.testing.assert_array_equal(recording.bits[begin:end], bits)
                np.testing.assert_array_equal(recording.resistances[begin:end], 2e3 + 2e3 * bits)
            frame = recording.frame(max(0, rows - 5000))
            np.testing.assert_array_equal(frame["time"], np.arange(max(0, rows - 5000), rows) / 2)
            np.testing.assert_array_equal(frame["square"], frame["time"] ** 2)
            blocks = recording.blocks()
            assert rows == 2 * len(blocks)
            assert blocks["count"].sum() == committed
            np.testing.assert_array_equal(blocks["start"], np.arange(len(blocks)))
            assert recording.log()["message"].tolist() == [
                f"block {n}" for n in range(0, 100 * len(recording.log()), 100)
            ]
            assert len(recording.segments()) == 1
    assert changes > reads / 2


def test_plain_h5py_refuses_it_and_so_does_a_second_writer(written):
    with pytest.raises(BlockingIOError):
        h5py.File(written)
    with pytest.raises(RecordingError, match="is being written by another process; wait until that run has ended"):
        RecordingWriter.resume(written)


def test_each_question_finds_what_is_there_by_then(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"
    with begin(path) as writer:
        recording = Recording(path)
        for end in (100, 5000, 5001):
            writer.append(fair_bits[writer.committed : end])
            assert len(recording.bits) == end
            np.testing.assert_array_equal(recording.bits[:], fair_bits[:end])
        with recording:
            writer.append(fair_bits[5001:6000])
            assert len(recording.bits) == 5001
        assert len(recording.bits) == 6000
    assert recording.status is Status.FINISHED


def test_a_head_that_never_stands_still_is_given_up(begin, tmp_path, monkeypatch):
    class Restless:
        """Reads something else each time."""

        def __init__(self, *_: object) -> None:
            self.count = 0

        def seek(self, _: int) -> None:
            self.count += 1

        def read(self, _: int) -> bytes:
            return b"%d" % self.count

        def close(self) -> None:
            pass

    monkeypatch.setattr(live_file.io, "FileIO", Restless)
    monkeypatch.setattr(live_file, "_PATIENCE", 0.05)
    with pytest.raises(RecordingError, match="is changing faster than it can be read; try again"):
        LiveFile(tmp_path / "run.h5")
