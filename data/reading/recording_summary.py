"""What a person wants to know of a recording, found without loading it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

from mtjlab.data.checking.recording_check import committed
from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recording_attributes import from_stored, read_text
from mtjlab.data.contents.recording_columns import column_units, plotted_columns
from mtjlab.data.contents.table_rows import read_rows

__all__ = ["RecordingSummary", "SegmentSummary", "summarise"]

_ROWS = 2**15
"""Rows of /blocks that are read at a time."""


class SegmentSummary(NamedTuple):
    """One uninterrupted stretch."""

    start: float
    """When it began [Unix s]."""

    end: float
    """When it ended [Unix s]; for one that is under way or was killed, when the file was last written."""

    first_bit: int
    """The first of its bits."""

    bits: int
    """How many bits it added."""

    host: str
    """Where it ran."""

    process: int
    """Number of the process there."""

    why: str
    """Why it ended; empty while it runs, and after a kill until the recording is resumed."""


class RecordingSummary(NamedTuple):
    """A recording in numbers."""

    status: Status
    """Running, finished, aborted, failed or killed."""

    size: int
    """Length of the file [bytes]."""

    bits: int
    """Committed bits."""

    planned: int | None
    """Bits that were asked for: the parameter `bits`; None where the procedure has none."""

    ones: int
    """Ones among the bits, as counted block by block."""

    blocks: int
    """Blocks of bits."""

    alarms: int
    """Alarms of health tests."""

    rows: int
    """Rows of the columns."""

    columns: dict[str, str]
    """Unit of each column."""

    plotted: tuple[str, ...]
    """The columns that viewers plot at first: across and up, or across, up and in colour; empty for the first two."""

    operating_point: dict[str, float]
    """Pulse amplitude [V], width [s] and field [T] of the last block, as far as they are known."""

    segments: tuple[SegmentSummary, ...]
    """The stretches."""

    last_written: float
    """When the file was last written [Unix s]."""

    @property
    def duration(self) -> float:
        """Time for which it was recorded [s], without the time between segments."""
        return sum(segment.end - segment.start for segment in self.segments)


def summarise(file: h5py.File, path: Path, status: Status) -> RecordingSummary:
    """Summarise an open recording; memory does not go with its length."""
    bits, blocks = committed(file), committed(file, "blocks")
    stat = path.stat()
    ones = alarms = 0
    point: dict[str, float] = {}
    for rows in _pieces(file["blocks"], blocks):
        ones += int(rows["ones"].sum(dtype=np.int64))
        alarms += int(rows["alarms"].sum(dtype=np.int64))
        last = {name: float(rows[name][-1]) for name in ("amplitude", "width", "field")}
        point = {name: value for name, value in last.items() if not math.isnan(value)}
    return RecordingSummary(
        status=status,
        size=stat.st_size,
        bits=bits,
        planned=_planned(file),
        ones=ones,
        blocks=blocks,
        alarms=alarms,
        rows=committed(file, "rows"),
        columns=column_units(file["data"]),
        plotted=plotted_columns(file["data"]) or (),
        operating_point=point,
        segments=_segments(file, bits, stat.st_mtime),
        last_written=stat.st_mtime,
    )


def _pieces(table: h5py.Dataset, count: int) -> Iterator[np.ndarray[Any, Any]]:
    """Give the first rows of a table piece by piece, all in the same memory: fresh one takes as long as the reading.

    As mtjlab writes them, chunks are rows as they lie in memory, and are taken as they are in half the time.
    """
    plain = table.chunks is not None and not table.id.get_create_plist().get_nfilters()
    length = table.chunks[0] if plain else _ROWS
    room = np.empty(length, table.dtype)
    for start in range(0, count, length):
        rows = room[: count - start]
        if plain:
            table.id.read_direct_chunk((start,), out=room.view("u1"))
        else:
            table.read_direct(rows, np.s_[start : start + len(rows)])
        yield rows


def _planned(file: h5py.File) -> int | None:
    planned: Any = file["parameters"].get("bits")
    if not isinstance(planned, h5py.Dataset) or planned.shape != () or read_text(planned, "units"):
        return None
    value = from_stored(planned[()])
    return int(value) if isinstance(value, (int, float)) and value == value // 1 else None


def _segments(file: h5py.File, bits: int, last_written: float) -> tuple[SegmentSummary, ...]:
    rows = read_rows(file, "segments", 0, committed(file, "segments"))
    ends = [*rows["first_bit"][1:].tolist(), bits]
    return tuple(
        SegmentSummary(
            start=float(row["start"]),
            end=max(float(row["start"]), last_written) if math.isnan(row["end"]) else float(row["end"]),
            first_bit=int(row["first_bit"]),
            bits=end - int(row["first_bit"]),
            host=str(from_stored(row["host"])),
            process=int(row["process"]),
            why=str(from_stored(row["why"])),
        )
        for row, end in zip(rows, ends, strict=True)
    )
