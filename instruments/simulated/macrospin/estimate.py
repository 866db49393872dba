"""A probability counted from a finite number of trials."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mtjlab.core.errors import InputError

__all__ = ["Estimate"]

_NORMAL_QUANTILE = 1.959963984540054  # of 0.975


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
        if trials < 1:
            raise InputError(f"{trials} trials give no estimate: make at least 1")
        if not 0 <= successes <= trials:
            raise InputError(f"{successes} of {trials} trials can not have come out: give 0 to {trials}")
        share, spread = successes / trials, _NORMAL_QUANTILE**2 / trials
        middle = (share + spread / 2) / (1 + spread)
        half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
        return cls(share, max(0.0, middle - half), min(1.0, middle + half), trials)

    @property
    def standard_error(self) -> float:
        """Standard error of the fraction."""
        return math.sqrt(self.probability * (1 - self.probability) / self.trials)
