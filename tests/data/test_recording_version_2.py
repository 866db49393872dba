"""Recordings of format version 2, whose tables are compound rows, are still read, resumed and written again."""

from __future__ import annotations

import gzip
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.data.contents.layout import FORMAT_VERSION
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter


@pytest.fixture
def old(tmp_path) -> Path:
    """Unpack a finished recording of 5,000 bits, made by mtjlab 0.1.0 in November 2026."""
    packed = Path(__file__).with_name("version_2") / "finished.h5.gz"
    (tmp_path / "old.h5").write_bytes(gzip.decompress(packed.read_bytes()))
    return tmp_path / "old.h5"


def test_it_is_read_whole_and_not_changed(old):
    before = old.read_bytes()
    recording = Recording(old)
    assert (recording.status, recording.committed, recording.rows) == ("finished", 5000, 2)
    assert list(recording.verify()) == []
    assert recording.segments()["first_bit"].tolist() == [0]
    assert recording.log()["message"].iloc[0].startswith("currents of the states")
    assert recording.results["parallel current"].unit == "A"
    assert list(recording.frame().columns) == [
        "Time", "P(1)", "Parallel current", "Antiparallel current", "Junction"
    ]  # fmt: skip
    assert recording.frame().attrs["units"]["Parallel current"] == "A"
    assert old.read_bytes() == before


def test_resumed_it_is_in_the_present_format(old):
    before = {name: Recording(old).table(name) for name in ("data", "blocks", "segments", "log", "results")}
    bits, parameters = Recording(old).bits[:], Recording(old).parameters
    with RecordingWriter.resume(old) as writer:
        writer.append([0, 1, 1], {"Time": [1.0], "P(1)": [0.5], "Parallel current": [1e-6],
                                  "Antiparallel current": [5e-7], "Junction": [1.0]})  # fmt: skip
    new = Recording(old)
    assert new.attributes["format_version"] == FORMAT_VERSION
    np.testing.assert_array_equal(new.bits[:], [*bits, 0, 1, 1])
    assert new.parameters == parameters
    for name, table in before.items():
        known = new.table(name, 0, len(table))[list(table.columns)]
        assert known.equals(table) or name == "segments"
    assert new.segments()["first_bit"].tolist() == [0, 5000]
    with h5py.File(old) as file:  # the empty datasets that named dimensions are gone
        assert not {"block", "message", "result", "segment"} & set(file)
