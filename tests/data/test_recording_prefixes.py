"""Cut the writer short after any of its writes: the file opens, holds what was reported as committed, and continues.

Kills at random instants seldom fall between two writes of one flush. So the write calls are recorded and every prefix
of them is replayed as a file.
"""

from __future__ import annotations

import io
import json
import os
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
from mtjlab.data.checking.recording_check import check_agreement
from mtjlab.data.checking.recording_structure import look_through_file
from mtjlab.data.contents import layout
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

LENGTHS = (2500, 1, 1003, 17)

WRITER = """
import json, os, sys
import numpy as np
from mtjlab.data.contents import layout
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

path, bits, blocks, chunks = sys.argv[1:]
bits = np.unpackbits(np.fromfile(bits, np.uint8))
layout.CHUNKS.update(json.loads(chunks))


def run(writer):
    for number in range(int(blocks)):
        begin, length = writer.committed, LENGTHS[number % 4]
        new = bits[begin : begin + length]
        os.write(1, str(writer.append(Blocks(new, resistance=2e3 + 2e3 * new), {"time": [begin]})).encode())
        if number == 3:
            writer.log("info", "half way")
            writer.write_results({"field": (0.0255, 0.0003, "T")})
    writer.close()


writer = RecordingWriter.create(
    path, RecordingHead("AcquireBits", columns={"time": "s"}, simulated=True, resistance=True))
writer.add_instrument("coil", idn="KEPCO,BOP", settings={"field": 0.0255, "output": True})
run(writer)
run(RecordingWriter.resume(path))
""".replace("LENGTHS", str(LENGTHS))


class Replay:
    """A folder in which what was done to another is done again, step by step, and the recording is looked at each time.

    Parameters
    ----------
    folder
        The folder.
    bits
        What is recorded.
    resume_every
        After every so many steps a copy of the recording is resumed and carried on.
    """

    def __init__(self, folder: Path, bits: NDArray[np.uint8], resume_every: int = 0) -> None:
        self.folder = folder
        self.path = folder / "run.h5"
        self.bits = bits
        self.reported = 0
        self.prefixes = 0
        self.resumed = 0
        self.resume_every = resume_every

    def write(self, name: str, offset: int, data: bytes) -> None:
        with (self.folder / name).open("r+b") as file:
            file.seek(offset)
            file.write(data)
        self.look()

    def truncate(self, name: str, size: int) -> None:
        if size != (self.folder / name).stat().st_size:
            os.truncate(self.folder / name, size)
            self.look()

    def look(self) -> None:
        """Check what a reader finds who comes now."""
        if not self.path.exists():  # nobody can open it under its name yet
            return
        self.prefixes += 1
        assert look_through_file(self.path).strange == ""
        self.check(self.path)
        if self.resume_every and self.prefixes % self.resume_every == 0:
            self.resumed += 1
            copy = self.folder.with_name("copy.h5")
            shutil.copyfile(self.path, copy)
            with RecordingWriter.resume(copy) as writer:
                begin = writer.committed
                kept = writer.keeps_resistance
                for length in (9, 2500):
                    new = self.bits[writer.committed : writer.committed + length]
                    row = {"time": [writer.committed]}
                    writer.append(Blocks(new, resistance=2e3 + 2e3 * new if kept else None), row)
                writer.add_instrument("source_meter", idn="KEITHLEY", settings={"bias": 0.05})
            assert Recording(copy).committed == begin + 2509
            self.check(copy)

    def check(self, path: Path) -> None:
        with Recording(path) as recording, h5py.File(path, "r") as file:
            committed = recording.committed
            assert committed >= self.reported
            np.testing.assert_array_equal(recording.bits[:], self.bits[:committed])
            first_bits = file["blocks"][: recording.length("blocks")]["first_bit"]
            np.testing.assert_array_equal(file["data/time"][: recording.rows], first_bits)
            if recording.keeps_resistance:
                np.testing.assert_array_equal(recording.resistances[:], 2e3 + 2e3 * self.bits[:committed])
            assert "" not in [text for *_, text in recording.messages(1000)]
            check_agreement(file, path)


class RecordedFile(io.FileIO):
    """A file that passes on every write; h5py's file-object driver writes through it."""

    replay: Replay
    replayed: str

    def write(self, data: bytes) -> int:  # type: ignore[override]
        offset = self.tell()
        self.replay.write(self.replayed, offset, bytes(data))
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        self.replay.truncate(self.replayed, self.tell() if size is None else size)
        return super().truncate(size)


@pytest.mark.no_cover  # what it runs is counted in other tests, and the trace costs a third
def test_every_prefix_of_the_writes_of_a_file_object(begin, tmp_path, fair_bits, monkeypatch):
    # Not the order in which the file system's own driver writes: HDF5 gathers no metadata for this one, so each piece
    # of it is a write of its own. Whatever holds here does not depend on pieces being written together.
    (tmp_path / "replay").mkdir()
    replay = Replay(tmp_path / "replay", fair_bits)
    monkeypatch.setattr(RecordedFile, "replay", replay, raising=False)
    monkeypatch.setattr(RecordedFile, "replayed", "unnamed", raising=False)
    (replay.folder / "unnamed").touch()
    direct, opened = recording_file.open_hdf5, []

    def open_hdf5(path: Path, mode: str) -> h5py.File:
        if path.is_relative_to(replay.folder) or mode == "r":
            return direct(path, mode)
        opened.append(RecordedFile(path, {"x": "x+b", "r+": "r+b"}[mode]))  # h5py does not keep it alive
        return h5py.File(opened[-1], "w" if mode == "x" else mode, **recording_file.WRITING)

    monkeypatch.setattr(recording_file, "open_hdf5", open_hdf5)
    monkeypatch.setattr(layout, "SHORT", 0)  # a copy is written past the file object; strace sees those below
    reopened = "mtjlab.data.writing.recording_store.open_recording_file"
    monkeypatch.setattr(reopened, lambda path, mode: open_hdf5(path, mode))
    path = tmp_path / "run.h5"
    writer = begin(path, columns={"time": "s"})
    (replay.folder / "unnamed").rename(replay.path)
    monkeypatch.setattr(RecordedFile, "replayed", "run.h5")
    for life in range(2):
        if life:
            writer = RecordingWriter.resume(path)
        for number in range(2):
            start = writer.committed
            length = LENGTHS[number % 4]
            replay.reported = writer.append(fair_bits[start : start + length], {"time": [start]})
        writer.log("info", "enough")
        writer.close()
        opened[-1].close()
    assert replay.prefixes > 60
    assert replay.path.read_bytes() == path.read_bytes()


SMALL = {"blocks": 4, "data": 4, "segments": 1, "log": 1, "results": 1}
FULL_IN_THE_FIRST_LIFE = SMALL | {"bits": 8, "resistance": 64}
FULL_AT_ONCE = SMALL | {"bits": 4, "resistance": 64}
FULL_IN_THE_SECOND_LIFE = SMALL | {"bits": 32, "resistance": 256}


@pytest.mark.no_cover  # what it runs is counted in other tests, and the trace costs a third
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see the writes")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("blocks", "chunks", "resume_every"),
    [
        (2, {}, 20),
        # An index that is full: the recording is copied into larger chunks on the way.
        (2, FULL_AT_ONCE, 40),
        pytest.param(40, {}, 1, marks=pytest.mark.slow),
        pytest.param(40, FULL_IN_THE_FIRST_LIFE, 1, marks=pytest.mark.slow),
        pytest.param(40, FULL_IN_THE_SECOND_LIFE, 1, marks=pytest.mark.slow),
    ],
)
def test_every_prefix_of_the_writes_of_the_process(tmp_path, fair_bits, blocks, chunks, resume_every):
    for name in ("replay", "run"):
        (tmp_path / name).mkdir()
    (tmp_path / "bits").write_bytes(np.packbits(fair_bits).tobytes())
    path, trace = tmp_path / "run" / "run.h5", tmp_path / "trace"
    calls_seen = (
        "trace=openat,close,pwrite64,ftruncate,fallocate,write,unlink,unlinkat,link,linkat,rename,renameat,renameat2"
    )
    command = ["strace", "-xx", "-s", str(2**22), "-e", calls_seen]
    command += ["-o", str(trace), sys.executable, "-c", WRITER, str(path), str(tmp_path / "bits"), str(blocks)]
    command += [json.dumps(chunks)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False, cwd=tmp_path).returncode:
        pytest.skip("strace may not trace here")
    replay = Replay(tmp_path / "replay", fair_bits, resume_every)
    descriptors: dict[str, str] = {}
    renamed = 0
    with trace.open() as calls:
        for line in calls:
            renamed += follow(line, descriptors, path.parent, replay)
    assert replay.prefixes > 16 * blocks
    assert replay.resumed == (replay.prefixes // resume_every)
    assert replay.resumed > 1
    # Two recordings are made short as they end, and the resumed one is given room before; full indices are copied too.
    assert renamed == 3 if not chunks else renamed > 3
    assert replay.path.read_bytes() == path.read_bytes()
    print(f"{replay.prefixes} of {replay.prefixes} prefixes sound, {replay.resumed} resumed")  # noqa: T201


def moved(descriptors: dict[str, str], old: str, new: str) -> None:
    """Keep descriptors on their files when a file gets the name `new`: one open under that name has none any more."""
    for descriptor in [d for d, name in descriptors.items() if name == new]:
        del descriptors[descriptor]
    for descriptor in [d for d, name in descriptors.items() if name == old]:
        descriptors[descriptor] = new


def follow(line: str, descriptors: dict[str, str], folder: Path, replay: Replay) -> bool:
    """Do to the replay what one line of the trace did to the folder; tell whether a file was renamed."""
    call = re.match(r"(\w+)\((.*)\) += (-?\d+)", line)
    if call is None or call[3] == "-1":
        return False
    name, arguments, result = call.groups()
    texts = [bytes.fromhex(t.replace("\\x", "")) for t in re.findall(r'"((?:\\x..)*)"', arguments)]
    first = arguments.split(",")[0]
    names = [Path(os.fsdecode(text)).name for text in texts if Path(os.fsdecode(text)).parent == folder]
    if name == "openat":
        descriptors.pop(result, None)
        if names:
            descriptors[result] = names[0]
            (replay.folder / names[0]).touch()
    elif name == "close":
        descriptors.pop(first, None)
    elif name.startswith("unlink") and names:
        (replay.folder / names[0]).unlink()
    elif name.startswith("link") and names:
        (replay.folder / names[1]).hardlink_to(replay.folder / names[0])
        moved(descriptors, *names)
        replay.look()
    elif name.startswith("rename") and names:
        (replay.folder / names[0]).replace(replay.folder / names[1])
        moved(descriptors, *names)
        replay.look()
        return True
    elif name == "pwrite64" and first in descriptors:
        replay.write(descriptors[first], int(arguments.rsplit(", ", 1)[1]), texts[0])
    elif name == "fallocate" and first in descriptors:
        mode, start, length = map(int, arguments.split(", ")[1:])
        assert mode == 0
        replay.truncate(descriptors[first], max(start + length, (replay.folder / descriptors[first]).stat().st_size))
    elif name == "ftruncate" and first in descriptors:
        replay.truncate(descriptors[first], int(arguments.rsplit(", ", 1)[1]))
    elif name == "write" and first == "1":
        replay.reported = int(texts[0])
    return False
