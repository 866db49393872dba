"""The two states of a toggled junction, and with which probability a pulse takes it from one to the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.bitstream.packed_pieces import bits_before, packed_pieces, without_end, words_of
from mtjlab.analysis.randomness import wilson_interval
from mtjlab.core import Bits, InputError, Quantity

__all__ = ["Transitions", "states_before", "transitions"]

LEAST = 3
"""Bits below which nothing is said."""


@dataclass(frozen=True)
class Transitions:
    """Transitions of a toggled junction: a bit is 1 where the pulse switched it.

    The state before a bit is the exclusive-or of all bits before it and of the state at the start.
    """

    counts: tuple[tuple[int, int], tuple[int, int]]
    """Row: state before the pulse, up and down. Column: state after it, up and down."""

    p_ud: Quantity
    """Probability of a switch from up to down, with Wilson's 95 % interval; NaN where it was never up."""

    p_du: Quantity
    """Probability of a switch from down to up, likewise."""

    equal: Goodness
    """Chi-square, one degree of freedom, of P_ud = P_du: a small p-value says that they differ."""

    memory: Goodness
    """Chi-square, two degrees of freedom, of a bit against the bit before it, for each state by itself.

    A toggled junction remembers its state and nothing else: a small p-value says that this is not one.
    """

    @property
    def visits(self) -> tuple[int, int]:
        """Pulses that found the junction up, and down."""
        (stayed_up, left_up), (left_down, stayed_down) = self.counts
        return stayed_up + left_up, stayed_down + left_down

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Transition matrix, rows before and columns after, up and down; shape (2, 2)."""
        ud, du = self.p_ud.value, self.p_du.value
        return np.array([[1 - ud, ud], [du, 1 - du]])

    @property
    def state_correlation(self) -> Quantity:
        """Correlation of a state with the next one, 1 - P_ud - P_du, with its standard uncertainty."""
        spread = math.hypot(self.p_ud.uncertainty, self.p_du.uncertainty)
        return Quantity(1 - self.p_ud.value - self.p_du.value, spread, "1")

    @property
    def share_of_ones(self) -> float:
        """P(1) that the two probabilities imply, 2 P_ud P_du / (P_ud + P_du)."""
        ud, du = self.p_ud.value, self.p_du.value
        return 2 * ud * du / (ud + du) if ud + du else 0.0


def transitions(bits: ArrayLike | Bits, *, begins_up: bool = True) -> Transitions:
    """Count the transitions of a toggled junction.

    Parameters
    ----------
    bits
        Raw bits, 1 for a switch; 0 and 1, shape (N,), or `Bits`.
    begins_up
        Whether the junction was up before the first bit. If that is not known, up is the name of the first state.

    Returns
    -------
    Transitions
        Counts, probabilities and tests; counted on packed words, 64 bits at once.

    Raises
    ------
    InputError
        If there are fewer than three bits.
    """
    tally = TransitionTally(begins_up=begins_up)
    for piece in packed_pieces([Bits.of(bits)]):
        tally.add(piece)
    return tally.result()


class TransitionTally:
    """Counts states, bits and the bits before them in a stream that comes in pieces of a multiple of 64 bits.

    Parameters
    ----------
    begins_up
        As for `transitions`.
    """

    def __init__(self, *, begins_up: bool = True) -> None:
        self._state = 0 if begins_up else 1
        self._last: int | None = None
        self._first: tuple[int, int] | None = None
        self._counts = [0] * 8  # by state before, bit before, bit: four times, twice, once

    def add(self, bits: Bits) -> None:
        """Take the bits that come next.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        if not len(bits):
            return
        now = words_of(bits)
        down = without_end(_states(now, self._state), len(bits))
        last = bits_before(now, len(bits), self._last or 0)
        down_last = down & last
        both = (down, last, now, down_last, down & now, last & now, down_last & now)
        s, b, n, sb, sn, bn, sbn = (int(np.bitwise_count(each).sum(dtype=np.int64)) for each in both)
        rest = len(bits) - s - b - n + sb + sn + bn - sbn
        new = (rest, n - sn - bn + sbn, b - sb - bn + sbn, bn - sbn, s - sb - sn + sbn, sn - sbn, sb - sbn, sbn)
        self._counts = [old + more for old, more in zip(self._counts, new, strict=True)]
        if self._first is None:
            self._first = (self._state, bits[0])
            self._counts[4 * self._state + bits[0]] -= 1
        self._state ^= n & 1
        self._last = bits[-1]

    def result(self) -> Transitions:
        """Give the transitions of all bits so far.

        Raises
        ------
        InputError
            If there are fewer than three bits.
        """
        count = sum(self._counts) + (self._first is not None)
        if count < LEAST:
            raise InputError(f"transitions of {count} bits: give at least {LEAST}")
        by_state = [[self._counts[4 * s + b] + self._counts[4 * s + 2 + b] for b in (0, 1)] for s in (0, 1)]
        if self._first is not None:
            by_state[self._first[0]][self._first[1]] += 1
        (stayed_up, left_up), (stayed_down, left_down) = by_state
        memory = [_independence([self._counts[4 * s : 4 * s + 2], self._counts[4 * s + 2 : 4 * s + 4]]) for s in (0, 1)]
        return Transitions(
            counts=((stayed_up, left_up), (left_down, stayed_down)),
            p_ud=_probability(left_up, stayed_up + left_up),
            p_du=_probability(left_down, stayed_down + left_down),
            equal=Goodness.of(*_independence(by_state)),
            memory=Goodness.of(sum(found for found, _ in memory), sum(free for _, free in memory)),
        )


def states_before(bits: ArrayLike | Bits, *, first: int = 0) -> Bits:
    """Give the state before each bit: the exclusive-or of all bits before it.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), or `Bits`.
    first
        State before the first bit, 0 or 1.

    Returns
    -------
    Bits
        N states.

    Raises
    ------
    InputError
        If `first` is not 0 or 1, or the array holds anything but 0 and 1.

    Examples
    --------
    >>> states_before([1, 0, 1, 1])
    <4 bits: 0110>
    """
    if first not in (0, 1):
        raise InputError(f"first = {first}: a state is 0 or 1")
    packed = Bits.of(bits)
    before = _states(words_of(packed), first)
    return Bits.packed(before.astype(">u8").view(np.uint8), len(packed))


def _states(given: NDArray[np.uint64], first: int) -> NDArray[np.uint64]:
    after = given.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        after ^= after >> np.uint64(shift)
    # The last bit of a word is now its parity; the words before decide whether the word is inverted.
    parity = after & np.uint64(1)
    carried = np.bitwise_xor.accumulate(parity) ^ parity ^ np.uint64(first)
    states: NDArray[np.uint64] = after ^ given ^ (np.uint64(0) - carried)
    return states


def _independence(table: list[list[int]]) -> tuple[float, int]:
    """Give Pearson's chi-square of a two-by-two table and its degrees of freedom: zero where a margin is empty."""
    (a, b), (c, d) = table
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if not margins:
        return 0.0, 0
    return (a + b + c + d) * (a * d - b * c) ** 2 / margins, 1


def _probability(hits: int, of: int) -> Quantity:
    if not of:
        return Quantity(math.nan, math.nan, "1")
    share = hits / of
    return Quantity(share, math.sqrt(share * (1 - share) / of), "1", *wilson_interval(hits, of))
