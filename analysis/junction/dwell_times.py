"""How long a junction stays in one state: the mean dwell time and whether it is exponential."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.core import FitError

__all__ = ["DwellTimes"]


@dataclasses.dataclass(frozen=True)
class DwellTimes:
    """Dwell times of one state under one condition.

    Examples
    --------
    >>> dwells = DwellTimes.fit([1.0, 3.0, 2.0], still_there=[10.0])
    >>> dwells.mean, dwells.escapes
    (5.333333333333333, 3)
    """

    mean: float
    """Most likely mean dwell time [s]; infinite if nothing escaped."""
    interval: tuple[float, float]
    """Its exact 95 % interval [s]."""
    escapes: int
    """Dwells that ended."""
    p_value: float
    """Probability of a deviation from the exponential law at least so large; 1 for fewer than five escapes."""

    @classmethod
    def fit(cls, dwells: ArrayLike, still_there: ArrayLike = ()) -> Self:
        """Fit the exponential law.

        Parameters
        ----------
        dwells
            Times after which the junction left the state [s], shape (N,).
        still_there
            Times for which it was watched without leaving [s], shape (M,).

        Returns
        -------
        DwellTimes
            The fit.

        Raises
        ------
        FitError
            If a time is not positive, or there is none.

        Notes
        -----
        The likelihood of an exponential law knows the total time T and the number of escapes n only: the mean is T/n.
        With times watched that are fixed beforehand, 2T/τ lies between the chi-square quantiles of 2n and 2n + 2
        degrees of freedom (D. R. Cox, Biometrika 40, 354, 1953). The goodness is Gini's statistic, which for the
        exponential law has the mean 1/2 and the variance 1/(12 (n - 1)) (M. H. Gail and J. L. Gastwirth, J. R. Stat.
        Soc. B 40, 350, 1978); it is judged only where no dwell was cut off.
        """
        from scipy.stats import chi2

        ended, cut = np.asarray(dwells, float), np.asarray(still_there, float)
        every = np.concatenate([ended, cut])
        if not every.size or not (every > 0).all() or not np.isfinite(every).all():
            raise FitError(f"{every.size} dwell times: give at least one, all of them positive and finite")
        total, escapes = float(every.sum()), ended.size
        low = 2 * total / float(chi2.isf(0.025, 2 * escapes + 2))
        high = 2 * total / float(chi2.ppf(0.025, 2 * escapes)) if escapes else math.inf
        mean = total / escapes if escapes else math.inf
        return cls(mean, (low, high), escapes, 1.0 if cut.size else _gini(np.sort(ended)))


def _gini(ordered: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    n = ordered.size
    if n < 5:
        return 1.0
    rank = np.arange(1, n + 1)
    gini = float(((2 * rank - n - 1) * ordered).sum() / ((n - 1) * ordered.sum()))
    z = (gini - 0.5) * math.sqrt(12 * (n - 1))
    return math.erfc(abs(z) / math.sqrt(2))
