"""A ratio against the current, as a power of it."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.junction import student_factor
from mtjlab.core import NORMAL_95, FitError, InputError, Quantity

__all__ = ["PowerLaw"]

_EXPONENTS = np.linspace(-2.0, 6.0, 1601)


@dataclasses.dataclass(frozen=True)
class PowerLaw:
    """`ratio = a (|I|/I0)^n`, with I0 the geometric mean of the currents.

    The unidirectional magnetoresistance is linear where spins accumulate at the interface, cubic where they excite
    magnons, and saturates beyond (arXiv:2107.07780): n of 1, 3 and 0.
    """

    factor: Quantity
    """a: the ratio at I0."""
    exponent: Quantity
    """n, with the ends of its 95 % interval."""
    reference: float
    """I0 [A]."""
    goodness: Goodness
    """How well a power describes the ratios."""

    @classmethod
    def fit(cls, currents: ArrayLike, ratios: ArrayLike, errors: ArrayLike) -> Self:
        """Fit a power to ratios with normal errors, of either sign.

        Parameters
        ----------
        currents
            Sizes of the currents [A], shape (N,), above 0.
        ratios
            Ratios, shape (N,).
        errors
            Their standard errors, shape (N,).

        Returns
        -------
        PowerLaw
            The fit.

        Raises
        ------
        InputError
            If a current or an error is not positive.
        FitError
            If there are fewer than three ratios, all of one current, or they are within the errors from 0.

        Notes
        -----
        No logarithms are taken: noise makes ratios negative. The interval of n is where the profile of χ² rises by
        1.96², times that of the best where a power fits poorly.
        """
        at, read, spread = (np.asarray(each, float) for each in (currents, ratios, errors))
        if not (at.min(initial=math.inf) > 0 and spread.min(initial=math.inf) > 0):
            raise InputError("currents and errors: expected sizes above 0")
        if at.size < 3 or not np.ptp(at) > 0:
            raise FitError(f"{at.size} currents: give three or more that differ")
        reference = float(np.exp(np.log(at).mean()))
        profile = np.array([_best(at / reference, read, spread, n)[1] for n in _EXPONENTS])
        index = int(profile.argmin())
        factor, chi_square, error = _best(at / reference, read, spread, float(_EXPONENTS[index]))
        if not abs(factor) > 3 * error:
            raise FitError(
                f"the ratio is 0 within its error ({factor:.2g} ± {error:.2g}): raise the current or read longer"
            )
        goodness = Goodness.of(chi_square, at.size - 2)
        rise = (NORMAL_95 * goodness.widening) ** 2
        if goodness.widening > 1:
            rise *= student_factor(int(goodness.freedom)) ** 2
        inside = np.flatnonzero(profile <= chi_square + rise)
        low, high = (float(_EXPONENTS[each]) for each in (inside[0], inside[-1]))
        exponent = Quantity(float(_EXPONENTS[index]), (high - low) / (2 * NORMAL_95), "1", low, high)
        # What the factor at the geometric mean depends on the exponent is in its spread over the profile.
        across = np.ptp([_best(at / reference, read, spread, n)[0] for n in (low, high)]) / (2 * NORMAL_95)
        return cls(
            Quantity(factor, math.hypot(error * goodness.widening, float(across)), "1"), exponent, reference, goodness
        )

    def curve(self, currents: ArrayLike) -> NDArray[np.float64]:
        """Give the fitted ratio.

        Parameters
        ----------
        currents
            Sizes of the currents [A], any shape.
        """
        return np.asarray(
            self.factor.value * (np.asarray(currents, float) / self.reference) ** self.exponent.value, float
        )


def _best(
    relative: NDArray[np.float64], read: NDArray[np.float64], spread: NDArray[np.float64], exponent: float
) -> tuple[float, float, float]:
    """Give the factor for an exponent, its χ² and its standard error."""
    course = relative**exponent / spread
    norm = float(course @ course)
    factor = float(course @ (read / spread)) / norm
    off = read / spread - factor * course
    return factor, float(off @ off), 1 / math.sqrt(norm)
