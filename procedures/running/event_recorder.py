"""Events of a procedure on their way into its recording, many to a commit."""

import logging
import math
import operator
import time
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis import poor_fits
from mtjlab.core import InputError, Quantity
from mtjlab.data import Blocks, RecordingWriter
from mtjlab.procedures import AlarmEvent, Block, BlockEvent, Event, ResultEvent, RowEvent, RowsEvent, recorded_columns
from mtjlab.procedures.running.recording_log import RecordingLog
from mtjlab.procedures.running.stopping import Tally

__all__ = ["EventRecorder", "PendingRecords"]

log = logging.getLogger(__name__)

COMMIT_INTERVAL = 0.05
"""Longest time [s] that rows and blocks wait for a common commit."""


class EventRecorder:
    """Keep what a procedure reports; what comes faster than `COMMIT_INTERVAL` shares a commit.

    Parameters
    ----------
    writer
        Recording to write to.
    columns
        ``DATA_COLUMNS`` of the procedure.
    tally
        What the earlier segments of a recording that is resumed count; None for a new recording.
    committed
        Called after each commit with the bits that the recording holds.
    """

    def __init__(
        self, writer: RecordingWriter, columns: Sequence[str], tally: Tally | None, committed: Callable[[int], None]
    ) -> None:
        self.tally = tally or Tally()
        """What the recording counts, earlier segments included."""
        self.found: dict[str, Quantity] = {}
        """Results so far, by name."""
        self.is_empty = tally is None
        """Whether nothing was recorded yet."""
        self.log = RecordingLog()
        """Gathers what is logged during the run."""
        self._writer, self._committed = writer, committed
        self._pending = PendingRecords(columns, writer.columns)
        self._add_row = self._pending.add_row
        self._committed_at = time.monotonic()

    def take(self, event: Event, now: float) -> None:
        """Keep what belongs into a recording, and commit where it is time.

        Parameters
        ----------
        event
            What the procedure reports.
        now
            When, by the monotonic clock [s].
        """
        # Rows first: a procedure may report a hundred thousand a second.
        if isinstance(event, RowEvent):
            self._add_row(event.row)
        elif isinstance(event, RowsEvent):
            self._pending.add_batch(event.columns)
        elif isinstance(event, BlockEvent):
            self._take_block(event.block)
            if event.row is not None:
                self._add_row(event.row)
        elif isinstance(event, ResultEvent):
            self._take_results(event.results)
        elif isinstance(event, AlarmEvent):
            self.tally.alarms += 1
            log.warning("health alarm: %s", event.text)
        if now - self._committed_at > COMMIT_INTERVAL:
            self.commit()

    def commit(self) -> None:
        """Commit what was taken, and bring what was logged into the recording."""
        self._committed_at = time.monotonic()
        if self._pending:
            self._pending.write(self._writer)
            self.is_empty = False
            self._committed(self._writer.committed)
        self.log.write(self._writer)

    def _take_block(self, block: Block) -> None:
        self._pending.add_block(block)
        self.tally.bits += len(block.bits)
        self.tally.alarms += block.alarms

    def _take_results(self, results: Mapping[str, Quantity]) -> None:
        self.commit()  # what they were found in is on the disk first
        self._writer.write_results(results)
        self.found |= results
        for words in poor_fits(results):
            log.warning("%s", words)
        self.is_empty = False


class PendingRecords:
    """Blocks and rows, gathered until one commit takes them all.

    A row alone is a dictionary and costs an append to a list; a batch of rows is a dictionary of arrays and stays
    one.

    Parameters
    ----------
    columns
        ``DATA_COLUMNS`` of the procedure; what it emits besides them is not kept, as PyMeasure does not keep it.
    kept
        Names of those that the recording has; an older one that is resumed may lack some. All unless given.
    """

    def __init__(self, columns: Sequence[str], kept: Collection[str] | None = None) -> None:
        every = recorded_columns(columns)
        self._columns = {text: column for text, column in every.items() if kept is None or column.name in kept}
        self._warned: set[str] = set()
        self._blocks: list[Block] = []
        self._rows: list[Mapping[str, Any]] = []
        self._row_times = array("d")
        self._batches: list[dict[str, NDArray[np.float64]]] = []
        self._batch_times: list[NDArray[np.float64]] = []

    def __bool__(self) -> bool:
        return bool(self._blocks or self._rows or self._batches)

    def add_block(self, block: Block) -> None:
        """Add a block of bits.

        Parameters
        ----------
        block
            The block, with its row.
        """
        self._blocks.append(block)

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Add one row; nothing is looked at yet, for procedures that emit row by row.

        Parameters
        ----------
        row
            Number of each column.
        """
        self._rows.append(row)
        self._row_times.append(time.time())

    def add_batch(self, batch: Mapping[str, Any]) -> None:
        """Add many rows: a sequence of numbers a column, all of one length.

        Parameters
        ----------
        batch
            Numbers of each column, by its name with its unit; a column that is missing becomes NaN.

        Raises
        ------
        ValueError
            If the lengths differ or a value is no number.
        """
        self._close_rows()
        self._warn_of(batch)
        columns = {text: self._numbers(text, values) for text, values in batch.items() if text in self._columns}
        lengths = {text: len(values) for text, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise InputError(f"a batch of rows has columns of lengths {lengths}: give them one length")
        count = next(iter(lengths.values()), 0)
        for text in self._columns.keys() - columns.keys():
            columns[text] = np.full(count, math.nan)
        self._batches.append(columns)
        self._batch_times.append(np.full(count, time.time()))

    def write(self, writer: RecordingWriter) -> None:
        """Append everything to the recording in one commit, and forget it.

        Parameters
        ----------
        writer
            Writer of the recording.
        """
        self._close_rows()
        blocks, batches, times = self._blocks, self._batches, self._batch_times
        self._blocks, self._batches, self._batch_times = [], [], []
        rows = {
            column.name: np.concatenate([batch[text] for batch in batches])
            for text, column in self._columns.items()
            if batches
        }
        writer.append(
            Blocks(
                np.concatenate([block.bits for block in blocks]) if blocks else None,
                counts=[len(block.bits) for block in blocks] if blocks else None,
                resistance=_resistances(blocks) if writer.keeps_resistance else None,
                start=[block.started for block in blocks],
                amplitude=[block.amplitude for block in blocks],
                width=[block.width for block in blocks],
                field=[block.field for block in blocks],
                alarms=[block.alarms for block in blocks],
            ),
            rows or None,
            row_times=np.concatenate(times) if rows else None,
        )

    def _close_rows(self) -> None:
        """Turn the single rows that have come into a batch: the order in which all were emitted stays."""
        if not self._rows:
            return
        rows, times = self._rows, self._row_times
        self._rows, self._row_times = [], array("d")
        self._warn_of(rows[0])
        self._batches.append({text: self._numbers(text, _values(rows, text)) for text in self._columns})
        self._batch_times.append(np.frombuffer(times))

    def _warn_of(self, record: Mapping[str, Any]) -> None:
        """Say once of each name that is no column: what comes under it is not kept."""
        for name in record.keys() - self._columns.keys() - self._warned:
            self._warned.add(name)
            log.warning("%r is not among DATA_COLUMNS: what is emitted under this name is not recorded", name)

    def _numbers(self, text: str, values: Any) -> NDArray[np.float64]:
        try:
            return np.asarray(values, np.float64).reshape(-1)
        except (TypeError, ValueError):
            return np.array([self._number(text, value) for value in values], np.float64)

    def _number(self, text: str, value: Any) -> float:
        """Turn one value into a number in the column's unit; PyMeasure's procedures may emit pint quantities."""
        try:
            if hasattr(value, "m_as"):
                return float(value.m_as(self._columns[text].unit))
            return float(value)
        except Exception:
            raise InputError(
                f"column {text!r} was given {value!r:.60}: a recording's columns hold numbers; convert it, or log it"
            ) from None


def _values(rows: Sequence[Mapping[str, Any]], text: str) -> list[Any]:
    """Return what rows have under a name; NaN where one has nothing."""
    try:
        return list(map(operator.itemgetter(text), rows))
    except KeyError:
        return [row.get(text, math.nan) for row in rows]


def _resistances(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Return the resistance of each bit [Ω]; NaN where a block has none."""
    each = [np.full(len(b.bits), math.nan) if b.resistances is None else b.resistances for b in blocks]
    return np.concatenate(each) if each else np.empty(0)
