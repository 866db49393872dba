"""What one estimator of SP 800-90B says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["QUANTILE", "Estimate", "upper_bound"]

QUANTILE = NormalDist().inv_cdf(0.995)
"""Two-sided 99 % quantile, 2.5758: the standard prints 2.576, its reference tool computes with all digits."""


@dataclass(frozen=True)
class Estimate:
    """Min-entropy by one estimator."""

    min_entropy: float | None
    """Bits a symbol; None where the estimator does not apply."""

    reason: str = ""
    """Why it does not apply; empty where it does."""

    @classmethod
    def of_probability(cls, probability: float) -> Estimate:
        """Return the min-entropy of a symbol that is guessed with this probability."""
        return cls(abs(math.log2(probability)))  # abs: -log2(1) = -0.0


def upper_bound(share: float, trials: int) -> float:
    """Return the upper end of the 99 % interval of a probability, at most 1.

    Parameters
    ----------
    share
        Share that was seen.
    trials
        Number of trials, 2 or more.

    Notes
    -----
    NIST SP 800-90B, section 6.3.1, step 2: p + 2.576 sqrt(p (1 - p) / (L - 1)).
    """
    return min(1.0, share + QUANTILE * math.sqrt(share * (1 - share) / (trials - 1)))
