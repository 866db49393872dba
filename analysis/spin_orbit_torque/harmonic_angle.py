"""Second harmonic of the voltage under an alternating current: UMR and current-induced field from one turn."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.spin_orbit_torque.angle_dependence import AngleDependence
from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["HarmonicAngle", "odd_courses", "second_harmonic_share"]

_FEWEST = 12


@dataclasses.dataclass(frozen=True)
class HarmonicAngle:
    """`V2(φ) = Ir [c Ru sin φ - ΔR (h Ip/e'') sin φ cos²φ]` rms at a current `Ip sin ωt`.

    With Ip = √2 Ir: a resistance that is odd in the current, R = Ru (|I|/Ip)ⁿ, gives a voltage of which the share c is
    at 2ω: a half for n = 1 and n = 3 alike, and so for any sum of both; 0.51 between, 0.42 where it is saturated, n = 0
    (`second_harmonic_share`). The current's field across the bar turns the magnetisation by h I cos φ/e'', where e'' is
    the field that holds it, which changes the AMR by -ΔR sin 2φ of it: of another course, and falling with the field.
    C. O. Avci et al., Phys. Rev. B 90, 224427 (2014).
    """

    resistance: AngleDependence
    """What the first harmonic says: AMR and misalignment."""
    unidirectional: Quantity
    """Ru at the peak of the current [Ω]; the anomalous Nernst effect is in it."""
    per_ampere: Quantity
    """h [T/A]: field-like and Oersted field."""
    offset: Quantity
    """Part that does not turn [V]."""
    power: float = 1.0
    """n, the power of the current that Ru was taken to follow."""

    @classmethod
    def fit(
        cls,
        angles: ArrayLike,
        first: ArrayLike,
        second: ArrayLike,
        current: float,
        field: float,
        power: float = 1.0,
    ) -> Self:
        """Fit a turn of the field.

        Parameters
        ----------
        angles
            Angle of the field in the plane [rad], shape (N,); 0 along the bar.
        first, second
            Longitudinal voltage at ω, and at 2ω as a multiple of -cos 2ωt [V rms], shape (N,).
        current
            Amplitude of the current [A rms].
        field
            The field [T].
        power
            Power n of the current that the UMR follows up to its peak.

        Returns
        -------
        HarmonicAngle
            The fit.

        Raises
        ------
        InputError
            If shapes differ or the current is not positive.
        FitError
            If there are fewer than 12 angles, or no AMR.
        """
        at, volts = np.asarray(angles, float), np.asarray(second, float)
        if not current > 0:
            raise InputError(f"current = {current:g} A: expected its rms amplitude, above 0")
        if at.shape != volts.shape:
            raise InputError(f"{at.size} angles and {volts.size} voltages: give as many of each")
        if at.size < _FEWEST:
            raise FitError(f"{at.size} angles: give at least {_FEWEST} on a whole turn")
        amr = AngleDependence.fit(at, np.asarray(first, float) / current, field)
        odd, turning = odd_courses(amr, at)
        odd = odd * 2 * second_harmonic_share(power)
        design = np.stack([np.ones_like(at), odd, turning], axis=1)
        found = NoisyFit.linear(design, volts)
        peak = math.sqrt(2) * current
        # A course weighted with Ir/2 is one ohm at the peak.
        unit = current / 2
        return cls(
            resistance=amr,
            unidirectional=found.quantity(1, "Ω", 1 / unit),
            per_ampere=found.quantity(2, "T/A", 1 / (unit * peak)),
            offset=found.quantity(0, "V"),
            power=power,
        )

    def curve(self, angles: ArrayLike, current: float) -> NDArray[np.float64]:
        """Give the fitted second harmonic [V rms].

        Parameters
        ----------
        angles
            Angles of the field [rad], shape (N,).
        current
            Amplitude of the current [A rms].
        """
        odd, turning = odd_courses(self.resistance, np.asarray(angles, float))
        odd = odd * 2 * second_harmonic_share(self.power)
        unit, peak = current / 2, math.sqrt(2) * current
        return np.asarray(
            self.offset.value + unit * (self.unidirectional.value * odd + self.per_ampere.value * peak * turning)
        )


def odd_courses(amr: AngleDependence, angles: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give sin φ, and what a field of 1 T across the bar would add to the resistance [Ω].

    Parameters
    ----------
    amr
        A turn's even part: where the magnetisation points.
    angles
        Angles of the field [rad], shape (N,).
    """
    found = amr.angle(angles)
    return found.sine, -2 * amr.amplitude.value * found.sine * found.cosine**2 / found.stiffness


def second_harmonic_share(power: float) -> float:
    """Give the amplitude at 2ω of `|sin ωt|ⁿ⁺¹`, which a resistance of the power n of the current makes.

    Parameters
    ----------
    power
        n, 0 or above.

    Returns
    -------
    float
        `2 (n + 1)/(n + 3) M`, with M the mean of `|sin|ⁿ⁺¹`, `Γ(n/2 + 1)/(√π Γ((n + 3)/2))`.

    Raises
    ------
    InputError
        If the power is below 0.

    Examples
    --------
    >>> [round(second_harmonic_share(n), 4) for n in (0, 1, 2, 3)]
    [0.4244, 0.5, 0.5093, 0.5]
    """
    if not 0 <= power < math.inf:
        raise InputError(f"power = {power:g}: expected a power of the current, 0 or above")
    mean = math.exp(math.lgamma(power / 2 + 1) - math.lgamma((power + 3) / 2)) / math.sqrt(math.pi)
    return 2 * mean * (power + 1) / (power + 3)
