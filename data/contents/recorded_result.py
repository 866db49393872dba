"""A result as a recording keeps it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from mtjlab.data.contents.recording_attributes import from_stored
from mtjlab.data.errors import InputError

__all__ = ["RecordedResult", "ResultLike", "result_rows", "latest_results"]

ResultLike = tuple[float, float, str]
"""Value, standard uncertainty, unit."""


class RecordedResult(NamedTuple):
    """What a procedure found: a fitted parameter, an operating point.

    >>> str(RecordedResult(0.0255, 0.0003, "T")), str(RecordedResult(51286.9, 51.3, "Ω"))
    ('0.02550 ± 0.00030 T', '51287 ± 51 Ω')
    """

    value: float
    """The value, in `unit`."""

    uncertainty: float = math.nan
    """Standard uncertainty, in `unit`; NaN where it is not known."""

    unit: str = ""
    """SI unit; empty where there is none."""

    def __str__(self) -> str:
        value = float(self.value)
        unit = "" if self.unit == "1" else self.unit
        if not (0 < self.uncertainty < math.inf and math.isfinite(value)):
            whole = value.is_integer() and abs(value) < 1e15
            return f"{value:.0f} {unit}".rstrip() if whole else f"{value:.6g} {unit}".rstrip()
        # Two digits of the uncertainty, and the value to the same place.
        places = 1 - math.floor(math.log10(self.uncertainty))
        if 0 <= places <= 6 and abs(value) < 1e6:
            return f"{value:.{places}f} ± {self.uncertainty:.{places}f} {unit}".rstrip()
        digits = max(1, places + math.floor(math.log10(abs(value) or self.uncertainty)))
        return f"{value:.{digits}e} ± {self.uncertainty:.1e} {unit}".rstrip()


def result_rows(dtype: np.dtype[Any], results: Mapping[str, ResultLike]) -> np.ndarray[Any, Any]:
    """Return one row of /results for each of `results`.

    Raises
    ------
    ValueError
        If a name or unit is too long, or a value is no number.
    """
    rows = np.zeros(len(results), dtype)
    rows["time"] = time.time()
    for row, (name, (value, uncertainty, unit)) in zip(rows, results.items(), strict=True):
        for field, text in (("name", name), ("unit", unit)):
            length = dtype[field].itemsize
            if not (text or field == "unit") or len(text.encode()) > length:
                raise InputError(f"{field} {text!r:.80} of a result; give up to {length} bytes of UTF-8")
            row[field] = text.encode()
        try:
            row["value"], row["uncertainty"] = float(value), float(uncertainty)
        except (TypeError, ValueError) as error:
            raise InputError(f"result {name} is {value!r:.40} ± {uncertainty!r:.40}; give two numbers") from error
    return rows


def latest_results(rows: np.ndarray[Any, Any]) -> dict[str, RecordedResult]:
    """Return the last result of each name, in the order in which the names came first."""
    return {
        str(from_stored(row["name"])): RecordedResult(
            float(row["value"]), float(row["uncertainty"]), str(from_stored(row["unit"]))
        )
        for row in rows
    }
