"""A hostile file gives an error, or what is right in it: no crash, no hang, no gigabytes; nothing in it is run."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.data.checking.recording_structure import look_through_file
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter

FUZZ = """
import resource, sys
from pathlib import Path
import numpy as np
import pandas
from mtjlab.data.recording import Recording

# What numpy, pandas and HDF5 have mapped already, and one gibibyte.
mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (mapped + 2**30, resource.RLIM_INFINITY))
whole, path, seed, files = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rng = np.random.default_rng(seed)
# Zeros are most of a file, and changing one tells little: half of the changes fall on what is not zero.
telling = np.flatnonzero(np.frombuffer(whole, np.uint8)[: 2**18])
HUGE = [0, 1, 2**31 - 1, 2**32 - 1, 2**40, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1]
refused = 0
for number in range(files):
    data = bytearray(whole)
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.choice(telling)) if rng.random() < 0.75 else int(rng.integers(len(data) - 8))
        if rng.random() < 0.5:
            data[at] ^= 1 << int(rng.integers(8))
        else:
            data[at : at + 8] = int(rng.choice(np.array(HUGE, np.uint64))).to_bytes(8, "little")
    if rng.random() < 0.1:
        del data[int(rng.integers(len(data))) :]
    path.write_bytes(data)
    try:
        with Recording(path) as recording:
            recording.bits[:100], recording.summary(), recording.parameters, recording.instruments, recording.results
            recording.frame(), recording.blocks(), recording.segments(), recording.log(), recording.bench
            recording.attributes, recording.sample, recording.remarks, list(recording.verify())
    except ValueError as error:  # a RecordingError is one
        refused += 1
        assert "\\n" not in str(error), error
print(refused)
"""


@pytest.fixture
def path(begin, tmp_path, fair_bits) -> Path:
    """Record something in every table."""
    with begin(tmp_path / "run.h5") as writer:
        writer.add_instrument("coil", idn="KEPCO,BOP", settings={"field": 0.0255})
        for number in range(3):
            row = {"time": [number], "probability": [0.5], "resistance": [3e3]}
            writer.append(fair_bits[1003 * number :][:1003], row)
        writer.log("info", "half way")
        writer.write_results({"field": (0.0255, 0.0003, "T")})
    return tmp_path / "run.h5"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit of memory is Linux's here")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("seed", "files"), [(1, 8), *(pytest.param(s, 500, marks=pytest.mark.slow) for s in (2, 3))])
def test_changed_bytes_give_an_error_or_what_is_there(path, seed, files):
    command = [sys.executable, "-c", FUZZ, str(path), str(path.with_name("fuzzed.h5")), str(seed), str(files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 0 < int(done.stdout) <= files


class Alarm:
    """What a pickle of runs when it is read."""

    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("import pathlib; pathlib.Path('ran').touch()",))


def test_nothing_named_in_a_file_is_imported_or_run(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    (path.parent / "evil.py").write_text("import pathlib; pathlib.Path('ran').touch()")
    monkeypatch.syspath_prepend(str(path.parent))
    with h5py.File(path, "r+") as file:
        file.attrs["procedure"] = np.bytes_("evil.Procedure")
        file.attrs["software"] = np.bytes_("__import__('evil')")
        file["instruments/coil"].attrs["driver"] = np.bytes_("evil:Driver")
        file["sample"].attrs["note"] = np.void(pickle.dumps(Alarm()))
        file["bench"].attrs["device"] = np.bytes_("!!python/object/apply:os.system ['touch ran']")
    try:
        with Recording(path) as recording:
            _ = recording.procedure, recording.instruments, recording.bench_attributes, recording.summary()
            _ = recording.sample
    except RecordingError:
        pass  # to refuse it is right too
    assert not (path.parent / "ran").exists()
    assert "evil" not in sys.modules


def test_a_node_with_neighbours_it_has_not_is_refused(path):
    # Found by the fuzz: HDF5 follows a group's right neighbour to wherever it leads.
    data = bytearray(path.read_bytes())
    node = data.index(b"TREE\x00")
    data[node + 16 : node + 24] = (2**64 - 33).to_bytes(8, "little")
    path.write_bytes(data)
    assert "neighbours" in look_through_file(path).strange
    with pytest.raises(RecordingError, match=r"is damaged|cannot be read"):
        Recording(path)


@pytest.mark.parametrize("place", [2**64 - 8, 2**63 - 1, 2**20])
def test_a_list_of_free_pieces_that_leads_out_of_its_heap_is_refused(path, place):
    # Found by the fuzz: no offset is too large to be claimed.
    data = bytearray(path.read_bytes())
    heap = data.index(b"HEAP\x00\x00\x00\x00")
    data[heap + 16 : heap + 24] = place.to_bytes(8, "little")
    path.write_bytes(data)
    assert "free piece lies outside" in look_through_file(path).strange
    with pytest.raises(RecordingError, match=r"is damaged|cannot be read"):
        Recording(path)


def test_a_text_in_no_encoding_is_refused(path):
    # Found by the fuzz: h5py meets the sixth of two character sets with a TypeError.
    text = bytes((0x13, 0x11, 0, 0, 240, 0, 0, 0))  # version 1, class 3; UTF-8, filled with zeros; 240 bytes
    data = path.read_bytes()
    assert text in data
    path.write_bytes(data.replace(text, bytes((0x13, 0x51)) + text[2:]))
    assert "no encoding" in look_through_file(path).strange
    with pytest.raises(RecordingError, match=r"is damaged|cannot be read"):
        Recording(path)


def test_a_ring_of_groups_is_not_walked_round_for_ever(path, fair_bits):
    with h5py.File(path, "r+") as file:
        file["added/ring"] = file["/"]
        file["sample/ring"] = file["/sample"]
    np.testing.assert_array_equal(Recording(path).bits[:], fair_bits[:3009])
    with RecordingWriter.resume(path) as writer:
        writer.append(fair_bits[3009:])
    np.testing.assert_array_equal(Recording(path).bits[:], fair_bits)


def test_a_compressed_nothing_of_a_terabit_takes_no_memory(path):
    # 128 GiB of zeros compress to nothing: what is claimed is held against what the file can hold.
    with h5py.File(path, "r+") as file:
        kept = dict(file["bits/packed"].attrs)
        del file["bits/packed"]
        packed = file.create_dataset(
            "bits/packed", (2**37,), "u1", maxshape=(None,), chunks=(2**20,), compression="gzip"
        )
        packed.attrs.update(kept | {"committed": np.uint64(2**40)})
    with pytest.raises(RecordingError, match=r"counts 137438953472 elements in /bits/packed but holds fewer"):
        Recording(path)
