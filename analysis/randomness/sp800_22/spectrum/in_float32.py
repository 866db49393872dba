"""How many peaks of a spectrum lie below a threshold: by a float32 transform, surely."""

from __future__ import annotations

import numpy as np
from numba import int64, uint8, uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.lanes import LANES, load, spread, store
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.spectrum.lane_transform import ROW, transform
from mtjlab.analysis.randomness.sp800_22.spectrum.plan import BRANCHES, SpectrumPlan, spectrum_plan
from mtjlab.analysis.randomness.sp800_22.spectrum.powers import (
    DOUBTS,
    SURE,
    TOWERS,
    count_powers,
    note_doubt,
    peak_power,
    powers_of_pairs,
)

__all__ = ["peaks_below_in_float32"]

DOUBT = 2.5e-6
"""Relative band about the threshold in which float32 is not trusted: 16 standard deviations of its error."""

MOST_DOUBTFUL = 100

TOWERING = 1000
"""Times the mean power: rounding a larger peak, by 2^-24 of its amplitude, may spoil another by more than DOUBT."""

Floats = NDArray[np.float32]


def peaks_below_in_float32(sequence: PackedSequence, threshold: float) -> int | None:
    """Count the frequencies 0 to n/2 - 1 whose power is below `threshold`.

    None where float32 is not to be trusted or n has no fitting factors: then count in float64.

    Notes
    -----
    The first step transforms the sixteen bits x[i + j n/16] of each i, which a table knows by their bytes. Of its
    sixteen frequencies, 1 to 7 go into lanes of one transform of n/16 complex numbers (9 to 15 are their conjugates);
    0 and 8 hold those of a real sequence of n/8 sums, whose pairs are the complex numbers of lane 0. That transform
    goes in four steps (Bailey, FFTs in external or hierarchical memory, J. Supercomputing 4, 23, 1990).
    Powers so near the threshold that float32 may err are computed again in float64.
    """
    n = sequence.length
    plan = spectrum_plan(n)
    if plan is None:
        return None
    limits = np.array([threshold * (1 - DOUBT), threshold * (1 + DOUBT), TOWERING * n], np.float32)
    spectrum = np.empty(plan.rows * plan.columns * ROW, np.float32)
    pairs = np.empty((plan.rows, plan.columns), np.complex64)
    found, doubtful = np.zeros(3, np.int64), np.empty(MOST_DOUBTFUL, np.int64)
    _count_peaks(sequence.padded, n, plan, limits, spectrum, pairs, found, doubtful)
    if found[TOWERS] or found[DOUBTS] > MOST_DOUBTFUL:
        return None
    doubts = (int(min(k, n - k)) for k in doubtful[: found[DOUBTS]])
    return int(found[SURE]) + sum(peak_power(sequence.packed, k) < threshold for k in doubts)


@kernel
def _count_peaks(
    packed: NDArray[np.uint8],
    n: int,
    plan: SpectrumPlan,
    limits: Floats,
    spectrum: Floats,
    pairs: NDArray[np.complex64],
    found: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    _columns(_eighths(packed, n), plan, spectrum)
    _rows(spectrum, plan, limits, pairs, found, doubtful)
    step = int64(LANES)  # the type that it is compiled for
    powers_of_pairs(pairs, plan.row_unpacking, plan.column_unpacking, limits, step, found, doubtful)


@part
def _eighths(packed: NDArray[np.uint8], n: int) -> NDArray[np.uint8]:
    """Gather bits an eighth of the sequence apart in bytes: bit j of byte i is bit i + j n/8."""
    eighth = n // 8
    gathered = np.empty((eighth + 7) // 8 * 8, np.uint8)
    for block in range(gathered.size // 8):
        square = uint64(0)
        for j in range(8):
            at = j * eighth + 8 * block
            byte, skip = at >> 3, uint64(at & 7)
            pair = (uint64(packed[byte]) << uint64(8)) | uint64(packed[byte + 1])
            square |= ((pair >> (uint64(8) - skip)) & uint64(0xFF)) << uint64(8 * j)
        # The square of 8 × 8 bits is transposed by exchanging its parts, then theirs, then single bits.
        swap = (square ^ (square >> uint64(7))) & uint64(0x00AA00AA00AA00AA)
        square ^= swap ^ (swap << uint64(7))
        swap = (square ^ (square >> uint64(14))) & uint64(0x0000CCCC0000CCCC)
        square ^= swap ^ (swap << uint64(14))
        swap = (square ^ (square >> uint64(28))) & uint64(0x00000000F0F0F0F0)
        square ^= swap ^ (swap << uint64(28))
        for i in range(8):  # the first bit of a byte is its most significant
            gathered[8 * block + i] = uint8((square >> uint64(8 * (7 - i))) & uint64(0xFF))
    return gathered


@part
def _columns(eighths: NDArray[np.uint8], plan: SpectrumPlan, spectrum: Floats) -> None:
    """Do the first step and transform the columns, turned for what follows; `spectrum` gets row after row."""
    rows, columns, turns, folded = plan.rows, plan.columns, plan.turns, plan.folded
    even, odd, row_turn, column_turn = plan.first_step_even, plan.first_step_odd, plan.row_turns, plan.column_turns
    here, there = np.empty(rows * ROW, np.float32), np.empty(rows * ROW, np.float32)
    for column in range(columns):
        for row in range(rows):
            i, at = row * columns + column, row * ROW
            a, b = ROW * np.intp(eighths[i]), ROW * np.intp(eighths[i + rows * columns])
            re, im = load(even, a) + load(odd, b), load(even, a + LANES) + load(odd, b + LANES)
            turn_re, turn_im = load(row_turn, at), load(row_turn, at + LANES)
            store(here, at, re * turn_re - im * turn_im)
            store(here, at + LANES, re * turn_im + im * turn_re)
            here[at] = folded[eighths[2 * i]]
            here[at + LANES] = folded[eighths[2 * i + 1]]
        done = transform(here, there, plan.row_factors, plan.row_roots)
        lane_re, lane_im = load(column_turn, column * ROW), load(column_turn, column * ROW + LANES)
        for row in range(rows):
            at, to = row * ROW, (row * columns + column) * ROW
            re, im = load(done, at), load(done, at + LANES)
            one_re, one_im = spread(turns[column, 2 * row]), spread(turns[column, 2 * row + 1])
            turn_re, turn_im = lane_re * one_re - lane_im * one_im, lane_re * one_im + lane_im * one_re
            store(spectrum, to, re * turn_re - im * turn_im)
            store(spectrum, to + LANES, re * turn_im + im * turn_re)


@part
def _rows(
    spectrum: Floats,
    plan: SpectrumPlan,
    limits: Floats,
    pairs: NDArray[np.complex64],
    found: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Transform the rows, count the powers of all lanes but 0, and note those in doubt.

    What is in lane 0 goes into `pairs`. A frequency may be given as its negative, n less it.
    """
    rows, columns = pairs.shape
    there, power = np.empty(columns * ROW, np.float32), np.empty(columns * LANES, np.float32)
    for row in range(rows):
        begin = row * columns * ROW
        done = transform(spectrum[begin : begin + columns * ROW], there, plan.column_factors, plan.column_roots)
        for column in range(columns):
            at = column * ROW
            re, im = load(done, at), load(done, at + LANES)
            store(power, column * LANES, re * re + im * im)
            pairs[row, column] = np.complex64(complex(done[at], done[at + LANES]))
            power[column * LANES] = limits[1]  # is in none of the counts
        if count_powers(power, limits, found):
            for i in range(power.size):
                if limits[0] <= power[i] < limits[1]:
                    note_doubt(i % LANES + BRANCHES * (row + rows * (i // LANES)), found, doubtful)
