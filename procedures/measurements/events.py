"""What a procedure reports while it runs: typed events, and PyMeasure's pairs of topic and record.

Our procedures report events. A plain PyMeasure procedure calls ``emit(topic, record)``; `event_of` turns that into an
event, here and nowhere else. `topic_and_record` is the way back, so that a procedure of ours can run in PyMeasure's own
worker.

============= ============================================================================ ===============
topic         record                                                                       event
============= ============================================================================ ===============
results       a row: column → number                                                       `RowEvent`
results       many rows: column → array                                                    `RowsEvent`
batch results many rows: column → array (PyMeasure's word for it)                          `RowsEvent`
block         a `Block` of bits, or a pair of one and its row                              `BlockEvent`
fit           name → (value, uncertainty, unit), or with both ends of an interval behind   `ResultEvent`
fit progress  per cent of the fit, which comes after the last reading                      `FitProgressEvent`
alarm         text of a health test, counted as an alarm                                   `AlarmEvent`
progress      per cent                                                                     `ProgressEvent`
status        PyMeasure's number                                                           `StatusEvent`
============= ============================================================================ ===============
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mtjlab.core import InputError, Quantity

if TYPE_CHECKING:
    from mtjlab.procedures.measurements.block import Block

__all__ = [
    "AlarmEvent",
    "BlockEvent",
    "CommitEvent",
    "Event",
    "FitProgressEvent",
    "OtherEvent",
    "ProgressEvent",
    "ResultEvent",
    "RowEvent",
    "RowsEvent",
    "StatusEvent",
    "event_of",
    "topic_and_record",
]

# Not frozen: a frozen one takes twice as long to make, and a procedure may report a hundred thousand rows a second.


@dataclass(slots=True)
class RowEvent:
    """One row."""

    row: Mapping[str, Any]
    """Number of each column; a column that is left out is empty (NaN)."""


@dataclass(slots=True)
class RowsEvent:
    """Many rows."""

    columns: Mapping[str, Any]
    """Numbers of each column, each of shape (N,)."""


@dataclass(slots=True)
class BlockEvent:
    """A block of random bits."""

    block: Block
    """The bits, with what they were made with."""
    row: Mapping[str, Any] | None = None
    """The row that belongs to it, if any."""


@dataclass(slots=True)
class ResultEvent:
    """What was found."""

    results: Mapping[str, Quantity]
    """What was found, by name."""


@dataclass(slots=True)
class AlarmEvent:
    """An alarm of a health test."""

    text: str
    """What it says."""


@dataclass(slots=True)
class ProgressEvent:
    """How much of the measurement is done."""

    percent: float
    """0 to 100."""


@dataclass(slots=True)
class FitProgressEvent:
    """How much is done of the fit, which comes after the last reading."""

    percent: float
    """0 to 100."""


@dataclass(slots=True)
class CommitEvent:
    """The recording holds more; reported by the worker."""

    bits: int
    """Bits that it holds, whatever happens from now on."""


@dataclass(slots=True)
class StatusEvent:
    """The run has begun or ended; reported by the worker."""

    status: int
    """PyMeasure's number: `Procedure.RUNNING`, ``FINISHED``, ``FAILED`` or ``ABORTED``."""


@dataclass(slots=True)
class OtherEvent:
    """Something under a topic of the user's own; nothing of it is recorded."""

    topic: str
    """The topic."""
    record: Any
    """What was emitted."""


Event = (
    RowEvent
    | RowsEvent
    | BlockEvent
    | ResultEvent
    | AlarmEvent
    | ProgressEvent
    | FitProgressEvent
    | CommitEvent
    | StatusEvent
    | OtherEvent
)
"""Anything that a procedure reports."""


def event_of(topic: str, record: Any) -> Event:
    """Make an event of what a PyMeasure procedure emits.

    Parameters
    ----------
    topic, record
        The arguments of ``emit``; the table of this module says which there are.

    Returns
    -------
    Event
        `OtherEvent` for a topic that is not in the table.

    Examples
    --------
    >>> event_of("progress", 30)
    ProgressEvent(percent=30.0)
    >>> event_of("results", {"Voltage (V)": 0.1})
    RowEvent(row={'Voltage (V)': 0.1})
    """
    if topic in _EVENTS:
        return _EVENTS[topic](record)
    return OtherEvent(topic, record)


def _row_or_rows(record: Mapping[str, Any]) -> RowEvent | RowsEvent:
    for value in record.values():
        # The first tells. Most are plain numbers, and isinstance takes longer to say so.
        if type(value) is not float and isinstance(value, _MANY):
            return RowsEvent(record)
        break
    return RowEvent(record)


def _block(record: Any) -> BlockEvent:
    return BlockEvent(*record) if isinstance(record, tuple) else BlockEvent(record)


def _results(record: Mapping[str, Any]) -> ResultEvent:
    return ResultEvent({name: _quantity(name, found) for name, found in record.items()})


_MANY = (np.ndarray, list, tuple)
_EVENTS: dict[str, Callable[[Any], Event]] = {
    "results": _row_or_rows,
    "batch results": RowsEvent,
    "block": _block,
    "fit": _results,
    "alarm": lambda record: AlarmEvent(str(record)),
    "progress": lambda record: ProgressEvent(float(record)),
    "fit progress": lambda record: FitProgressEvent(float(record)),
    "status": lambda record: StatusEvent(int(record)),
}
"""How the record of each topic becomes an event."""


def _quantity(name: str, found: Any) -> Quantity:
    try:
        return Quantity.of(found)
    except InputError as error:
        raise InputError(f"result {name}: {error}") from error


def topic_and_record(event: Event) -> tuple[str, Any]:
    """Give the arguments of PyMeasure's ``emit`` for an event.

    Examples
    --------
    >>> topic_and_record(ProgressEvent(30.0))
    ('progress', 30.0)
    """
    match event:
        case RowEvent(row):
            return "results", row
        case RowsEvent(columns):
            return "batch results", columns
        case BlockEvent(block, row):
            return "block", block if row is None else (block, row)
        case ResultEvent(results):
            return "fit", results
        case AlarmEvent(text):
            return "alarm", text
        case ProgressEvent(percent):
            return "progress", percent
        case FitProgressEvent(percent):
            return "fit progress", percent
        case CommitEvent(bits):
            return "committed", bits
        case StatusEvent(status):
            return "status", status
        case OtherEvent(topic, record):
            return topic, record
