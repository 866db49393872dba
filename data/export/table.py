"""A table of a recording as CSV or Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mtjlab.core import InputError, new_file
from mtjlab.data.export.export_format import ExportFormat
from mtjlab.data.export.exported import Exported
from mtjlab.data.reading.recorded_tables import checked_range
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["export_table"]

_PIECE = 2**17
"""Rows written at a time."""

Write = Callable[["pd.DataFrame"], None]


def export_table(
    recording: Recording,
    output: Path | BinaryIO,
    format_: ExportFormat,
    *,
    table: str = "data",
    first: int = 0,
    count: int | None = None,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Exported:
    """Write a table for spreadsheets and data frames; memory does not go with its length.

    Parameters
    ----------
    recording
        Where it is.
    output
        File, which appears when it is complete; or a stream that takes bytes.
    format_
        CSV (a line of names, each with its unit in brackets; texts in quotes where they need them, and with an
        apostrophe before what a spreadsheet would carry out as a formula) or Parquet.
    table
        ``data`` (the rows of the columns), ``blocks``, ``segments``, ``log``, ``results`` or ``bits``.
    first, count
        The first row and how many; by default all.
    overwrite
        Whether a file of that name may be replaced.
    progress
        Called with how many rows are done and how many there are.

    Returns
    -------
    Exported
        File, rows and size.

    Raises
    ------
    ValueError
        If there is no such table, it has not so many rows or no columns, the format holds no table, or pyarrow is
        needed and missing.
    RecordingError
        If the file exists or cannot be written.
    """
    if not format_.is_table:
        raise InputError(f"format {format_} holds no table; choose csv or parquet")
    with recording:
        start, stop = checked_range(first, None if count is None else first + count, recording.length(table), table)
        if table == "data" and not recording.table("data", 0, 0).columns.size:
            raise InputError(f"{recording.path}: has no columns; choose another table, such as blocks")

        def write(stream: BinaryIO) -> int:
            counted = _Counted(stream)
            writer = _csv if format_ is ExportFormat.CSV else _parquet
            with writer(counted, recording, table) as put:
                for begin in range(start, stop, _PIECE):
                    end = min(begin + _PIECE, stop)
                    put(recording.table(table, begin, end))
                    progress(end - start, stop - start)
            stream.flush()
            return counted.size

        if not isinstance(output, Path):
            return Exported(None, stop - start, write(output))
        with new_file(output, overwrite=overwrite, error=RecordingError) as unnamed, unnamed.open("xb") as file:
            size = write(file)
        return Exported(output, stop - start, size)


class _Counted(io.RawIOBase):
    """Pass bytes on and count them; never close what they go to."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        written = self._stream.write(data)
        self.size += written
        return written

    def tell(self) -> int:
        return self.size


@contextmanager
def _csv(stream: _Counted, recording: Recording, table: str) -> Iterator[Write]:
    def put(frame: pd.DataFrame) -> None:
        stream.write(_inert(frame).to_csv(index=False, header=False, lineterminator="\n").encode())

    empty = recording.table(table, 0, 0)
    named = {name: _head(name, unit) for name, unit in empty.attrs["units"].items()}
    heads = empty.rename(columns=named).rename(columns=_inert_text)
    stream.write(heads.to_csv(index=False, lineterminator="\n").encode())
    yield put


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def _inert_text(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would carry out; it shows the rest."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _inert(frame: pd.DataFrame) -> pd.DataFrame:
    texts = {name: column.map(_inert_text) for name, column in frame.items() if column.dtype.kind not in "biuf"}
    return frame.assign(**texts) if texts else frame


def _head(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit and not name.endswith(f"({unit})") else name


@contextmanager
def _parquet(stream: _Counted, recording: Recording, table: str) -> Iterator[Write]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise InputError("Parquet needs pyarrow, which is not installed: pip install pyarrow, or choose csv") from None
    empty, attributes = recording.table(table, 0, 0), recording.attributes
    origin = {f"mtjlab.{name}": str(attributes[name]) for name in ("procedure", "created", "software")}
    types = {n: pa.from_numpy_dtype(t) if t.kind in "iuf" else pa.string() for n, t in empty.dtypes.items()}
    schema = pa.schema(
        [pa.field(name, types[name], metadata={"units": unit}) for name, unit in empty.attrs["units"].items()],
        metadata={"mtjlab.table": table, "mtjlab.recording": recording.path.name} | origin,
    )

    def put(frame: pd.DataFrame) -> None:
        writer.write_table(pa.table({name: pa.array(frame[name], types[name]) for name in types}, schema=schema))

    with parquet.ParquetWriter(stream, schema) as writer:
        yield put
