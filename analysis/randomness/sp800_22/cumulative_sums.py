"""The cumulative sums test, forward and reverse."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome

__all__ = ["cumulative_sums"]


def cumulative_sums(sequence: BitSequence) -> Outcome:
    """Test how far the walk of the bits goes from where it begins, and from where it ends.

    Notes
    -----
    SP 800-22 rev. 1a, 2.13; the bounds of the sums are truncated towards zero, as in STS.
    """
    walk = sequence.walk
    forward = max(walk.highest, -walk.lowest)
    reverse = max(walk.highest - walk.end, walk.end - walk.lowest)
    return Outcome(
        test="cumulative_sums",
        p_values=(_p_value(sequence.length, forward), _p_value(sequence.length, reverse)),
        labels=("forward", "reverse"),
        statistics={"largest_forward": forward, "largest_reverse": reverse},
    )


def _p_value(n: int, largest: int) -> float:
    step = largest / math.sqrt(n)
    # Beyond 40 standard deviations there is nothing to add: all terms are 0 or 1 less 1.
    most = int(10 / step) + 1
    first = np.arange(max(-most, int((-n / largest + 1) / 4)), min(most, int((n / largest - 1) / 4)) + 1)
    second = np.arange(max(-most, int((-n / largest - 3) / 4)), min(most, int((n / largest - 1) / 4)) + 1)
    inner = ndtr((4 * first + 1) * step) - ndtr((4 * first - 1) * step)
    outer = ndtr((4 * second + 3) * step) - ndtr((4 * second + 1) * step)
    return min(1.0, max(0.0, float(1 - inner.sum() + outer.sum())))
