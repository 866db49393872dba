"""A file that is not a whole recording is refused in one line that says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter


@pytest.fixture
def path(begin, tmp_path, fair_bits) -> Path:
    """Finish a recording of 12,500 bytes of bits."""
    with begin(tmp_path / "run.h5") as writer:
        writer.append(fair_bits, {"time": [1.0], "probability": [0.5], "resistance": [3e3]})
    return tmp_path / "run.h5"


def refused(path: Path, match: str) -> None:
    before = path.read_bytes() if path.is_file() else None
    for way in (Recording, RecordingWriter.resume):
        with pytest.raises(RecordingError, match=match) as caught:
            way(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert "; " in str(caught.value)  # the remedy
    assert before is None or path.read_bytes() == before


def test_a_missing_file(tmp_path):
    refused(tmp_path / "gone.h5", "does not exist; check the name")


def test_a_folder(tmp_path):
    refused(tmp_path, "is a folder")


def test_an_empty_file(tmp_path):
    (tmp_path / "empty.h5").touch()
    refused(tmp_path / "empty.h5", "is empty")


def test_a_text_file(tmp_path):
    (tmp_path / "note.h5").write_text("#Procedure: <__main__.Random>\n" * 50)
    refused(tmp_path / "note.h5", "is not an HDF5 file")


def test_hdf5_of_another_program(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["bits/packed"] = np.arange(10)
    refused(tmp_path / "other.h5", "is HDF5 but no mtjlab recording")


def test_a_copy_that_stopped_half_way(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, r"is cut short at \d+ bytes; copy it again")


def test_a_foreign_file_that_another_process_writes(tmp_path):
    path = tmp_path / "other.h5"
    hold = (
        "import sys, h5py; file = h5py.File(sys.argv[1], 'w'); file['a'] = 1; file.flush(); print(flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(RecordingError, match="is HDF5 but no mtjlab recording"):
            Recording(path)
        writer.stdin.close()


def change(path: Path, what: str) -> None:
    """Do to a recording what no mtjlab does."""
    with h5py.File(path, "r+") as file:
        packed = file["bits/packed"]
        match what:
            case "newer format":
                file.attrs["format_version"] = 4
            case "strange status":
                file.attrs["status"] = "splendid"
            case "no blocks":
                del file["blocks"]
            case "no columns":
                del file["data"]
            case "external link":
                file["sample/secret"] = h5py.ExternalLink("/etc/passwd", "/")
            case "bits elsewhere":
                del file["bits"]
                file["bits"] = h5py.ExternalLink("other.h5", "/bits")
            case "bits in a raw file":
                kept = dict(packed.attrs)
                del file["bits/packed"]
                raw = file.create_dataset("bits/packed", (12_500,), "u1", external=[("/etc/passwd", 0, 12_500)])
                raw.attrs.update(kept)
            case "bits virtual":
                kept = dict(packed.attrs)
                del file["bits/packed"]
                layout = h5py.VirtualLayout((12_500,), "u1")
                layout[:] = h5py.VirtualSource("/etc/passwd", "bits/packed", (12_500,))
                virtual = file.create_virtual_dataset("bits/packed", layout)
                virtual.attrs.update(kept)
            case "a soft link to itself":
                del file["log"]
                file["log"] = h5py.SoftLink("/log")
            case "a gigantic chunk":
                del file["log"]
                log = file.create_dataset("log", (1,), "u1", maxshape=(None,), chunks=(2**32 - 1,))
                log.attrs["committed"] = np.uint64(0)
            case "claims of bits":
                packed.attrs["committed"] = np.uint64(2**62)
            case "huge and empty":
                told = {name: value for name, value in packed.attrs.items() if name != "DIMENSION_LIST"}
                del file["bits/packed"]
                packed = file.create_dataset("bits/packed", (2**60,), "u1", chunks=(2**20,), maxshape=(None,))
                packed.attrs.update(told | {"committed": np.uint64(2**63)})
            case "negative":
                packed.attrs["committed"] = np.int64(-8)
            case "huge parameter":
                file.create_dataset("parameters/huge", (2**40,), "f8", chunks=(1024,))


@pytest.mark.parametrize(
    ("what", "match"),
    [
        ("newer format", "has format version 4, this mtjlab reads 1 to 3; update mtjlab"),
        ("strange status", "has status 'splendid'"),
        ("no blocks", "lacks the table /blocks"),
        ("no columns", "lacks the group /data"),
        ("external link", "points to data elsewhere at /sample/secret"),
        ("bits elsewhere", "points to data elsewhere at /bits"),
        ("bits in a raw file", "points to data elsewhere at /bits/packed"),
        ("bits virtual", "points to data elsewhere at /bits/packed"),
        ("a soft link to itself", "points to data elsewhere at /log"),
        ("a gigantic chunk", "lacks the table /log|claims|is damaged"),
        ("claims of bits", "counts 576460752303423488 elements in /bits/packed but holds fewer"),
        ("huge and empty", "but holds fewer"),
        ("negative", "says that it holds -8 bits"),
        ("huge parameter", "claims 8796093022208 bytes for /parameters/huge"),
    ],
)
def test_a_changed_recording(path, what, match):
    change(path, what)
    refused(path, match)


@pytest.mark.parametrize("what", ["blocks", "ones", "segments"])
def test_a_recording_that_disagrees_with_itself_is_not_resumed(path, what):
    with h5py.File(path, "r+") as file:
        match what:
            case "blocks":
                file["bits/packed"].attrs["committed"] = np.uint64(99_999)
            case "ones":
                file["bits/packed"][77] ^= 1
            case "segments":
                file["segments"].attrs["committed"] = np.uint64(0)
    before = path.read_bytes()
    with pytest.raises(RecordingError, match=r"blocks that do not add up|block 0 .* has checksum|segments that do not"):
        RecordingWriter.resume(path)
    assert path.read_bytes() == before
    assert Recording(path).bits[:].size >= 99_999  # what is there can still be read
