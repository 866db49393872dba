"""Tables exported as CSV or Parquet are those of the recording, with their units."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtjlab.data.export import table as export_module
from mtjlab.data.export.export_format import ExportFormat
from mtjlab.data.export.table import export_table
from mtjlab.data.reading.recorded_tables import TABLE_NAMES
from mtjlab.data.recording import Recording
from mtjlab.data.writing.blocks import Blocks

NOTE = 'wafer "7", die 3\nzweite Zeile, 5 Ω'


@pytest.fixture
def recording(begin, tmp_path, fair_bits) -> Recording:
    """Record something in every table, with numbers that need all their digits."""
    with begin(tmp_path / "run.h5", resistance=True) as writer:
        for number in range(5):
            row = {"time": [number / 3], "probability": [0.5], "resistance": [np.nan]}
            bits = fair_bits[1003 * number :][:1003]
            writer.append(Blocks(bits, resistance=3e3 * (1 + bits / 3), amplitude=1.2 + 1e-9 * number), row)
        writer.log("warning", NOTE, "bench")
        for settings in ("", "damping=0.03"):
            writer.begin_fit(settings)
        writer.write_results({"field": (0.0255, 0.0003, "T"), "count": (3.0, np.nan, "")})
    return Recording(tmp_path / "run.h5")


@pytest.mark.parametrize("format_", ["csv", "parquet"])
@pytest.mark.parametrize("table", TABLE_NAMES)
def test_every_table_comes_back(recording, table, format_, monkeypatch):
    if format_ == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    monkeypatch.setattr(export_module, "_PIECE", 2)
    count = min(7, recording.length(table) - 1)
    expected = recording.table(table, 1, 1 + count)
    units = expected.attrs["units"]
    output = recording.path.with_name(f"out.{format_}")
    done = export_table(recording, output, ExportFormat(format_), table=table, first=1, count=count)
    assert (done.count, done.size) == (count, output.stat().st_size)
    if format_ == "csv":
        head, *rows = csv.reader(io.StringIO(output.read_bytes().decode(), newline=""))
        assert head == [f"{name} ({unit})" if unit else name for name, unit in units.items()]
        read = pd.DataFrame(rows, columns=list(units), dtype=object)
        for name in units:
            if expected[name].dtype.kind in "iuf":
                read[name] = [float(value or "nan") for value in read[name]]
    else:
        from pyarrow import parquet

        file = parquet.read_table(output)
        assert {f.name: f.metadata[b"units"].decode() for f in file.schema} == units
        assert file.schema.metadata[b"mtjlab.table"] == table.encode()
        read = file.to_pandas()
        assert [str(t) for t in read.dtypes] == [str(t) for t in expected.dtypes]
    assert len(read) == count
    for name in units:
        np.testing.assert_array_equal(read[name].to_numpy(), expected[name].to_numpy())


def test_a_stream_takes_the_same_bytes_and_stays_open(recording):
    stream, output = io.BytesIO(), recording.path.with_name("out.csv")
    export_table(recording, stream, ExportFormat.CSV)
    export_table(recording, output, ExportFormat.CSV)
    assert stream.getvalue() == output.read_bytes()
    assert stream.getvalue().startswith("time (s),probability,resistance (Ω),row_time (s)\n0.0,0.5,,".encode())


def test_without_pyarrow_one_line_says_so(recording, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match="Parquet needs pyarrow, which is not installed: pip install pyarrow, or"):
        export_table(recording, recording.path.with_name("out.parquet"), ExportFormat.PARQUET)
    assert [p.name for p in recording.path.parent.iterdir()] == ["run.h5"]


def test_what_is_not_there_is_named(recording, begin, tmp_path):
    with pytest.raises(ValueError, match="a recording has no table 'rows'; choose one of data, blocks"):
        export_table(recording, Path("never"), ExportFormat.CSV, table="rows")
    with pytest.raises(ValueError, match="blocks 4 to 6 are not all there; choose within 0 to 5"):
        export_table(recording, Path("never"), ExportFormat.CSV, table="blocks", first=4, count=2)
    with pytest.raises(ValueError, match="format ascii holds no table"):
        export_table(recording, Path("never"), ExportFormat.ASCII)
    begin(tmp_path / "bare.h5", columns={}).close()
    with pytest.raises(ValueError, match="has no columns; choose another table, such as blocks"):
        export_table(Recording(tmp_path / "bare.h5"), Path("never"), ExportFormat.CSV)


def test_a_text_that_a_spreadsheet_would_carry_out_is_made_inert(begin, tmp_path):
    with begin(tmp_path / "run.h5") as writer:
        writer.log("info", '=HYPERLINK("http://x","y")', "@source")
        writer.append([1], {"time": [-1.5], "probability": [0.5], "resistance": [3e3]})
    export_table(Recording(tmp_path / "run.h5"), tmp_path / "log.csv", ExportFormat.CSV, table="log")
    (row,) = csv.DictReader((tmp_path / "log.csv").read_text(encoding="utf-8").splitlines())
    assert (row["message"], row["source"]) == ('\'=HYPERLINK("http://x","y")', "'@source")
    export_table(Recording(tmp_path / "run.h5"), tmp_path / "data.csv", ExportFormat.CSV)
    assert "-1.5" in (tmp_path / "data.csv").read_text()  # a number stays one
    assert "'" not in (tmp_path / "data.csv").read_text()
