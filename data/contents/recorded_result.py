"""Results as a recording keeps them: a row of /results for each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from mtjlab.core import InputError, Quantity
from mtjlab.data.contents.recording_attributes import from_stored

__all__ = ["ResultLike", "result_rows", "latest_results"]

ResultLike = Quantity | tuple[float, float, str] | tuple[float, float, str, float, float]
"""A quantity; or value, standard uncertainty, unit; or value, NaN, unit and both ends of the 95 % interval."""


def result_rows(dtype: np.dtype[Any], results: Mapping[str, ResultLike]) -> np.ndarray[Any, Any]:
    """Return one row of /results for each of `results`.

    Raises
    ------
    ValueError
        If a name or unit is too long, or a value is no number.
    """
    rows = np.zeros(len(results), dtype)
    rows["time"] = time.time()
    for row, (name, found) in zip(rows, results.items(), strict=True):
        try:
            value, uncertainty, unit, low, high = Quantity.of(found)
        except InputError as error:
            raise InputError(f"result {name}: {error}") from error
        for field, text in (("name", name), ("unit", unit)):
            length = dtype[field].itemsize
            if not (text or field == "unit") or len(text.encode()) > length:
                raise InputError(f"{field} {text!r:.80} of a result; give up to {length} bytes of UTF-8")
            row[field] = text.encode()
        row["value"], row["uncertainty"], row["low"], row["high"] = value, uncertainty, low, high
    return rows


def latest_results(rows: np.ndarray[Any, Any]) -> dict[str, Quantity]:
    """Return the last result of each name, in the order in which the names came first."""
    with_ends = "low" in (rows.dtype.names or ())
    return {
        str(from_stored(row["name"])): Quantity(
            float(row["value"]),
            float(row["uncertainty"]),
            str(from_stored(row["unit"])),
            # A version before wrote rows of a table that it did not know as zeros: those are no ends.
            *((float(row["low"]), float(row["high"])) if with_ends and row["low"] < row["high"] else ()),
        )
        for row in rows
    }
