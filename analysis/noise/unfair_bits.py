"""Whether bits are too unfair to be the noise of images."""

from __future__ import annotations

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.core import Bits

__all__ = ["UnfairBits"]

DARKENS = 0.3
"""Shift of an image's noise, in the unit of `UnfairBits.shift`, from which images are warned of: at 1 they are plainly
darker or lighter, at 6 ruined."""
CORRELATED = 0.1
"""Lag-1 correlation from which the same holds: .2 is plainly seen, .05 not."""
_SURE = 4.0
"""Standard errors by which either differs from fair bits, at least."""
_MOST = 4_000_000
"""Bits that the correlation is taken of, at most."""


class UnfairBits(NamedTuple):
    """What is wrong with bits as the noise of images.

    Examples
    --------
    >>> bits = np.random.default_rng(1).random(1_000_000) < 0.495
    >>> found = UnfairBits.of(bits.astype(np.uint8), [(784, 1.8736), (49 * 784, 1.0)])
    >>> round(found.probability, 3), found.shift > 1, len(found.words)
    (0.495, True, 1)
    """

    probability: float
    """Share of ones."""
    shift: float
    """Mean shift of the noise of an image along itself, in standard deviations of fair noise: for normals alike the
    size of a normal's mean times the root of their number."""
    correlation: float
    """Of bits that follow each other."""
    words: list[str]
    """Warnings, in words; none for bits that do no harm, or too few to tell."""

    @classmethod
    def of(cls, bits: ArrayLike | Bits, normals: list[tuple[int, float]]) -> Self:
        """Judge bits.

        Parameters
        ----------
        bits
            `Bits`, or 0 and 1, shape (N,).
        normals
            Of an image: how many normals of a kind it takes, and the mean of one for each unit of 2P - 1.

        Returns
        -------
        UnfairBits
            Share of ones, shift, correlation, and warnings.
        """
        bits = Bits.of(bits)
        count = len(bits)
        probability = bits.ones() / count if count else 0.5
        excess = 2 * probability - 1
        shift = abs(excess) * math.sqrt(sum(number * mean**2 for number, mean in normals))
        signs = 2.0 * bits[:_MOST].unpacked() - 1.0
        correlation = float(np.mean(signs[1:] * signs[:-1])) - float(signs.mean()) ** 2 if count > 2 else 0.0
        words = []
        if shift > DARKENS and abs(excess) * math.sqrt(count) > _SURE:
            words.append(
                f"P(1) = {probability:.4f}: the noise of an image is shifted by {shift:.2g} of its standard deviation, "
                f"which makes images {'lighter' if excess > 0 else 'darker'} from about {DARKENS:g} on and ruins them "
                "at 6; condition the bits with an extractor, or hold P(switch) at one half"
            )
        if abs(correlation) > CORRELATED and abs(correlation) * math.sqrt(signs.size) > _SURE:
            words.append(
                f"bits that follow each other are correlated by {correlation:.2g}, which is seen in images from about "
                f"{CORRELATED:g} on: condition them, or look for a point where P is the same from both states"
            )
        return cls(probability, shift, correlation, words)
