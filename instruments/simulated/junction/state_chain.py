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
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.kernels.kernel import Kernel

__all__ = ["StateChain"]

_ALL = 0xFFFFFFFFFFFFFFFF
_WALK = Kernel("chain_walk", "walk", "u8 u8 u1* i8 u8 u8 u8 u8 u8", "u8")


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
        self._key = int(sequence.generate_state(1, np.uint64)[0])
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

        Parameters
        ----------
        states
            Takes the states, uint8, 0 parallel and 1 antiparallel, shape (N,).
        state
            State before the first step.
        from_p, from_ap
            Probability with which a step from each state changes it, 0 to 1.

        Returns
        -------
        int
            The last state.
        """
        low, high, always, inverts = _thresholds(from_p, from_ap)
        last = _WALK(self._key, self.steps, states, states.size, state, low, high, always, inverts)
        self.steps += states.size
        return int(last)


def _thresholds(from_p: float, from_ap: float) -> tuple[int, int, int, int]:
    """Give the thresholds in units of 2⁻⁶⁴, low and high, which of them is 1, and whether the state is inverted."""
    for probability in (from_p, from_ap):
        if not 0 <= probability <= 1:
            raise InputError(f"switching probability {probability} is not within 0 and 1")
    # Integers, because 1 - P(switch | AP) in floating point would lose a small probability.
    from_parallel, from_antiparallel = round(from_p * 2**64), 2**64 - round(from_ap * 2**64)
    low, high = sorted((from_parallel, from_antiparallel))
    always = (low == 2**64) + 2 * (high == 2**64)
    inverts = _ALL if from_antiparallel < from_parallel else 0
    return low % 2**64, high % 2**64, always, inverts
