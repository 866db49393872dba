"""The two states of a toggled junction, and with which probability a pulse takes it from one to the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
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
    packed = Bits.of(bits)
    if len(packed) < LEAST:
        raise InputError(f"transitions of {len(packed)} bits: give at least {LEAST}")
    down = states_before(packed, first=0 if begins_up else 1)
    n_down = down.ones()
    switched_down = _both(down, packed)
    switched_up = packed.ones() - switched_down
    n_up = len(packed) - n_down
    table = [[n_up - switched_up, switched_up], [n_down - switched_down, switched_down]]
    chi_square, freedom = _independence(table)
    return Transitions(
        counts=((n_up - switched_up, switched_up), (switched_down, n_down - switched_down)),
        p_ud=_probability(switched_up, n_up),
        p_du=_probability(switched_down, n_down),
        equal=Goodness.of(chi_square, freedom),
        memory=_memory(packed, down),
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
    padded = np.zeros(-(-packed.packed_bytes.size // 8) * 8, np.uint8)
    padded[: packed.packed_bytes.size] = packed.packed_bytes
    given = padded.view(">u8").astype(np.uint64)
    after = given.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        after ^= after >> np.uint64(shift)
    # The last bit of a word is now its parity; the words before decide whether the word is inverted.
    carried = np.bitwise_xor.accumulate(after & np.uint64(1)) ^ (after & np.uint64(1)) ^ np.uint64(first)
    before = after ^ given ^ (np.uint64(0) - carried)
    return Bits.packed(before.astype(">u8").view(np.uint8), len(packed))


def _both(one: Bits, other: Bits) -> int:
    return Bits.packed(one.packed_bytes & other.packed_bytes, len(one)).ones()


def _memory(bits: Bits, down: Bits) -> Goodness:
    """Test a bit against the bit before it, within each state."""
    now, last, state = bits[1:], bits[:-1], down[1:]
    both = Bits.packed(now.packed_bytes & last.packed_bytes, len(now))
    chi_square, freedom = 0.0, 0
    sums = (len(now), now.ones(), last.ones(), both.ones())
    in_down = (state.ones(), _both(now, state), _both(last, state), _both(both, state))
    for total, ones, after_one, pairs in (in_down, [a - b for a, b in zip(sums, in_down, strict=True)]):
        zeros_after_one = after_one - pairs
        ones_after_zero = ones - pairs
        table = [[total - after_one - ones_after_zero, ones_after_zero], [zeros_after_one, pairs]]
        found, free = _independence(table)
        chi_square, freedom = chi_square + found, freedom + free
    return Goodness.of(chi_square, freedom)


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
