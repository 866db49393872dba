"""A fit as a recording keeps it: when it was made, with which settings, and what it found."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np

from mtjlab.core import InputError, Quantity
from mtjlab.data.contents.recorded_result import latest_results
from mtjlab.data.contents.recording_attributes import from_stored

__all__ = ["RecordedFit", "fit_row", "recorded_fits"]


class RecordedFit(NamedTuple):
    """One fit of a recording."""

    time: float
    """When it was begun [Unix s]."""

    settings: str
    """Settings that differ from the recording's parameters, each NAME=VALUE; empty for those as recorded."""

    software: str
    """What made it."""

    results: dict[str, Quantity]
    """What it found; nothing where it was stopped."""


def fit_row(dtype: np.dtype[Any], first_result: int, settings: str, software: str) -> np.ndarray[Any, Any]:
    """Return the row of /fits of a fit that begins now.

    Raises
    ------
    InputError
        If the settings are too long.
    """
    length = dtype["settings"].itemsize
    if len(settings.encode()) > length:
        raise InputError(f"the settings of a fit take {len(settings.encode())} bytes: a recording keeps {length}")
    row = np.zeros(1, dtype)
    row["time"], row["first_result"] = time.time(), first_result
    row["settings"], row["software"] = settings.encode(), software.encode()[: dtype["software"].itemsize]
    return row


def recorded_fits(rows: np.ndarray[Any, Any], results: np.ndarray[Any, Any]) -> list[RecordedFit]:
    """Return the fits, the newest last, from the rows of /fits and /results."""
    begins = [int(row["first_result"]) for row in rows]
    return [
        RecordedFit(
            float(row["time"]),
            str(from_stored(row["settings"])),
            str(from_stored(row["software"])),
            latest_results(results[begin:end]),
        )
        for row, begin, end in zip(rows, begins, [*begins[1:], len(results)], strict=True)
    ]
