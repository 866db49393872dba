"""What a recording has of messages, results and fits, as plain Python values."""

from __future__ import annotations

import h5py

from mtjlab.core import Quantity
from mtjlab.data.checking.recording_check import committed
from mtjlab.data.contents.recorded_fit import RecordedFit, recorded_fits
from mtjlab.data.contents.recorded_result import latest_results
from mtjlab.data.contents.recording_attributes import from_stored
from mtjlab.data.contents.table_rows import read_rows

__all__ = ["read_fits", "read_messages", "read_results"]


def read_messages(file: h5py.File, last: int) -> list[tuple[float, str, str, str]]:
    """Return the last messages: time [Unix s], level, source and text of each.

    Parameters
    ----------
    file
        The recording.
    last
        How many.
    """
    count = committed(file, "log")
    rows = read_rows(file, "log", max(0, count - last), count)
    fields = ("time", "level", "source", "message")
    return list(zip(*(from_stored(rows[field]) for field in fields), strict=True))


def read_results(file: h5py.File) -> dict[str, Quantity]:
    """Return the results by name, the last where a name came again; older versions of the format have no table."""
    count = committed(file, "results")
    return latest_results(read_rows(file, "results", 0, count)) if count else {}


def read_fits(file: h5py.File) -> list[RecordedFit]:
    """Return the fits, the newest last; older versions of the format have no table."""
    count = committed(file, "fits")
    if not count:
        return []
    return recorded_fits(read_rows(file, "fits", 0, count), read_rows(file, "results", 0, committed(file, "results")))
