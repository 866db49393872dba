"""Many expansions in spherical harmonics, carried through time side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mtjlab.core import jit

__all__ = ["LANES", "hold", "march"]

LANES = 32
"""Expansions side by side: float32 numbers in wide registers."""
WORK_AT_ONCE = 400_000
"""Entries of the matrix times steps that are gone through before anybody is asked: a tenth of a second."""

Floats = NDArray[np.float32]


@njit(inline="always")
def _slope(starts, places, steady, varying, c, strength, sums, out):  # type: ignore[no-untyped-def]
    """Give (steady + strength·varying) c, with a strength a lane."""
    first, second = sums[0], sums[1]
    for row in range(starts.size - 1):
        for lane in range(LANES):
            first[lane] = 0
            second[lane] = 0
        for entry in range(starts[row], starts[row + 1]):
            place, s, v = places[entry], steady[entry], varying[entry]
            for lane in range(LANES):
                first[lane] += s * c[place, lane]
                second[lane] += v * c[place, lane]
        for lane in range(LANES):
            out[row, lane] = first[lane] + strength[lane] * second[lane]


@jit(nogil=True)
def _march(starts, places, steady, varying, c, strengths, seen, dt, shown):  # type: ignore[no-untyped-def]
    """Take Runge-Kutta steps of order 4; `strengths` are given at the ends and middles of the steps."""
    size = c.shape[0]
    k, stage, total = np.empty_like(c), np.empty_like(c), np.empty_like(c)
    sums = np.empty((2, LANES), np.float32)
    steps = (strengths.shape[0] - 1) // 2
    for step in range(steps + 1):
        for which in range(seen.shape[0]):
            for lane in range(LANES):
                shown[which, step, lane] = 0
            for row in range(size):
                for lane in range(LANES):
                    shown[which, step, lane] += seen[which, row, lane] * c[row, lane]
        if step == steps:
            break
        half, sixth, third = np.float32(dt[step] / 2), np.float32(dt[step] / 6), np.float32(dt[step] / 3)
        whole = np.float32(dt[step])
        _slope(starts, places, steady, varying, c, strengths[2 * step], sums, k)
        for row in range(size):
            for lane in range(LANES):
                total[row, lane] = c[row, lane] + sixth * k[row, lane]
                stage[row, lane] = c[row, lane] + half * k[row, lane]
        _slope(starts, places, steady, varying, stage, strengths[2 * step + 1], sums, k)
        for row in range(size):
            for lane in range(LANES):
                total[row, lane] += third * k[row, lane]
                stage[row, lane] = c[row, lane] + half * k[row, lane]
        _slope(starts, places, steady, varying, stage, strengths[2 * step + 1], sums, k)
        for row in range(size):
            for lane in range(LANES):
                total[row, lane] += third * k[row, lane]
                stage[row, lane] = c[row, lane] + whole * k[row, lane]
        _slope(starts, places, steady, varying, stage, strengths[2 * step + 2], sums, k)
        for row in range(size):
            for lane in range(LANES):
                c[row, lane] = total[row, lane] + sixth * k[row, lane]


@njit(cache=True, nogil=True)
def _hold(starts, places, values, c, dt, steps):  # type: ignore[no-untyped-def]
    """Take steps with one matrix: four terms of the exponential series, which Runge-Kutta of order 4 is then."""
    term, further = c.copy(), np.empty_like(c)
    for _ in range(steps):
        term[:] = c
        for order in range(1, 5):
            for row in range(starts.size - 1):
                total = 0.0
                for entry in range(starts[row], starts[row + 1]):
                    total += values[entry] * term[places[entry]]
                further[row] = total * dt / order
            term[:] = further
            c += term
    return c


def hold(matrix: Any, c: NDArray[np.float64], duration: float, steps: int, check: Callable[[], None]) -> None:
    """Integrate dc/dt = matrix·c in place.

    Parameters
    ----------
    matrix
        Sparse matrix [1/s], shape (N, N).
    c
        One expansion, shape (N,).
    duration
        How long [s].
    steps
        In how many steps.
    check
        Called several times a second; it may raise.
    """
    rows = matrix.tocsr()
    at_once = max(1, 16 * WORK_AT_ONCE // max(1, rows.nnz))
    for begin in range(0, steps, at_once):
        _hold(rows.indptr, rows.indices, rows.data, c, duration / steps, min(at_once, steps - begin))
        check()


def march(
    steady: Any,
    varying: Any,
    c: Floats,
    strengths: NDArray[np.float64],
    dt: NDArray[np.float64],
    seen: Floats | None = None,
    stepped: Callable[[int], None] = lambda steps: None,
) -> tuple[Floats, Floats]:
    """Integrate dc/dt = (steady + strength·varying) c for many c.

    Parameters
    ----------
    steady, varying
        Sparse matrices [1/s] and [1/s per unit of the strength], shape (N, N).
    c
        Expansions at the start, shape (N, K).
    strengths
        At the ends and middles of all steps, shape (2·steps + 1, K).
    dt
        Steps [s], shape (steps,).
    seen
        What each expansion is multiplied by, and summed, at the end of each step; shape (S, N, K).
    stepped
        Called several times a second with how many steps have been made since the last call; it may raise.

    Returns
    -------
    end : ndarray of float32
        Expansions at the end, shape (N, K).
    shown : ndarray of float32
        The sums, shape (S, steps + 1, K); empty without `seen`.
    """
    both = (abs(steady) + abs(varying)).tocsr()
    both.sort_indices()
    rows = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
    values = [np.asarray(each.tocsr()[rows, both.indices], np.float32).ravel() for each in (steady, varying)]
    columns, steps = c.shape[1], (len(strengths) - 1) // 2
    ends = np.empty(c.shape, np.float32)
    looks = np.empty((0, *c.shape), np.float32) if seen is None else seen
    shown = np.empty((len(looks), steps + 1, columns), np.float32)
    for first in range(0, columns, LANES):
        these = slice(first, min(first + LANES, columns))
        mine, fields = _widened(c[:, these]), _widened(strengths[:, these])
        looked = _widened(looks[:, :, these])
        sums = np.empty((len(looks), steps + 1, LANES), np.float32)
        at_once = max(1, WORK_AT_ONCE // max(1, both.nnz))
        for begin in range(0, max(1, steps), at_once):
            end = min(begin + at_once, steps)
            part = np.empty((len(looks), end - begin + 1, LANES), np.float32)
            between = fields[2 * begin : 2 * end + 1]
            _march(both.indptr, both.indices, values[0], values[1], mine, between, looked, dt[begin:end], part)
            sums[:, begin : end + 1] = part
            stepped(end - begin)
        count = these.stop - these.start
        ends[:, these] = mine[:, :count]
        shown[:, :, these] = sums[:, :, :count]
    return ends, shown


def _widened(columns: NDArray[Any]) -> Floats:
    wide = np.zeros((*columns.shape[:-1], LANES), np.float32)
    wide[..., : columns.shape[-1]] = columns
    return wide
