"""Resistance against the angle of a field in the plane: AMR, planar Hall, and how well field and bar are aligned."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.spin_orbit_torque.in_plane_angle import InPlaneAngle
from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["AngleDependence"]

_FEWEST = 12
"""Readings of a turn, at least: of six parameters and the noise."""
_SURE = 4.0
"""Amplitude over its uncertainty from which on it counts as one."""
_GUESSES = (-0.5, -0.2, -0.05, 0.05, 0.2, 0.5)
"""Anisotropy fields to begin from, over the field."""


@dataclasses.dataclass(frozen=True)
class AngleDependence:
    """`R(φB) = R0 + ΔR cos²φ + Ru sin φ`, with φ where the magnetisation points in a field at the angle φB + φ0.

    In the plane `1 - my² = cos²φ`: anisotropic and spin Hall magnetoresistance have the same course, and ΔR is their
    sum; rotations out of the plane tell them apart (H. Nakayama et al., Phys. Rev. Lett. 110, 206601 (2013)). The
    transverse voltage has `R(φB) = R0 + ΔR sin φ cos φ + Ru cos φ` instead: the planar Hall effect has the amplitude of
    the AMR but for width over length, and Ru is the anomalous Nernst effect's.
    """

    base: Quantity
    """R0 [Ω]: what does not turn with the magnetisation."""
    amplitude: Quantity
    """ΔR [Ω], AMR and SMR together; that of the planar Hall effect for a transverse voltage."""
    misalignment: Quantity
    """φ0 [rad]: where the field points by the bar's angles when its own scale says 0."""
    unidirectional: Quantity
    """Ru [Ω]: odd in the magnetisation; of the sign of the current."""
    anisotropy_field: Quantity
    """Bk [T], positive for an easy axis across the bar: by as much as the magnetisation lags behind the field."""
    canting: float
    """Angle of that axis from the bar or its normal [rad]; it means something where Bk is above its uncertainty."""
    transverse: bool
    """Whether it is the transverse voltage's."""
    field: float
    """Field [T]."""
    autocorrelation: float
    """Lag-1 autocorrelation of the noise."""

    @classmethod
    def fit(
        cls,
        angles: ArrayLike,
        resistances: ArrayLike,
        field: float,
        errors: ArrayLike | None = None,
        *,
        transverse: bool = False,
    ) -> Self:
        """Fit a turn of the field.

        Parameters
        ----------
        angles
            Angle of the field in the plane [rad], shape (N,), in order of time; 0 along the bar.
        resistances
            Voltage over current at each [Ω], shape (N,).
        field
            Its size [T].
        errors
            Standard errors of the resistances up to a factor [Ω], shape (N,), where they are known.
        transverse
            Whether the voltage is that across the bar.

        Returns
        -------
        AngleDependence
            The fit.

        Raises
        ------
        InputError
            If the shapes differ, or the field is not positive.
        FitError
            If there are fewer than 12 readings, or the resistance does not follow the angle: the AMR is below the
            noise, or the contact is open or shorted.
        """
        at, ohms = (np.asarray(each, float) for each in (angles, resistances))
        if at.shape != ohms.shape or at.ndim != 1:
            raise InputError(f"{at.size} angles and {ohms.size} resistances: give as many of each")
        if not field > 0:
            raise InputError(f"field = {field:g} T: expected the size of the field that turns, above 0")
        if at.size < _FEWEST:
            raise FitError(f"{at.size} angles: give at least {_FEWEST} on a whole turn")
        spread = None if errors is None else np.asarray(errors, float)
        turn = _Turn(at, field, transverse)
        starts = [turn.begin(ohms, guess) for guess in _GUESSES]
        start = min(starts, key=lambda begin: float(((ohms - turn.model(begin)) ** 2).sum()))
        best = NoisyFit.fit(turn.model, ohms, start, spread, turn.slopes)
        amplitude = best.quantity(1, "Ω")
        if not abs(amplitude.value) > _SURE * amplitude.uncertainty:
            raise FitError(
                f"the resistance does not follow the angle of the field: {amplitude} between along and across; the AMR "
                "is below the noise: raise the current, read longer, or check the contact"
            )
        return cls(
            base=best.quantity(0, "Ω"),
            amplitude=amplitude,
            misalignment=_within_half_turn(best.quantity(2, "rad")),
            unidirectional=best.quantity(3, "Ω"),
            anisotropy_field=best.quantity(4, "T", field),
            canting=float(best.values[5]),
            transverse=transverse,
            field=field,
            autocorrelation=best.autocorrelation,
        )

    @property
    def is_misaligned(self) -> bool:
        """Whether the field is off the bar by more than the fit may be wrong: four standard uncertainties."""
        return abs(self.misalignment.value) > _SURE * self.misalignment.uncertainty

    @property
    def ratio(self) -> Quantity:
        """ΔR over the resistance with the magnetisation across the bar."""
        whole = self.base.value
        relative = math.hypot(
            self.amplitude.uncertainty / whole, self.amplitude.value * self.base.uncertainty / whole**2
        )
        return Quantity(self.amplitude.value / whole, relative, "1")

    def angle(self, angles: ArrayLike) -> InPlaneAngle:
        """Give where the magnetisation points.

        Parameters
        ----------
        angles
            Angles of the field [rad], shape (N,).
        """
        turned = np.asarray(angles, float) + self.misalignment.value
        field = self.field
        limit = 0.95 * field
        lag = min(max(self.anisotropy_field.value, -limit), limit)
        return InPlaneAngle.settle(field * np.cos(turned), field * np.sin(turned), lag, turned, self.canting)

    def curve(self, angles: ArrayLike) -> NDArray[np.float64]:
        """Give the fitted resistance.

        Parameters
        ----------
        angles
            Angles of the field [rad], shape (N,).

        Returns
        -------
        ndarray of float64
            Resistances [Ω], shape (N,).
        """
        parameters = [self.base, self.amplitude, self.misalignment, self.unidirectional, self.anisotropy_field]
        values = np.array([*(each.value for each in parameters), self.canting])
        values[4] /= self.field
        return _Turn(np.asarray(angles, float), self.field, self.transverse).model(values)


@dataclasses.dataclass(frozen=True)
class _Turn:
    """The model: parameters are R0, ΔR, φ0, Ru, Bk over the field, and its canting."""

    at: NDArray[np.float64]
    field: float
    transverse: bool

    def model(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        found = self._angle(p)
        even, odd = self._courses(found)
        return np.asarray(p[0] + p[1] * even + p[3] * odd)

    def slopes(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        found, turned = self._angle(p), self.at + p[2]
        even, odd = self._courses(found)
        twice = found.cosine**2 - found.sine**2, -2 * found.sine * found.cosine
        by_angle = p[1] * (twice[0] if self.transverse else twice[1])
        by_angle = by_angle + p[3] * (-found.sine if self.transverse else found.cosine)
        by_offset = found.by_across * np.cos(turned) - found.by_along * np.sin(turned)
        return np.stack(
            [
                np.ones_like(turned),
                even,
                by_angle * by_offset,
                odd,
                by_angle * found.by_anisotropy,
                by_angle * found.by_canting,
            ],
            axis=1,
        )

    def _angle(self, p: NDArray[np.float64]) -> InPlaneAngle:
        turned = self.at + p[2]
        # Beyond the field itself the magnetisation would jump in its turn.
        lag = float(np.clip(p[4], -0.95, 0.95))
        return InPlaneAngle.settle(np.cos(turned), np.sin(turned), lag, turned, p[5])

    def _courses(self, found: InPlaneAngle) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give what the even and the odd part follow."""
        if self.transverse:
            return found.sine * found.cosine, found.cosine
        return found.cosine**2, found.sine

    def begin(self, ohms: NDArray[np.float64], lag: float) -> NDArray[np.float64]:
        """Begin from the harmonics of the turn."""
        a = self.at
        design = np.stack([np.ones_like(a), np.cos(2 * a), np.sin(2 * a), np.cos(a), np.sin(a)], axis=1)
        base, even, odd, cosine, sine = np.linalg.lstsq(design, ohms, rcond=None)[0]
        size = math.hypot(even, odd)
        if self.transverse:
            # ½ sin 2(φB + φ0): the sign that needs the smaller angle
            sign = 1.0 if odd >= 0 else -1.0
            return np.array([base, 2 * sign * size, math.atan2(sign * even, sign * odd) / 2, cosine, lag, 0.0])
        sign = 1.0 if even >= 0 else -1.0
        return np.array([base - sign * size, 2 * sign * size, math.atan2(-sign * odd, sign * even) / 2, sine, lag, 0.0])


def _within_half_turn(angle: Quantity) -> Quantity:
    """Give the angle within half a turn about 0; a turn by half leaves the even part as it is."""
    return angle._replace(value=(angle.value + math.pi / 2) % math.pi - math.pi / 2)
