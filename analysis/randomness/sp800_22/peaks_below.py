"""How many peaks of a spectrum lie below a threshold: by a float32 transform, surely."""

from __future__ import annotations

import numpy as np
from numba import njit, uint8, uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.lane_transform import ROW, transform
from mtjlab.analysis.randomness.sp800_22.lanes import LANES, load, spread, store
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.peak_power import peak_power
from mtjlab.analysis.randomness.sp800_22.powers_of_pairs import powers_of_pairs
from mtjlab.analysis.randomness.sp800_22.spectrum_plan import BRANCHES, spectrum_plan

__all__ = ["peaks_below"]

DOUBT = 2.5e-6
"""Relative band about the threshold in which float32 is not trusted: 16 standard deviations of its error."""

MOST_DOUBTFUL = 100

TOWERING = 1000
"""Times the mean power: rounding a larger peak, by 2^-24 of its amplitude, may spoil another by more than DOUBT."""

Floats = NDArray[np.float32]


def peaks_below(sequence: PackedSequence, threshold: float) -> int | None:
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
    rows, columns = plan.rows, plan.columns
    spectrum = np.empty(rows * columns * ROW, np.float32)
    _columns(
        _eighths(sequence.padded, n), plan.first_step, plan.folded, plan.row_turns, plan.column_turns, plan.turns,
        plan.row_factors, plan.row_roots, spectrum,
    )  # fmt: skip
    limits = (np.float32(threshold * (1 - DOUBT)), np.float32(threshold * (1 + DOUBT)), np.float32(TOWERING * n))
    pairs = np.empty((rows, columns), np.complex64)
    sure, towers, doubtful = _rows(spectrum, plan.column_factors, plan.column_roots, *limits, pairs)
    more, more_towers, more_doubtful = powers_of_pairs(pairs, *plan.unpacking, *limits)
    frequencies = [int(min(k, n - k)) for k in doubtful] + [int(k) * BRANCHES // 2 for k in more_doubtful]
    if towers + more_towers or len(frequencies) > MOST_DOUBTFUL:
        return None
    if not frequencies:
        return int(sure + more)
    return int(sure + more) + sum(peak_power(sequence.packed, k) < threshold for k in frequencies)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _columns(
    eighths: NDArray[np.uint8],
    first_step: Floats,
    folded: Floats,
    row_turns: Floats,
    column_turns: Floats,
    turns: Floats,
    factors: NDArray[np.int64],
    roots: Floats,
    spectrum: Floats,
) -> None:
    """Do the first step and transform the columns, turned for what follows; `spectrum` gets row after row."""
    rows, columns = row_turns.shape[0], column_turns.shape[0]
    even, odd = first_step[0].ravel(), first_step[1].ravel()
    row_turn, column_turn = row_turns.ravel(), column_turns.ravel()
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
        done = transform(here, there, factors, roots)
        lane_re, lane_im = load(column_turn, column * ROW), load(column_turn, column * ROW + LANES)
        for row in range(rows):
            at, to = row * ROW, (row * columns + column) * ROW
            re, im = load(done, at), load(done, at + LANES)
            one_re, one_im = spread(turns[column, 2 * row]), spread(turns[column, 2 * row + 1])
            turn_re, turn_im = lane_re * one_re - lane_im * one_im, lane_re * one_im + lane_im * one_re
            store(spectrum, to, re * turn_re - im * turn_im)
            store(spectrum, to + LANES, re * turn_im + im * turn_re)


@njit(cache=True, nogil=True)
def _rows(
    spectrum: Floats,
    factors: NDArray[np.int64],
    roots: Floats,
    low: np.float32,
    high: np.float32,
    towering: np.float32,
    pairs: NDArray[np.complex64],
) -> tuple[int, int, list[np.int64]]:
    """Transform the rows; of all lanes but 0 count the powers below `low` and above `towering`.

    Listed is where they are from `low` to `high`.

    What is in lane 0 goes into `pairs`. A frequency may be given as its negative, n less it.
    """
    rows, columns = pairs.shape
    there, power = np.empty(columns * ROW, np.float32), np.empty(columns * LANES, np.float32)
    sure, towers = 0, 0
    doubtful = [np.int64(0) for _ in range(0)]
    for row in range(rows):
        done = transform(spectrum[row * columns * ROW : (row + 1) * columns * ROW], there, factors, roots)
        for column in range(columns):
            at = column * ROW
            re, im = load(done, at), load(done, at + LANES)
            store(power, column * LANES, re * re + im * im)
            pairs[row, column] = np.complex64(complex(done[at], done[at + LANES]))
        power[::LANES] = high  # is in none of the counts
        below, perhaps = 0, 0
        for i in range(power.size):
            below += power[i] < low
            perhaps += power[i] < high
            towers += power[i] > towering
        sure += below
        if perhaps > below:
            for i in range(power.size):
                if low <= power[i] < high:
                    doubtful.append(i % LANES + 2 * LANES * (row + rows * (i // LANES)))
    return sure, towers, doubtful
