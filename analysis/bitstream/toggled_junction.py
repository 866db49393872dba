"""What bits of a toggled junction look like, if it remembers its state and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["ToggledJunction"]


@dataclass(frozen=True)
class ToggledJunction:
    """The law of the bits of a toggled junction: a bit is 1 where the pulse switched it.

    Raises
    ------
    InputError
        If a probability is not between 0 and 1, or both are 0 or both are 1: such bits are constant.

    Notes
    -----
    The states are a Markov chain with P_ud and P_du, and a bit is the exclusive-or of two that follow each other. With
    λ = 1 - P_ud - P_du and π the share of the time in a state, everything below follows.

    Examples
    --------
    >>> round(ToggledJunction(0.4, 0.6).share_of_ones, 3)
    0.48
    """

    p_ud: float
    """Probability of a switch from up to down."""

    p_du: float
    """Probability of a switch from down to up."""

    def __post_init__(self) -> None:
        ends = self.p_ud, self.p_du
        if not all(0 <= each <= 1 for each in ends) or ends in ((0.0, 0.0), (1.0, 1.0)):
            raise InputError(
                f"P_ud = {self.p_ud:g}, P_du = {self.p_du:g}: expected numbers between 0 and 1, not all 0 or 1"
            )

    @property
    def _state_share(self) -> tuple[float, float]:
        both = self.p_ud + self.p_du
        return self.p_du / both, self.p_ud / both

    @property
    def share_of_ones(self) -> float:
        """P(1) = 2 P_ud P_du / (P_ud + P_du)."""
        return 2 * self.p_ud * self.p_du / (self.p_ud + self.p_du)

    def autocorrelation(self, lags: int) -> NDArray[np.float64]:
        """Give the autocorrelation r_k = λ^(k - 1) (P_ud + P_du - 2 p) / (2 (1 - p)) of the bits, p = P(1).

        Parameters
        ----------
        lags
            Largest lag.

        Returns
        -------
        array
            At lag 1, 2, …, shape (L,).
        """
        return self._first_correlation * (1 - self.p_ud - self.p_du) ** np.arange(lags, dtype=np.float64)

    @property
    def _first_correlation(self) -> float:
        share = self.share_of_ones
        return (self.p_ud + self.p_du - 2 * share) / (2 * (1 - share)) if share < 1 else 0.0

    @property
    def variance_factor(self) -> float:
        """Variance of the mean of many bits over that of independent ones, 1 + 2 Σ r_k."""
        return 1 + 2 * self._first_correlation / (self.p_ud + self.p_du)

    @property
    def entropy_rate(self) -> float:
        """Entropy of a bit given the state before it [bit]: h(k) falls to it as k grows, and no further."""
        return float(sum(w * _entropy(p) for w, p in zip(self._state_share, (self.p_ud, self.p_du), strict=True)))

    def words(self, width: int) -> NDArray[np.float64]:
        """Give the probabilities of all words.

        Parameters
        ----------
        width
            Bits of a word, 1 to 16.

        Returns
        -------
        array
            Probability of word 0, 1, …, the first bit the most significant; shape (2^width,).
        """
        word = np.arange(1 << width)
        switch = np.array([self.p_ud, self.p_du])
        probability = np.zeros(word.size)
        for begin, weight in enumerate(self._state_share):
            own = np.full(word.size, weight)
            state = np.full(word.size, begin)
            for place in range(width - 1, -1, -1):
                bit = word >> place & 1
                own *= np.where(bit, switch[state], 1 - switch[state])
                state ^= bit
            probability += own
        return probability

    def entropies(self, most: int) -> NDArray[np.float64]:
        """Give the conditional entropies h(0), h(1), … [bit].

        Parameters
        ----------
        most
            Largest number of bits before, up to 15.

        Returns
        -------
        array
            Shape (most + 1,).
        """
        block = [0.0, *(_block_entropy(self.words(width)) for width in range(1, most + 2))]
        return np.diff(block)

    def run_lengths(self, longest: int) -> NDArray[np.float64]:
        """Give the law of the lengths of runs.

        Parameters
        ----------
        longest
            The last column has all runs at least so long.

        Returns
        -------
        array
            Row: runs of zeros, of ones, each with sum 1; shape (2, longest). NaN in a row that does not occur.
        """
        switch, share = (self.p_ud, self.p_du), self._state_share
        reached = np.zeros((2, longest))  # probability, not normed, that a run begins and gets so long
        for state in (0, 1):
            # A run of zeros begins in a state that a switch has led to; the state before was the other.
            zeros = share[1 - state] * switch[1 - state] * (1 - switch[state])
            ones = share[state] * (1 - switch[state]) * switch[state]
            now = 1 - state
            for length in range(longest):
                reached[0, length] += zeros * (1 - switch[state]) ** length
                reached[1, length] += ones
                ones *= switch[now]
                now = 1 - now
        with np.errstate(invalid="ignore"):
            law: NDArray[np.float64] = np.diff(-reached, append=0.0) / reached[:, :1]
        return law


def _entropy(p: float) -> float:
    return _block_entropy(np.array([p, 1 - p]))


def _block_entropy(probabilities: NDArray[np.float64]) -> float:
    there = probabilities[probabilities > 0]
    return float(-(there @ np.log2(there)))
