"""The t-tuple and the longest-repeated-substring estimate of SP 800-90B."""

from __future__ import annotations

import numpy as np

from mtjlab.analysis.randomness.sp800_90b.estimate import Estimate, upper_bound
from mtjlab.analysis.randomness.sp800_90b.repeated_tuples import RepeatedTuples

__all__ = ["longest_repeat", "t_tuple"]

FREQUENT = 35
"""Occurrences from which a tuple counts as frequent."""


def _first_rare(tuples: RepeatedTuples) -> int:
    """Return the length u of the shortest tuple of which none is frequent."""
    return int(np.count_nonzero(tuples.most[1:] >= FREQUENT)) + 1


def t_tuple(tuples: RepeatedTuples, symbols: int) -> Estimate:
    """Estimate min-entropy from the most common tuple of each length at which one is frequent.

    Parameters
    ----------
    tuples
        What recurs in the stream.
    symbols
        Length L of the stream.

    Notes
    -----
    NIST SP 800-90B, section 6.3.5: the largest (Q_t / (L - t + 1))^(1/t) over the lengths t at which a tuple occurs 35
    times.
    """
    lengths = np.arange(1, _first_rare(tuples))
    if not lengths.size:
        return Estimate(None, f"no symbol occurs {FREQUENT} times")
    shares = (tuples.most[lengths] / (symbols - lengths + 1)) ** (1 / lengths)
    return Estimate.of_probability(upper_bound(float(shares.max()), symbols))


def longest_repeat(tuples: RepeatedTuples, symbols: int) -> Estimate:
    """Estimate min-entropy from how often two tuples are equal, at the lengths at which none is frequent.

    Parameters
    ----------
    tuples
        What recurs in the stream.
    symbols
        Length L of the stream.

    Notes
    -----
    NIST SP 800-90B, section 6.3.6: the largest (pairs / C(L - W + 1, 2))^(1/W) over the lengths W from the first at
    which no tuple occurs 35 times to that of the longest repeat.
    """
    lengths = np.arange(_first_rare(tuples), tuples.longest + 1)
    if not lengths.size:
        return Estimate(None, f"each tuple that recurs does so {FREQUENT} times")
    places = (symbols - lengths + 1).astype(float)
    shares = (tuples.pairs[lengths] / (places * (places - 1) / 2)) ** (1 / lengths)
    return Estimate.of_probability(upper_bound(float(shares.max()), symbols))
