"""What the transform of sequences of one length needs: its factors, tables of roots, and of the first step."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.lanes import LANES
from mtjlab.analysis.randomness.sp800_22.spectrum.lane_transform import radices, roots

__all__ = ["SpectrumPlan", "spectrum_plan", "BRANCHES"]

BRANCHES = 2 * LANES
"""The first step is a transform of sixteen bits, n/16 apart."""

Floats = NDArray[np.float32]


class SpectrumPlan(NamedTuple):
    """Tables for n = 16 · rows · columns bits; numbers lie as `lane_transform` has them."""

    rows: int
    columns: int

    first_step_even: Floats
    """What eight even bits add to the first step, by their byte, shape (256 · 16,)."""

    first_step_odd: Floats
    """What eight odd bits add to it."""

    folded: Floats
    """Sum of the steps of a byte, shape (256,)."""

    row_turns: Floats
    """exp(-2 πi row lane / (16 rows)), shape (rows · 16,)."""

    column_turns: Floats
    """exp(-2 πi column lane / n), shape (columns · 16,)."""

    turns: Floats
    """exp(-2 πi column row / (rows columns)), shape (columns, 2 rows), real and imaginary parts in turn."""

    row_factors: NDArray[np.int64]
    row_roots: Floats
    column_factors: NDArray[np.int64]
    column_roots: Floats

    row_unpacking: NDArray[np.complex64]
    """exp(-πi row / (rows columns)); times the next it is exp(-πi k / (rows columns)), k = row + rows · column."""

    column_unpacking: NDArray[np.complex64]
    """exp(-πi column / columns)."""


@lru_cache(maxsize=1)
def spectrum_plan(n: int) -> SpectrumPlan | None:
    """Return the tables for sequences of `n` bits; None where n is not 16 times numbers with factors 2, 3 and 5."""
    shape = None if n % BRANCHES else _shape(n // BRANCHES)
    if shape is None:
        return None
    rows, columns = shape
    row_factors, column_factors = radices(rows), radices(columns)
    assert row_factors is not None  # or there would be no shape
    assert column_factors is not None
    lanes, angle = np.arange(LANES), -2j * np.pi / n
    row, column = np.arange(rows), np.arange(columns)
    turns = np.empty((columns, rows), np.complex64)
    for each in range(columns):  # one by one: the whole table in float64 would be the largest thing in memory
        turns[each] = np.exp(BRANCHES * angle * each * row)
    return SpectrumPlan(
        rows,
        columns,
        *_first_step(),
        (2.0 * np.bitwise_count(np.arange(256, dtype=np.uint8)) - 8).astype(np.float32),
        _in_rows(np.exp(angle * columns * np.outer(row, lanes))),
        _in_rows(np.exp(angle * np.outer(column, lanes))),
        turns.view(np.float32),
        row_factors,
        roots(rows),
        column_factors,
        roots(columns),
        np.exp(BRANCHES / 2 * angle * row).astype(np.complex64),
        np.exp(BRANCHES / 2 * angle * rows * column).astype(np.complex64),
    )


def _shape(count: int) -> tuple[int, int] | None:
    """Split into rows · columns, nearly square, without prime factors above 5."""
    for rows in range(math.isqrt(count), max(1, math.isqrt(count) // 8), -1):
        columns, rest = divmod(count, rows)
        if rest == 0 and radices(rows) is not None and radices(columns) is not None:
            return rows, columns
    return None


def _first_step() -> tuple[Floats, Floats]:
    """Transform sixteen steps of -1 and 1 for the frequencies 1 to 7; lane 0 is kept for what is not done so."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1, bitorder="little")
    steps = 2.0 * bits - 1
    halves = []
    for odd in (0, 1):
        places = 2 * np.arange(8) + odd
        turned = np.exp(-2j * np.pi / BRANCHES * np.outer(places, np.arange(LANES)))
        turned[:, 0] = 0
        halves.append(_in_rows(steps @ turned))
    return halves[0], halves[1]


def _in_rows(values: NDArray[np.complex128]) -> Floats:
    return np.concatenate((values.real, values.imag), axis=1).astype(np.float32).ravel()
