"""Cut the writer short after any of its writes: the file opens and holds what was reported as committed.

Kills at random instants seldom fall between two writes of one flush. So the write calls are recorded and every prefix
of them is replayed as a file.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.data import recording_file
from mtjlab.data.recording import Recording
from mtjlab.data.recording_check import check_agreement
from mtjlab.data.recording_writer import RecordingWriter

LENGTHS = (2500, 1, 1003, 17)

WRITER = """
import os, sys
import numpy as np
from mtjlab.data.recording_writer import RecordingWriter

bits = np.unpackbits(np.fromfile(sys.argv[2], np.uint8))


def say(word):
    os.write(1, str(word).encode())


def run(writer):
    for number in range(5):
        begin, length = writer.committed, LENGTHS[number % 4]
        say(writer.append(bits[begin : begin + length], {"time": [begin]}))
        if number == 3:
            writer.log("info", "half way")
    writer.close()


run(writer := RecordingWriter.create(
    sys.argv[1], procedure="AcquireBits", parameters={}, columns={"time": "s"}, bench="", simulated=True))
run(RecordingWriter.resume(sys.argv[1]))
""".replace("LENGTHS", str(LENGTHS))


class Replay:
    """A file that is built write by write, and looked at after each."""

    def __init__(self, path: Path, bits: NDArray[np.uint8]) -> None:
        self.path = path
        self.bits = bits
        self.named = False
        self.reported = 0
        self.prefixes = 0
        path.touch()

    def write(self, offset: int, data: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(offset)
            file.write(data)
        self.look()

    def truncate(self, size: int) -> None:
        with self.path.open("r+b") as file:
            file.truncate(size)
        self.look()

    def look(self) -> None:
        """Check what a reader finds who comes now."""
        if not self.named:  # nobody can open it under its name yet
            return
        self.prefixes += 1
        with Recording(self.path) as recording:
            committed = recording.committed
            assert committed >= self.reported
            np.testing.assert_array_equal(recording.bits[:], self.bits[:committed])
            blocks = recording.blocks()
            assert recording.frame()["time"].tolist() == blocks["first_bit"].tolist()
            assert "" not in recording.log()["message"].tolist()
            assert recording._file is not None
            check_agreement(recording._file, self.path)


class RecordedFile(io.FileIO):
    """A file that passes on every write; h5py's file-object driver writes through it."""

    replay: Replay

    def write(self, data: bytes) -> int:  # type: ignore[override]
        offset = self.tell()
        self.replay.write(offset, bytes(data))
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        length = self.tell() if size is None else size
        if length != self.replay.path.stat().st_size:
            self.replay.truncate(length)
        return super().truncate(length)


def test_every_prefix_of_the_writes_of_a_file_object(begin, tmp_path, fair_bits, monkeypatch):
    # Not the order in which the file system's own driver writes: HDF5 gathers no metadata for this one, so each piece
    # of it is a write of its own. Whatever holds here does not depend on pieces being written together.
    (tmp_path / "replay").mkdir()
    replay = Replay(tmp_path / "replay" / "run.h5", fair_bits)
    monkeypatch.setattr(RecordedFile, "replay", replay, raising=False)
    direct, opened = recording_file.open_hdf5, []

    def open_hdf5(path: Path, mode: str) -> h5py.File:
        if path == replay.path or mode == "r":
            return direct(path, mode)
        opened.append(RecordedFile(path, {"x": "x+b", "r+": "r+b"}[mode]))  # h5py does not keep it alive
        return h5py.File(opened[-1], "w" if mode == "x" else mode, **recording_file._WRITING)

    monkeypatch.setattr(recording_file, "open_hdf5", open_hdf5)
    path = tmp_path / "run.h5"
    writer = begin(path, columns={"time": "s"})
    replay.named = True
    for life in range(2):
        if life:
            writer = RecordingWriter.resume(path)
        for number in range(5):
            start = writer.committed
            length = LENGTHS[number % 4]
            replay.reported = writer.append(fair_bits[start : start + length], {"time": [start]})
        writer.log("info", "enough")
        writer.close()
        opened[-1].close()
    assert replay.prefixes > 100
    assert replay.path.read_bytes() == path.read_bytes()


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see the writes")
def test_every_prefix_of_the_writes_of_the_process(tmp_path, fair_bits):
    for name in ("replay", "run"):
        (tmp_path / name).mkdir()
    (tmp_path / "bits").write_bytes(np.packbits(fair_bits).tobytes())
    path, trace = tmp_path / "run" / "run.h5", tmp_path / "trace"
    command = ["strace", "-xx", "-s", str(2**22), "-e", "trace=openat,close,pwrite64,ftruncate,write,unlink"]
    command += ["-o", str(trace), sys.executable, "-c", WRITER, str(path), str(tmp_path / "bits")]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False, cwd=tmp_path).returncode:
        pytest.skip("strace may not trace here")
    replay = Replay(tmp_path / "replay" / "run.h5", fair_bits)
    descriptors: set[str] = set()
    with trace.open() as calls:
        for line in calls:
            follow(line, descriptors, str(tmp_path / "run"), replay)
    assert replay.prefixes > 80
    assert replay.path.read_bytes() == path.read_bytes()


def follow(line: str, descriptors: set[str], folder: str, replay: Replay) -> None:
    """Do to the replay what one line of the trace did to the file."""
    call = re.match(r"(\w+)\((.*)\) += (-?\d+)", line)
    if call is None:
        return
    name, arguments, result = call.groups()
    texts = [bytes.fromhex(t.replace("\\x", "")) for t in re.findall(r'"((?:\\x..)*)"', arguments)]
    first = arguments.split(",")[0]
    if name == "openat":
        (descriptors.add if texts[0].decode().startswith(folder + "/") else descriptors.discard)(result)
    elif name == "close":
        descriptors.discard(first)
    elif name == "unlink" and texts[0].decode().endswith(".part"):
        replay.named = True
    elif name == "pwrite64" and first in descriptors:
        replay.write(int(arguments.rsplit(", ", 1)[1]), texts[0])
    elif name == "ftruncate" and first in descriptors:
        replay.truncate(int(arguments.rsplit(", ", 1)[1]))
    elif name == "write" and first == "1":
        replay.reported = int(texts[0])
