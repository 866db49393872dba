"""What goes wrong around a recording is said in one line, and costs nothing that was committed."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.contents import layout
from mtjlab.data.contents.layout import Status
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.batch import Batch

posix = pytest.mark.skipif(os.name == "nt", reason="Windows removes no open file")


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that takes no file even of root's")
def test_a_folder_that_takes_no_file(begin):
    with pytest.raises(RecordingError, match=r"cannot be created \(.*ermission denied.*choose a folder"):
        begin(Path("/sys/kernel/run.h5"))


def lost(begin, path: Path, bits: np.ndarray, happening, **more) -> RecordingError:
    """Commit three blocks, let something happen to the file, and continue until that is noticed."""

    def record() -> None:
        with begin(path, columns={}, **more) as writer:
            for _ in range(3):
                writer.append(bits[writer.committed :][:1003])
            happening()
            writer.append(bits[writer.committed :][:1003])

    with pytest.raises(RecordingError) as caught:
        record()
    assert "\n" not in str(caught.value)
    return caught.value


@posix
def test_a_file_that_is_removed_is_brought_back(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"
    error = lost(begin, path, fair_bits, path.unlink)
    assert "was removed or replaced while it was being written; what was committed was brought back" in str(error)
    assert Recording(path).status is Status.KILLED
    np.testing.assert_array_equal(Recording(path).bits[:], fair_bits[:3009])
    with RecordingWriter.resume(path) as writer:
        writer.append(fair_bits[3009:])
    np.testing.assert_array_equal(Recording(path).bits[:], fair_bits)
    assert list(Recording(path).verify()) == []


@posix
def test_a_file_that_is_replaced_is_brought_back_beside(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"

    def replace() -> None:
        (tmp_path / "other").write_text("somebody's")
        (tmp_path / "other").replace(path)

    error = lost(begin, path, fair_bits, replace)
    assert str(tmp_path / "run-rescued.h5") in str(error)
    assert path.read_text() == "somebody's"
    np.testing.assert_array_equal(Recording(tmp_path / "run-rescued.h5").bits[:], fair_bits[:3009])


@posix
@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("left", [0, 100_000, 0.5, "overwritten"])
def test_a_file_that_another_program_cuts_is_noticed_at_the_next_commit(begin, tmp_path, fair_bits, left, mirrored):
    path, folder = tmp_path / "run.h5", tmp_path / "elsewhere"
    folder.mkdir()

    def cut() -> None:
        size = path.stat().st_size
        with path.open("r+b") as file:
            if left == "overwritten":
                file.write(bytes(size))
            else:
                file.truncate(int(left * size) if isinstance(left, float) else left)

    error = lost(begin, path, fair_bits, cut, mirror=folder if mirrored else None)
    assert "was cut short or overwritten by another program while it was being written" in str(error)
    if not mirrored:
        assert "keep a copy in a mirror" in str(error)
        return
    rescued = tmp_path / "run-rescued.h5"
    assert str(rescued) in str(error)
    for copy in (rescued, folder / "run.h5"):
        assert Recording(copy).status is Status.KILLED
        np.testing.assert_array_equal(Recording(copy).bits[:], fair_bits[:3009])
    with RecordingWriter.resume(rescued) as writer:
        writer.append(fair_bits[3009:])
    np.testing.assert_array_equal(Recording(rescued).bits[:], fair_bits)
    assert list(Recording(rescued).verify()) == []


@posix
def test_a_file_that_is_cut_while_a_block_is_written_is_noticed_too(begin, tmp_path, fair_bits, monkeypatch):
    path = tmp_path / "run.h5"
    write = Batch.write

    def cut_and_write(batch, tables) -> None:
        size = path.stat().st_size
        os.truncate(path, size // 8)  # before the last committed bytes
        write(batch, tables)
        os.truncate(path, size)  # as long as it was, with zeros in it

    error = lost(begin, path, fair_bits, lambda: monkeypatch.setattr(Batch, "write", cut_and_write))
    assert "was cut short or overwritten" in str(error)


@posix
@pytest.mark.parametrize("rows", [0, 8])  # the first of all, and those that begin a chunk
def test_a_file_that_is_cut_at_any_moment_of_a_commit_is_noticed_or_whole(
    begin, tmp_path, fair_bits, monkeypatch, rows
):
    monkeypatch.setitem(layout.CHUNKS, "data", 8)
    ends = [
        cut_while_appending(begin, tmp_path / f"{moment}.h5", fair_bits, rows, moment) for moment in range(1, 40, 3)
    ]
    assert set(ends) <= {"noticed", "whole"}
    assert ends.count("noticed") > 5
    assert ends[-1] == "whole"  # there were fewer moments than that


def cut_while_appending(begin, path: Path, bits: np.ndarray, rows: int, moment: int) -> str:
    """Record `rows` rows, and cut the file to half before a system call of the next commit; return how it ended."""
    calls = itertools.count(1)
    voltages = np.arange(1.0, rows + 3)

    def counted(call):
        def cut_first(*words):
            if next(calls) == moment:
                os.truncate(path, path.stat().st_size // 2)
            return call(*words)

        return cut_first

    def append(count: int) -> None:
        writer.append(bits[writer.committed :][:101], {"V": voltages[writer.rows :][:count]})

    try:
        with begin(path, columns={"V": "V"}) as writer:
            if rows:
                append(rows)
            with pytest.MonkeyPatch.context() as patch:
                for name in {"fstat", "pread", "pwrite", "posix_fallocate"} & set(dir(os)):
                    patch.setattr(os, name, counted(getattr(os, name)))
                append(1)
            append(1)
    except RecordingError as error:
        return "noticed" if "was cut short or overwritten" in str(error) else str(error)
    np.testing.assert_array_equal(Recording(path).frame()["V"], voltages)
    return "whole" if not list(Recording(path).verify()) else "damaged"


@posix
def test_a_folder_that_is_gone(begin, tmp_path, fair_bits):
    folder = tmp_path / "drive"
    folder.mkdir()
    error = lost(begin, folder / "run.h5", fair_bits, lambda: ((folder / "run.h5").unlink(), folder.rmdir()))
    assert "could not be brought back" in str(error)
    assert "look for its mirror" in str(error)


SMALL = """
import resource, sys
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    RecordingWriter.create(sys.argv[1], RecordingHead("AcquireBits", simulated=True))
except ValueError as error:
    print(error)
"""


@posix
@pytest.mark.parametrize("size", [0, 1000, 1_500_000])
def test_a_disk_that_is_full_at_the_start_leaves_nothing_behind(tmp_path, size):
    path = tmp_path / "run.h5"
    words = [sys.executable, "-c", SMALL, str(path), str(size)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{path}: cannot be created (File too large); make room on the disk\n"
    assert list(tmp_path.iterdir()) == []


@posix
def test_what_a_killed_process_left_is_removed_and_what_is_in_use_is_not(begin, tmp_path):
    left, held, young = (tmp_path / f".{name}.h5.0123abcd.part" for name in ("left", "held", "young"))
    other = tmp_path / ".notes.h5.part"
    for path in (left, held, young, other):
        path.write_bytes(b"\x89HDF")
    for path in (left, held, other):
        os.utime(path, (time.time() - 60, time.time() - 60))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(held)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        begin(tmp_path / "run.h5").close()
        process.communicate("")
    assert sorted(tmp_path.iterdir()) == sorted([held, young, other, tmp_path / "run.h5"])


FULL = """
import os, sys
import numpy as np
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.batch import Batch

bits = np.random.default_rng(240712261).integers(0, 2, 100_000, dtype=np.uint8)
with RecordingWriter.create(sys.argv[1], RecordingHead("AcquireBits", columns={"time": "s"}, simulated=True)) as writer:
    for _ in range(3):
        print(writer.append(bits[writer.committed :][:1003], {"time": [0.5]}), flush=True)
    # From here on the file system refuses every write of HDF5's own.
    os.dup2(os.open("/dev/full", os.O_RDWR), writer.store.file.id.get_vfd_handle())
    writer.append(bits[writer.committed :][:1003], {"time": [0.5]})
    print("never", flush=True)
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_write_that_the_file_system_refuses(tmp_path):
    path = tmp_path / "run.h5"
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["1003", "2006", "3009"]
    assert "No space left on device" in done.stderr
    bits = np.random.default_rng(240712261).integers(0, 2, 100_000, dtype=np.uint8)
    assert Recording(path).committed == 3009
    np.testing.assert_array_equal(Recording(path).bits[:], bits[:3009])
    with RecordingWriter.resume(path) as writer:
        writer.append(bits[3009:])
    np.testing.assert_array_equal(Recording(path).bits[:], bits)


HOLD = """
import fcntl, sys
file = open(sys.argv[1], "rb+")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@posix
def test_a_file_that_another_process_has_locked(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"
    with begin(path, columns={}) as writer:
        writer.append(fair_bits)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(RecordingError, match="is being written by another process; wait until that run has ended"):
            RecordingWriter.resume(path)
        process.communicate("")
    np.testing.assert_array_equal(Recording(path).bits[:], fair_bits)
    RecordingWriter.resume(path).close()


def test_a_clock_that_is_set_back_is_said_and_changes_nothing_else(begin, tmp_path, fair_bits, monkeypatch):
    path = tmp_path / "run.h5"
    now = time.time
    with begin(path, columns={}) as writer:
        writer.append(fair_bits[:1003])
        monkeypatch.setattr(time, "time", lambda: now() - 3600.0)
        writer.append(fair_bits[1003:2006])
        writer.append(fair_bits[2006:3009])
    recording = Recording(path)
    assert recording.log()["message"].tolist() == ["the clock was set back by 3.6e+03 s"]
    np.testing.assert_array_equal(recording.bits[:], fair_bits[:3009])
    assert list(recording.verify()) == []
    assert recording.segments()["end"][0] >= recording.segments()["start"][0]
    assert recording.summary().duration >= 0
