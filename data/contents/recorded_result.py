"""A result as a recording keeps it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from mtjlab.core import NORMAL_95, InputError
from mtjlab.data.contents.recording_attributes import from_stored

__all__ = ["RecordedResult", "ResultLike", "result_rows", "latest_results"]

ResultLike = tuple[float, float, str] | tuple[float, float, str, float, float]
"""Value, standard uncertainty, unit; or value, NaN, unit and both ends of the 95 % interval."""


class RecordedResult(NamedTuple):
    """What a procedure found: a fitted parameter, an operating point.

    >>> str(RecordedResult(0.0255, 0.0003, "T")), str(RecordedResult(51286.9, 51.3, "Ω"))
    ('0.02550 ± 0.00030 T', '51287 ± 51 Ω')

    An interval that is not symmetric has ends instead:

    >>> str(RecordedResult(3.2e-6, low=1.1e-6, high=7.0e-6))
    '3.2e-06 (1.1e-06 to 7.0e-06, 95 %)'
    """

    value: float
    """The value, in `unit`."""

    uncertainty: float = math.nan
    """Standard uncertainty, in `unit`; NaN where it is not known."""

    unit: str = ""
    """SI unit; empty where there is none."""

    low: float = math.nan
    """Lower end of the 95 % interval, in `unit`, where it is not symmetric; else NaN."""

    high: float = math.nan
    """Upper end, likewise."""

    @property
    def has_ends(self) -> bool:
        """Whether the interval is told by its ends."""
        # A version before wrote rows of a table that it did not know as zeros.
        return self.low < self.high

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval: its ends, or normal about the value; NaN where nothing is known of it."""
        if self.has_ends:
            return self.low, self.high
        return self.value - NORMAL_95 * self.uncertainty, self.value + NORMAL_95 * self.uncertainty

    def __str__(self) -> str:
        value = float(self.value)
        unit = "" if self.unit == "1" else self.unit
        if self.has_ends:
            return f"{_with_ends(value, self.low, self.high)} {unit}".rstrip()
        if not (0 < self.uncertainty < math.inf and math.isfinite(value)):
            whole = value.is_integer() and abs(value) < 1e15
            return f"{value:.0f} {unit}".rstrip() if whole else f"{value:.6g} {unit}".rstrip()
        # Two digits of the uncertainty, and the value to the same place.
        places = 1 - math.floor(math.log10(self.uncertainty))
        if 0 <= places <= 6 and abs(value) < 1e6:
            return f"{value:.{places}f} ± {self.uncertainty:.{places}f} {unit}".rstrip()
        digits = max(1, places + math.floor(math.log10(abs(value) or self.uncertainty)))
        return f"{value:.{digits}e} ± {self.uncertainty:.1e} {unit}".rstrip()


def _with_ends(value: float, low: float, high: float) -> str:
    spread = min(high - value if math.isfinite(high) else math.inf, value - low if math.isfinite(low) else math.inf)
    spread = spread if 0 < spread < math.inf else high - low
    places = 1 - math.floor(math.log10(spread)) if spread < math.inf else 6
    small = places > 6 or max(abs(each) for each in (value, low, high) if math.isfinite(each)) >= 1e6
    told = [f"{each:.1e}" if small else f"{each:.{max(places, 0)}f}" for each in (value, low, high)]
    return f"{told[0]} ({told[1]} to {told[2]}, 95 %)"


def result_rows(dtype: np.dtype[Any], results: Mapping[str, ResultLike]) -> np.ndarray[Any, Any]:
    """Return one row of /results for each of `results`.

    Raises
    ------
    ValueError
        If a name or unit is too long, or a value is no number.
    """
    rows = np.zeros(len(results), dtype)
    rows["time"] = time.time()
    for row, (name, (value, uncertainty, unit, *ends)) in zip(rows, results.items(), strict=True):
        for field, text in (("name", name), ("unit", unit)):
            length = dtype[field].itemsize
            if not (text or field == "unit") or len(text.encode()) > length:
                raise InputError(f"{field} {text!r:.80} of a result; give up to {length} bytes of UTF-8")
            row[field] = text.encode()
        try:
            row["value"], row["uncertainty"] = float(value), float(uncertainty)
            row["low"], row["high"] = map(float, ends) if ends else (math.nan, math.nan)
        except (TypeError, ValueError) as error:
            raise InputError(f"result {name} is {value!r:.40} ± {uncertainty!r:.40}; give two numbers") from error
    return rows


def latest_results(rows: np.ndarray[Any, Any]) -> dict[str, RecordedResult]:
    """Return the last result of each name, in the order in which the names came first."""
    with_ends = "low" in (rows.dtype.names or ())
    return {
        str(from_stored(row["name"])): RecordedResult(
            float(row["value"]),
            float(row["uncertainty"]),
            str(from_stored(row["unit"])),
            *((float(row["low"]), float(row["high"])) if with_ends and row["low"] < row["high"] else ()),
        )
        for row in rows
    }
