"""Recordings of format version 1, made by mtjlab 0.1.0 in November 2026, are still read."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.contents.layout import FORMAT_VERSION
from mtjlab.data.export.export_format import ExportFormat
from mtjlab.data.export.migrate import migrate
from mtjlab.data.export.table import export_table
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter


@pytest.fixture(params=["finished", "killed"])
def old(request, tmp_path) -> Path:
    """Unpack one of the two recordings: of two segments, the second finished or killed."""
    packed = Path(__file__).with_name("version_1") / f"{request.param}.h5.gz"
    (tmp_path / f"{request.param}.h5").write_bytes(gzip.decompress(packed.read_bytes()))
    return tmp_path / f"{request.param}.h5"


def test_a_version_1_recording_is_read_whole(old, fair_bits):
    recording = Recording(old)
    assert recording.status == old.stem
    np.testing.assert_array_equal(recording.bits[:], fair_bits[:16_020])
    assert recording.blocks()["count"].tolist() == [2500, 2500, 1003, 2500, 2500, 2500, 2500, 17]
    assert recording.segments()["first_bit"].tolist() == [0, 6003]
    assert recording.log()["message"].tolist() == ["half way", "resumed at bit 6003"]
    assert recording.frame().attrs["units"] == {"Time": "s", "P(1)": "", "Resistance": "Ω"}
    assert len(recording.frame()) == 8
    assert recording.parameters["fields"].value == [0.0, 25.5e-3]
    assert recording.instruments["pulse_generator"].settings == {"amplitude": 1.25, "output": True}
    assert recording.results == {}


def test_reading_it_changes_nothing(old):
    before = old.read_bytes()
    Recording(old).frame()
    export_table(Recording(old), old.with_suffix(".csv"), ExportFormat.CSV, table="results")
    assert old.with_suffix(".csv").read_text() == "time (s),name,value,uncertainty,unit,low,high\n"
    assert old.read_bytes() == before


def test_it_is_written_anew_in_the_present_format(old, fair_bits):
    before = old.read_bytes()
    done = migrate(old, old.with_name("new.h5"))
    assert old.read_bytes() == before
    new = Recording(old.with_name("new.h5"))
    assert (done.count, done.size) == (16_020, new.path.stat().st_size)
    assert new.attributes["format_version"] == FORMAT_VERSION
    assert new.status == old.stem
    np.testing.assert_array_equal(new.bits[:], fair_bits[:16_020])
    assert list(new.verify()) == []
    assert new.blocks().drop(columns="checksum").equals(Recording(old).blocks())
    assert new.blocks()["checksum"].all()
    for same in ("parameters", "instruments", "bench", "bench_attributes", "sample", "plan", "procedure"):
        assert getattr(new, same) == getattr(Recording(old), same)
    assert new.frame().equals(Recording(old).frame())
    assert new.segments().equals(Recording(old).segments())
    assert new.log()["message"].tolist() == [
        "half way",
        "resumed at bit 6003",
        f"written again in format version {FORMAT_VERSION}, from version 1: checksums are of then",
    ]
    with RecordingWriter.resume(new.path) as writer:
        assert writer.append(fair_bits[16_020:]) == len(fair_bits)
    np.testing.assert_array_equal(new.bits[:], fair_bits)
