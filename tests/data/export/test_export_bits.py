"""Bits exported for other programs are the recording's bits, in the order in which those programs read them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.bit_files.bit_file import read_bits
from mtjlab.data.export import bits as export_module
from mtjlab.data.export.bits import export_bits
from mtjlab.data.export.export_format import ExportFormat
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError

RANGES = [(0, None), (3, 64), (13, 4_000), (8, 1), (99_900, 100)]


@pytest.fixture
def recording(begin, tmp_path, fair_bits) -> Recording:
    """Record a hundred thousand bits and one that fills no byte."""
    with begin(tmp_path / "run.h5", columns={}) as writer:
        writer.append(np.append(fair_bits, 1))
    return Recording(tmp_path / "run.h5")


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch) -> None:
    """Let a hundred thousand bits take many pieces."""
    monkeypatch.setattr(export_module, "PIECE", 800)


def practrand_bits(data: bytes) -> np.ndarray:
    # PractRand joins bytes into words in little-endian order and counts bits from the lowest.
    return np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")


def word_bits(words: np.ndarray) -> np.ndarray:
    return ((words[:, None] >> np.arange(31, -1, -1)) & 1).ravel()


READERS = {
    ExportFormat.PACKED: lambda data: np.unpackbits(np.frombuffer(data, np.uint8)),
    # NIST STS reads one digit after the other, whatever white space is between: fscanf("%1d").
    ExportFormat.ASCII: lambda data: np.array([int(c) for c in "".join(data.decode().split())]),
    ExportFormat.DIEHARDER_RAW: lambda data: word_bits(np.frombuffer(data, "<u4").astype(np.int64)),
    ExportFormat.DIEHARDER: lambda data: word_bits(np.loadtxt(data.decode().splitlines()[6:], np.int64, ndmin=1)),
    ExportFormat.PRACTRAND: practrand_bits,
}


@pytest.mark.parametrize(("first", "count"), RANGES)
@pytest.mark.parametrize("format_", READERS)
def test_what_another_program_reads_are_the_bits(recording, fair_bits, format_, first, count):
    word = {ExportFormat.ASCII: 1, ExportFormat.DIEHARDER: 32, ExportFormat.DIEHARDER_RAW: 32}.get(format_, 8)
    asked = np.append(fair_bits, 1)[first:][:count]
    output = recording.path.with_name("out")
    if len(asked) < word:
        with pytest.raises(ValueError, match=f"1 bits fill no word of {word}"):
            export_bits(recording, output, format_, first=first, count=count)
        assert not output.exists()
        return
    seen = []
    done = export_bits(recording, output, format_, first=first, count=count, progress=lambda *step: seen.append(step))
    assert (done.count, done.left_out) == (len(asked) // word * word, len(asked) % word)
    np.testing.assert_array_equal(READERS[format_](output.read_bytes()), asked[: done.count])
    assert done.size == output.stat().st_size
    assert seen[-1] == (done.count, done.count)
    stream = io.BytesIO()
    export_bits(recording, stream, format_, first=first, count=count)
    assert stream.getvalue() == output.read_bytes()


@pytest.mark.parametrize("format_", ["packed", "ascii"])
def test_mtjlab_reads_its_own_export(recording, fair_bits, format_):
    export_bits(recording, recording.path.with_name("out"), ExportFormat(format_), count=100_000)
    read = read_bits(recording.path.with_name("out"))
    assert read.format == format_
    np.testing.assert_array_equal(read.bits, fair_bits)


def test_dieharders_header_counts_the_words(recording):
    output = recording.path.with_name("out")
    export_bits(recording, output, ExportFormat.DIEHARDER)
    lines = output.read_text(encoding="ascii").splitlines()
    assert [line[0] for line in lines[:3]] == ["#"] * 3
    assert lines[3:6] == ["type: d", "count: 3125", "numbit: 32"]
    assert len(lines) == 6 + 3125


def test_nothing_is_overwritten_unasked(recording):
    output = recording.path.with_name("out")
    output.write_text("precious")
    with pytest.raises(RecordingError, match="exists already; choose another name, or say that it may be overwritten"):
        export_bits(recording, output, ExportFormat.ASCII)
    assert output.read_text() == "precious"
    export_bits(recording, output, ExportFormat.ASCII, count=4, overwrite=True)
    assert len(output.read_text()) == 5


def test_a_name_taken_meanwhile_is_left_alone(recording):
    output = recording.path.with_name("out")
    with pytest.raises(RecordingError, match="exists already"):
        export_bits(recording, output, ExportFormat.ASCII, progress=lambda *_: output.write_text("precious"))
    assert output.read_text() == "precious"
    assert {p.name for p in output.parent.iterdir()} == {"run.h5", "out"}


def test_a_range_that_is_not_there_is_named(recording):
    with pytest.raises(ValueError, match="bits 99999 to 100003 are not all there; choose within 0 to 100001"):
        export_bits(recording, Path("never"), ExportFormat.ASCII, first=99_999, count=4)


def test_a_table_format_is_refused(recording):
    with pytest.raises(ValueError, match="format csv is none of bits; choose one of packed, ascii"):
        export_bits(recording, Path("never"), ExportFormat.CSV)


def test_an_interrupt_leaves_nothing(recording):
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_bits(recording, recording.path.with_name("out"), ExportFormat.ASCII, progress=stop)
    assert [p.name for p in recording.path.parent.iterdir()] == ["run.h5"]


def test_a_disk_without_room_leaves_nothing(recording):
    resource = pytest.importorskip("resource", reason="the limit of file size is POSIX's")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(RecordingError, match=r"\(File too large\); nothing of it is left; make room"):
            export_bits(recording, recording.path.with_name("out"), ExportFormat.ASCII)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [p.name for p in recording.path.parent.iterdir()] == ["run.h5"]
