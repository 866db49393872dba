"""The walk of a two-state chain; how it takes 64 steps at once is explained in `junction.state_chain`."""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from mtjlab.instruments.simulated.kernels.random_words import GOLDEN, mixed

__all__ = ["walk"]

_ONE = np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_EVEN = np.uint64(0x5555555555555555)
_SIX = np.uint64(6)
_TOP = np.uint64(63)


@njit(inline="always")
def _word(key, number):  # type: ignore[no-untyped-def]
    # Entered at a number, so that any word can be had at any time.
    return mixed(uint64(key + uint64(uint64(number + _ONE) * GOLDEN)))


@njit(inline="always")
def _compare(key, block, low, high, always):  # type: ignore[no-untyped-def]
    """Draw 64 numbers u and give the bits u < low and u < high."""
    below_low = _ALL if always & _ONE else uint64(0)
    below_high = _ALL if always & uint64(2) else uint64(0)
    open_low, open_high = uint64(~below_low), uint64(~below_high)
    number = uint64(block << _SIX)
    a, b = low, high
    for _ in range(64):
        u = _word(key, number)
        number = uint64(number + _ONE)
        # The threshold's bit spread over the word; all shifts are of constants, so the loop has no table.
        bit_low, bit_high = uint64(uint64(0) - uint64(a >> _TOP)), uint64(uint64(0) - uint64(b >> _TOP))
        a, b = uint64(a << _ONE), uint64(b << _ONE)
        below_low |= open_low & bit_low & ~u
        below_high |= open_high & bit_high & ~u
        open_low &= ~uint64(u ^ bit_low)
        open_high &= ~uint64(u ^ bit_high)
        if not (open_low | open_high):
            break
    return below_low, below_high


def walk(key, first, states, count, state, low, high, always, inverts):  # type: ignore[no-untyped-def]
    """Walk a step for each place of `states` (count,) from step number `first` on, and give the last state.

    Thresholds `low` and `high` are in units of 2⁻⁶⁴; bits 0 and 1 of `always` say which of them is 1, and `inverts` is
    all ones where the state between them is inverted.
    """
    turn = inverts & _EVEN
    position, done = first, 0
    while done < count:
        lane = int(position & _TOP)
        below_low, below_high = _compare(key, uint64(position >> _SIX), low, high, always)
        stays = uint64(below_high & ~below_low)
        goes = uint64((below_low ^ turn) & ~stays)
        # Lanes of an earlier train only hand the state on to this one's first.
        earlier = uint64(uint64(_ONE << uint64(lane)) - _ONE)
        stays |= earlier
        goes &= ~earlier
        carry = uint64(state ^ (inverts & uint64(lane) & _ONE))
        both = uint64(goes | stays)
        before = uint64(uint64(uint64(both + goes) + carry) ^ both ^ goes)
        after = uint64((goes | (stays & before)) ^ turn)
        stop = min(64, lane + count - done)
        for i in range(lane, stop):
            states[done] = uint64(after >> uint64(i)) & _ONE
            done += 1
        state = uint64(after >> uint64(stop - 1)) & _ONE
        position = uint64(position + uint64(stop - lane))
    return state
