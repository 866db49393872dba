"""A two-state Markov chain, 64 steps to an addition.

A step draws a uniform number u and compares it with one threshold for each state the junction may be in,

    next = [u < q0] from P,   [u < q1] from AP,   q0 = P(switch | P),   q1 = 1 - P(switch | AP)

so that u below both sends either state to AP, u above both sends either to P, and only between the two the next
state depends on the last: it is kept where q1 > q0, and inverted where q1 < q0.  With a bit for every step, G for
"goes to AP whatever it was" and K for "stays", the chain is

    s[i+1] = G[i] | (K[i] & s[i])

which is how carries run through the addition of (G | K) and G.  One 64-bit addition walks 64 steps.  Where the
state is inverted instead of kept, the chain of s[i] ^ (i & 1) is of the first kind.

Both comparisons are made for 64 steps at once as well, from the most significant bit of u downwards, a random word
a bit: a step is decided at the first bit in which u and the threshold differ, so that eight or nine words decide all
of them on average, and the probabilities are exact to 2⁻⁶⁴.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

__all__ = ["StateChain"]

_ONE = np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_EVEN = np.uint64(0x5555555555555555)
_SIX = np.uint64(6)
_TOP = np.uint64(63)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class StateChain:
    """Random states of a junction, step after step, from probabilities that may change between the steps.

    A step depends on the seed, its number, its probabilities and the state before it, and on nothing else: a train
    taken in parts is the train taken at once.

    Parameters
    ----------
    seed
        Seed of the random words; None takes fresh entropy from the system.

    Examples
    --------
    >>> chain = StateChain(seed=1)
    >>> chain.walk(0, 5, 1.0, 1.0).tolist()
    [1, 0, 1, 0, 1]
    """

    def __init__(self, seed: int | np.random.SeedSequence | None = None) -> None:
        sequence = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
        self._key = sequence.generate_state(1, np.uint64)[0]
        self.steps = 0
        """How many steps were walked."""

    def walk(self, state: int, count: int, from_p: float, from_ap: float) -> NDArray[np.uint8]:
        """Walk on with one pair of probabilities.

        Parameters
        ----------
        state
            State before the first step, 0 (P) or 1 (AP).
        count
            Number of steps.
        from_p, from_ap
            Probability that a step leaves P, and AP.

        Returns
        -------
        ndarray of uint8, shape (count,)
            State after each step.

        Raises
        ------
        ValueError
            If a probability is not within 0 and 1.
        """
        states = np.empty(count, np.uint8)
        self.walk_into(states, state, from_p, from_ap)
        return states

    def walk_into(self, states: NDArray[np.uint8], state: int, from_p: float, from_ap: float) -> int:
        """Walk on, a step for each place of an array; see `walk`.

        Returns
        -------
        int
            The last state.
        """
        always, low, high, inverts = _thresholds(from_p, from_ap)
        last = _walk(self._key, np.uint64(self.steps), states, np.uint64(state), low, high, always, inverts)
        self.steps += states.size
        return int(last)


def _thresholds(from_p: float, from_ap: float) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Give the thresholds in units of 2⁻⁶⁴, low and high, which of them is 1, and whether the state is inverted."""
    for probability in (from_p, from_ap):
        if not 0 <= probability <= 1:
            raise ValueError(f"switching probability {probability} is not within 0 and 1")
    # Integers, because 1 - P(switch | AP) in floating point would lose a small probability.
    from_parallel, from_antiparallel = round(from_p * 2**64), 2**64 - round(from_ap * 2**64)
    low, high = sorted((from_parallel, from_antiparallel))
    always = (low == 2**64) + 2 * (high == 2**64)
    inverts = _ALL if from_antiparallel < from_parallel else 0
    return np.uint64(always), np.uint64(low % 2**64), np.uint64(high % 2**64), np.uint64(inverts)


@njit(inline="always")
def _word(key, number):  # type: ignore[no-untyped-def]
    # SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) entered at a number, so that any word can be had at any time.
    z = uint64(key + uint64(uint64(number + _ONE) * _GOLDEN))
    z = uint64(uint64(z ^ uint64(z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9))
    z = uint64(uint64(z ^ uint64(z >> uint64(27))) * uint64(0x94D049BB133111EB))
    return uint64(z ^ uint64(z >> uint64(31)))


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


@njit(cache=True, nogil=True)
def _walk(key, first, states, state, low, high, always, inverts):  # type: ignore[no-untyped-def]
    turn = inverts & _EVEN
    position, done = first, 0
    while done < states.size:
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
        stop = min(64, lane + states.size - done)
        for i in range(lane, stop):
            states[done] = uint64(after >> uint64(i)) & _ONE
            done += 1
        state = uint64(after >> uint64(stop - 1)) & _ONE
        position = uint64(position + uint64(stop - lane))
    return state
