"""What is known, and how well, of what makes a junction's states read less apart than they are: tilt and leads."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.junction.tilt import Tilt

__all__ = ["KnownTilt", "propagate"]

Values = NDArray[np.float64]

UNKNOWN_STABILITY = 45.0, 0.47
"""Δ of a junction of which nothing is known, and the standard deviation of its logarithm: two of them span 18 to 115,
from what a read survives to what no field of a laboratory switches."""
UNKNOWN_TILTING = 0.02, 1.2
"""(B/Bk)² and the standard deviation of its logarithm: B/Bk of .14, two deviations from .04 to .47. Layers that a
voltage switches are given fields of some tenths of Bk; a film without one has strays of a few hundredths."""
UNKNOWN_SOFTENING = 1.0
"""Standard deviation of 1/Vc [1/V], of either sign: no junction is known whose anisotropy half a volt takes away."""
UNKNOWN_LEADS = 50.0, 50.0
"""Leads and contacts of two wires, and their standard deviation [Ω]: a probe has a few ohms, a film some tens."""
_LEAST_BARRIER = 2.5
"""Thermal stability that is left at the largest bias, at least; below it there is no state to read."""


@dataclasses.dataclass(frozen=True)
class KnownTilt:
    """Tilt of the free layer and resistance of the leads, each known to a standard deviation.

    A fit varies what is uncertain, as numbers that are standard normal; what is exact stays.

    Examples
    --------
    >>> known = KnownTilt.of(stability=45.0, stability_error=0.1, tilting=0.15, tilting_error=0.0, cancelling=1.4,
    ...                      cancelling_error=0.0, leads=100.0, leads_error=0.0)
    >>> known.uncertain
    1
    >>> tilt, leads = known.at(np.array([1.0]), 0.2)  # Δ a standard deviation more
    >>> round(tilt.stability, 1), leads
    (49.7, 100.0)
    """

    centre: tuple[float, float, float, float]
    """ln Δ, (B/Bk)² as a logarithm, 1/Vc [1/V], leads [Ω]."""
    deviations: tuple[float, float, float, float]
    """Their standard deviations; 0 for what is exact."""

    @classmethod
    def of(
        cls,
        *,
        stability: float = 0.0,
        stability_error: float = 0.2,
        tilting: float = 0.0,
        tilting_error: float = 0.2,
        cancelling: float = math.inf,
        cancelling_error: float = 0.2,
        leads: float = 0.0,
        leads_error: float = 0.2,
        four_wires: bool = False,
    ) -> Self:
        """Take what is known; all errors are relative standard uncertainties.

        Parameters
        ----------
        stability
            Thermal stability factor Δ; 0 where it is not known, or for a layer that stands upright with an error of 0.
        tilting
            Field in the plane over the anisotropy field; 0 where it is not known, or for none with an error of 0.
        cancelling
            Bias that takes the anisotropy away [V], of either sign; infinite where it is not known, or for none with an
            error of 0.
        leads
            Resistance of the leads in the readings [Ω]; 0 where it is not known, or for none with an error of 0.
        four_wires
            Whether sense leads reach the device: then no leads are in the readings.

        Returns
        -------
        KnownTilt
            What is known, each with its uncertainty.
        """
        usual = (math.log(UNKNOWN_STABILITY[0]), UNKNOWN_STABILITY[1]) if stability_error else (math.inf, 0.0)
        softening = (1 / cancelling, abs(cancelling_error / cancelling)) if math.isfinite(cancelling) else None
        given = [
            (math.log(stability), stability_error) if stability else usual,
            (2 * math.log(abs(tilting)), 2 * tilting_error) if tilting else _no_field(tilting_error),
            softening or _no_bias(cancelling_error),
            (leads, leads * leads_error) if leads else _no_leads(leads_error),
        ]
        if four_wires:
            given[3] = 0.0, 0.0
        centre, deviations = zip(*given, strict=True)
        return cls(centre, deviations)

    @classmethod
    def exactly(cls, tilt: Tilt, leads: float = 0.0) -> Self:
        """Take all as known without doubt.

        Parameters
        ----------
        tilt
            The tilt, without uncertainty.
        leads
            Resistance of the leads in the readings [Ω].

        Returns
        -------
        KnownTilt
            The same, with uncertainties of zero.
        """
        squared = 2 * math.log(abs(tilt.tilting)) if tilt.tilting else -math.inf
        stability = math.log(tilt.stability) if math.isfinite(tilt.stability) else math.inf
        return cls((stability, squared, 1 / tilt.cancelling, leads), (0.0, 0.0, 0.0, 0.0))

    @property
    def uncertain(self) -> int:
        """How many of the four are uncertain: the length of the numbers that a fit varies."""
        return sum(deviation > 0 for deviation in self.deviations)

    def at(self, numbers: Values, largest: float) -> tuple[Tilt, float]:
        """Give tilt and leads [Ω] at standard normal numbers, shape (uncertain,).

        Parameters
        ----------
        numbers
            By how many standard deviations the uncertain ones are off their centres.
        largest
            Largest bias, of either sign [V]; at it some barrier is left.
        """
        values, left = list(self.centre), iter(numbers.tolist())
        for index, deviation in enumerate(self.deviations):
            if deviation:
                values[index] += deviation * next(left)
        if math.isinf(values[0]):
            return Tilt(math.inf), values[3]
        stability, tilting = math.exp(min(values[0], 50.0)), math.exp(values[1] / 2)
        if any(self.deviations):  # a fit that tries is not told off, one that was told nonsense is
            stability = max(stability, 2 * _LEAST_BARRIER)
            most = (1 - _LEAST_BARRIER / stability) / max(abs(largest), 1e-12)
            values[2] = min(max(values[2], -most), most)
        return Tilt(stability, min(tilting, 0.99), 1 / values[2] if values[2] else math.inf), values[3]


def propagate(function: Callable[[Values], Values], numbers: Values) -> tuple[Values, Values]:
    """Give what a function of standard normal numbers comes to, and its standard deviations.

    Parameters
    ----------
    function
        Gives shape (K,) for numbers of shape (P,).
    numbers
        Means of the numbers, shape (P,); each is varied by one standard deviation, 1, to either side.

    Returns
    -------
    values, uncertainties : ndarray of float64
        Shape (K,) each. Linear propagation by differences over a whole deviation, which has the bend in it (JCGM
        100:2008, 5.1.3, note 2).
    """
    values = function(numbers)
    variance = np.zeros_like(values)
    for unit in np.eye(numbers.size):
        variance += ((function(numbers + unit) - function(numbers - unit)) / 2) ** 2
    return values, np.sqrt(variance)


def _no_field(error: float) -> tuple[float, float]:
    return (math.log(UNKNOWN_TILTING[0]), UNKNOWN_TILTING[1]) if error else (-math.inf, 0.0)


def _no_leads(error: float) -> tuple[float, float]:
    return UNKNOWN_LEADS if error else (0.0, 0.0)


def _no_bias(error: float) -> tuple[float, float]:
    return (0.0, UNKNOWN_SOFTENING) if error else (0.0, 0.0)
