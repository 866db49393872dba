"""How well a fit agrees with what was measured, and what follows where it does not."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Self

from mtjlab.core import Quantity

__all__ = ["POOR", "Goodness", "poor_fits"]

POOR = 1e-3
"""Probability below which a fit counts as poor: a true model comes to it once in a thousand fits."""
NAMED = "goodness"
"""What the names of such results begin with: ``goodness (p)``, ``goodness of Sharrock's law (p)``."""


@dataclasses.dataclass(frozen=True)
class Goodness:
    """Agreement of a fit with its data.

    Examples
    --------
    >>> good, poor = Goodness.of(11.0, 10), Goodness.of(90.0, 10)
    >>> round(good.p_value, 3), good.widening
    (0.358, 1.0)
    >>> poor.p_value < POOR, poor.widening
    (True, 3.0)
    """

    chi_square: float
    """Sum of the squared residuals over their variances, or what is distributed like it."""
    freedom: float
    """Degrees of freedom of that: its mean if the model holds."""
    p_value: float
    """Probability of a misfit at least so large if the model holds."""

    @classmethod
    def of(cls, chi_square: float, freedom: float) -> Self:
        """Judge a chi-square by its law; without degrees of freedom nothing speaks against the model.

        Parameters
        ----------
        chi_square
            Sum of the squared deviations over their variances.
        freedom
            Degrees of freedom, data less fitted parameters.

        Returns
        -------
        Goodness
            The two, with the probability of a chi-square at least as large.
        """
        from scipy.stats import chi2

        return cls(chi_square, freedom, float(chi2.sf(chi_square, freedom)) if freedom > 0 else 1.0)

    @property
    def widening(self) -> float:
        """Factor for the uncertainties: Birge's ratio √(χ²/ν) where the fit is poor, else 1.

        R. T. Birge, Phys. Rev. 40, 207 (1932). A fit that is not poor keeps the uncertainties that its errors give:
        chance moves the ratio both ways.
        """
        if not self.p_value < POOR or not self.freedom > 0:
            return 1.0
        return math.sqrt(max(1.0, self.chi_square / self.freedom))


def poor_fits(results: Mapping[str, Quantity]) -> list[str]:
    """Give a line of warning for each goodness among some results that is poor.

    Parameters
    ----------
    results
        What was found, by name.

    Returns
    -------
    list of str
        The lines.

    Examples
    --------
    >>> poor_fits({"TMR": Quantity(0.96, 0.001, "1"), "goodness (p)": Quantity(2e-10)})
    ['goodness (p) = 2e-10: the model does not fit what was measured, its numbers may be off by more than they say']
    """
    return [
        f"{name} = {found.value:.2g}: the model does not fit what was measured, "
        "its numbers may be off by more than they say"
        for name, found in results.items()
        if name.startswith(NAMED) and found.value < POOR
    ]
