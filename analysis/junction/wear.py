"""How pulses change a resistance, decade by decade."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.junction.scatter_fit import student_factor
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["Wear"]


@dataclasses.dataclass(frozen=True)
class Wear:
    """Trend of a resistance with the logarithm of the number of pulses.

    Examples
    --------
    A resistance that rises by one per cent a decade:

    >>> pulses = np.array([1e3, 1e4, 1e5, 1e6])
    >>> round(Wear.fit(pulses, 50e3 * 1.01 ** np.arange(4)).per_decade.value, 4)
    0.01
    """

    per_decade: Quantity
    """Relative change a decade of pulses."""
    p_value: float
    """Probability of a trend as large if there is none: Student's test of the slope."""

    @classmethod
    def fit(cls, pulses: ArrayLike, resistances: ArrayLike) -> Self:
        """Fit a straight line to ln R over the decades, with the scatter about it as the error of each check.

        Parameters
        ----------
        pulses
            Pulses before each check, shape (N,), at least three.
        resistances
            What the checks read [Ω], shape (N,).

        Returns
        -------
        Wear
            Change of the resistance a decade of pulses, and how likely so large a one is by chance.

        Raises
        ------
        FitError, InputError
            If there are fewer than three checks, or a number is not positive.
        """
        from scipy.stats import t

        count, ohms = np.asarray(pulses, float), np.asarray(resistances, float)
        if count.shape != ohms.shape:
            raise InputError(f"{count.size} numbers of pulses and {ohms.size} resistances: give one of each a check")
        if count.size < 3 or not min(count.min(), ohms.min()) > 0:
            raise FitError(f"{count.size} checks: give at least three, with pulses and resistances above zero")
        design = np.stack([np.log10(count), np.ones_like(count)], axis=1)
        best, *_ = np.linalg.lstsq(design, np.log(ohms), rcond=None)
        freedom = count.size - 2
        residual = np.log(ohms) - design @ best
        variance = float(residual @ residual) / freedom * float(np.linalg.inv(design.T @ design)[0, 0])
        error = math.sqrt(variance)
        p_value = 2 * float(t.sf(abs(best[0]) / error, freedom)) if error else 0.0
        return cls(
            Quantity(math.expm1(float(best[0])), error * student_factor(freedom) * math.exp(float(best[0])), "1"),
            p_value,
        )
