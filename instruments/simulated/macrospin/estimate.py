"""A probability counted from a finite number of trials."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Estimate"]


@dataclass(frozen=True)
class Estimate:
    """A probability with its 95 % Wilson interval.

    Examples
    --------
    >>> estimate = Estimate.of(497, 1000)
    >>> estimate.probability, round(estimate.low, 3), round(estimate.high, 3)
    (0.497, 0.466, 0.528)
    """

    probability: float
    """Fraction of the trials that came out."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    trials: int
    """Number of independent trials."""

    @classmethod
    def of(cls, successes: int, trials: int) -> Estimate:
        """Estimate from a count.

        Parameters
        ----------
        successes
            How many trials came out.
        trials
            How many there were.

        Returns
        -------
        Estimate
            Fraction and interval, Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

        Raises
        ------
        ValueError
            If there was no trial, or more successes than trials.
        """
        from scipy.stats import binomtest

        if trials < 1:
            raise ValueError(f"{trials} trials give no estimate: make at least 1")
        interval = binomtest(successes, trials).proportion_ci(method="wilson")
        return cls(successes / trials, float(interval.low), float(interval.high), trials)

    @property
    def standard_error(self) -> float:
        """Standard error of the fraction."""
        return math.sqrt(self.probability * (1 - self.probability) / self.trials)
