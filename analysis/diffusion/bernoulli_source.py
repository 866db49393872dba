"""Where biased bits come from: software, bits at one half through a tree, or junctions that are pulsed at P = p."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.noise import BitSupply
from mtjlab.core import InputError

__all__ = ["BernoulliSource", "BernoulliTree", "SoftwareBernoulli"]

DIGITS = 24
"""Binary digits of a probability that a tree looks at."""


class BernoulliSource(Protocol):
    """Anything that makes a bit that is 1 with a probability of one's choice, for each of many cells."""

    def draw(self, probability: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Draw a bit for each probability.

        Parameters
        ----------
        probability
            P(1) of each bit, 0 to 1, of any shape.

        Returns
        -------
        NDArray
            0 and 1, uint8, shape of `probability`.
        """
        ...


class SoftwareBernoulli:
    """Biased bits of numpy's PCG64DXSM.

    Parameters
    ----------
    seed
        Seed.
    """

    def __init__(self, seed: int = 1) -> None:
        self._generator = np.random.Generator(np.random.PCG64DXSM(seed))

    def draw(self, probability: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Draw a bit for each probability.

        Parameters
        ----------
        probability
            P(1) of each bit, 0 to 1, of any shape.

        Returns
        -------
        NDArray
            0 and 1, uint8, shape of `probability`.
        """
        _check(probability)
        return (self._generator.random(probability.shape) < probability).astype(np.uint8)


class BernoulliTree:
    """Biased bits out of bits at one half, two for each in the mean.

    Write p in binary digits and toss fair bits beside them. At the first toss that differs from the digit the bit is 1
    where the digit is 1: the tosses, read as a number, are then below p. Each toss decides with probability one half.

    Parameters
    ----------
    supply
        Where fair bits come from.

    Notes
    -----
    Knuth and Yao, The complexity of nonuniform random number generation (1976). Of p the first 24 digits count, so
    it is met within 3e-8; 0 and 1 take no bit.
    """

    def __init__(self, supply: BitSupply) -> None:
        self._supply = supply

    @property
    def bits_used(self) -> int:
        """Fair bits used so far."""
        return self._supply.bits_used

    def draw(self, probability: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Draw a bit for each probability; the fair bits go to the undecided ones in their order, digit after digit.

        Parameters
        ----------
        probability
            P(1) of each bit, 0 to 1, of any shape.

        Returns
        -------
        NDArray
            0 and 1, uint8, shape of `probability`.

        Raises
        ------
        NotEnoughBits
            If the supply ends.
        """
        _check(probability)
        threshold = np.rint(probability.ravel() * (1 << DIGITS)).astype(np.int64)
        drawn = (threshold == 1 << DIGITS).astype(np.uint8)
        undecided = np.flatnonzero((threshold > 0) & (threshold < 1 << DIGITS))
        for place in range(DIGITS - 1, -1, -1):
            if not undecided.size:
                break
            digit = (threshold[undecided] >> place) & 1
            decided = self._supply.take(undecided.size).unpacked() != digit
            drawn[undecided[decided]] = digit[decided]
            undecided = undecided[~decided]
        shaped: NDArray[np.uint8] = drawn.reshape(probability.shape)
        return shaped


def _check(probability: NDArray[np.float64]) -> None:
    if probability.size and not (probability.min() >= 0 and probability.max() <= 1):
        raise InputError(f"probabilities from {probability.min()} to {probability.max()}: expected 0 to 1")
