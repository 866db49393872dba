"""The energy of the bar's magnetisation in the plane, in the field and the current that act on it.

With φ the angle of m from x, the demagnetisation so strong that mz follows at once, and fields in tesla, the energy
over Ms is

    U(φ) = -Bx' cosφ - By' sinφ - (Bk/2) cos²(φ - φe) + (b²/2Beff) cos²φ,
    Bx' = Bx - b·Bz/Beff,   By' = By + h·I,   mz = (Bz + b cosφ)/(Beff + B∥),

where φe is the easy axis, h·I the field-like and Oersted field, and b the damping-like field, whose torque is
-γ b m×(m×ŷ). The terms of b are what this torque does to the balance of the torques in the plane once mz is eliminated:
dφ/dt = 0 gives mz, dmz/dt = 0 then gives dU/dφ = 0. They decide bars of type x; the damping, which decides bars of type
y, is not in the energy but in each well's `hold`.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.bar_parameters import BarParameters

__all__ = ["Well", "Landscape"]

_ON_CIRCLE = 1e-5  # how far a root of the quartic may lie from the unit circle; two that meet lie 1e-8 off it
_SAME = 1e-7  # rad; roots nearer than this are one
_TURN = 2 * math.pi

Field = tuple[float, float, float]


@dataclass(frozen=True)
class Well:
    """A minimum of the energy."""

    angle: float
    """Angle of m from x [rad], -π to π."""
    curvature: float
    """d²U/dφ² [T]."""
    barriers: tuple[float, float]
    """Energy over Ms up to the saddle on the side of smaller and of larger angles [T]; infinite without saddles."""
    hold: float
    """1 + b·my/b_c, the share of the barrier that the damping-like torque leaves: it is 0 at the onset, b_c."""


class Landscape:
    """Wells, saddles and the out-of-plane angle of a bar in a field and under a current.

    Parameters
    ----------
    bar
        The bar.
    field
        Field at the bar [T], in the bar's axes.
    current
        Current through the bar [A].

    Examples
    --------
    At rest the barrier is Bk/2 on both sides:

    >>> calm = Landscape(BarParameters(easy_axis_tilt=0.0), (0.0, 0.0, 0.0), 0.0)
    >>> [(round(well.angle, 3), [round(1e3 * each, 3) for each in well.barriers]) for well in calm.wells]
    [(-1.571, [5.0, 5.0]), (1.571, [5.0, 5.0])]
    """

    def __init__(self, bar: BarParameters, field: Field, current: float) -> None:
        self._bar = bar
        self._push = bar.push_per_current * current
        demagnetising, self._bz = bar.demagnetising_field, field[2]
        self._x = field[0] - self._push * field[2] / demagnetising
        self._y = field[1] + bar.field_per_current * current
        double = 2 * bar.easy_angle
        self._cos = bar.anisotropy_field * math.cos(double) / 4 - self._push**2 / (4 * demagnetising)
        self._sin = bar.anisotropy_field * math.sin(double) / 4
        self.saddles: list[float] = []
        """Angles of the maxima of the energy [rad], in rising order; as many as wells."""
        self.wells = self._find_wells()
        """Minima of the energy, by rising angle; one or two."""

    def energy(self, angle: float) -> float:
        """Give U(φ) [T].

        Parameters
        ----------
        angle
            Angle of m from x [rad].
        """
        return (
            -self._x * math.cos(angle)
            - self._y * math.sin(angle)
            - self._cos * math.cos(2 * angle)
            - self._sin * math.sin(2 * angle)
        )

    def magnetisation(self, angle: float) -> NDArray[np.float64]:
        """Give the unit vector at an angle in the plane, with the part along z that field and torque make.

        Parameters
        ----------
        angle
            Angle of m from x [rad].

        Returns
        -------
        ndarray of float64, shape (3,)
            mx, my and mz.
        """
        across = (self._bz + self._push * math.cos(angle)) / (self._bar.demagnetising_field + self._along(angle))
        z = max(-1.0, min(1.0, across))
        plane = math.sqrt(1 - z * z)
        return np.array([plane * math.cos(angle), plane * math.sin(angle), z])

    def well_of(self, angle: float) -> int:
        """Tell into which well the magnetisation falls from an angle.

        Parameters
        ----------
        angle
            Angle of m from x [rad].

        Returns
        -------
        int
            Index into `wells`.
        """
        if len(self.wells) == 1:
            return 0
        first, second = self.saddles
        inside = first <= _wrapped(angle) < second
        within = [first <= well.angle < second for well in self.wells]
        return within.index(inside)

    def _along(self, angle: float) -> float:
        """Field along m in the plane [T]: what stiffens mz beside the demagnetisation."""
        easy = math.cos(angle - self._bar.easy_angle)
        return max(
            self._x * math.cos(angle) + self._y * math.sin(angle) + self._bar.anisotropy_field * easy**2,
            -self._bar.demagnetising_field / 2,  # beyond it m leaves the plane, which this picture does not have
        )

    def _slope(self, angle: float) -> float:
        return (
            self._x * math.sin(angle)
            - self._y * math.cos(angle)
            + 2 * self._cos * math.sin(2 * angle)
            - 2 * self._sin * math.cos(2 * angle)
        )

    def _curvature(self, angle: float) -> float:
        return (
            self._x * math.cos(angle)
            + self._y * math.sin(angle)
            + 4 * self._cos * math.cos(2 * angle)
            + 4 * self._sin * math.sin(2 * angle)
        )

    def _stationary(self) -> list[float]:
        """Give the angles of all minima and maxima, in rising order: roots of a quartic in exp(iφ)."""
        # dU/dφ times 2i·z², with z = exp(iφ); |z| = 1 where the angle is real.
        quadratic, linear = 2 * (self._cos - 1j * self._sin), self._x - 1j * self._y
        roots = np.roots([quadratic, linear, 0.0, -linear.conjugate(), -quadratic.conjugate()])
        angles: list[float] = []
        for angle in sorted(cmath.phase(root) for root in roots.tolist() if abs(abs(root) - 1) < _ON_CIRCLE):
            curvature = self._curvature(angle)
            polished = _wrapped(angle - self._slope(angle) / curvature) if abs(curvature) > _ON_CIRCLE else angle
            if not angles or polished - angles[-1] > _SAME:
                angles.append(polished)
        return sorted(angles)

    def _find_wells(self) -> list[Well]:
        angles = self._stationary()
        low = [angle for angle in angles if self._curvature(angle) > 0]
        self.saddles = [angle for angle in angles if self._curvature(angle) <= 0]
        if len(low) == 2 and len(self.saddles) == 2:
            return [self._well(angle) for angle in low]
        # One well; a second that is about to open or to vanish is none.
        angle = min(low or angles or [0.0], key=self.energy)
        self.saddles = []
        return [self._well(angle)]

    def _well(self, angle: float) -> Well:
        curvature, bar = max(self._curvature(angle), 1e-9), self._bar
        barriers = (math.inf, math.inf)
        if self.saddles:
            below = max(self.saddles, key=lambda saddle: (saddle - angle) % _TURN)
            above = min(self.saddles, key=lambda saddle: (saddle - angle) % _TURN)
            bottom = self.energy(angle)
            barriers = (self.energy(below) - bottom, self.energy(above) - bottom)
        onset = bar.damping * (curvature + bar.demagnetising_field + self._along(angle)) / 2
        return Well(angle, curvature, barriers, 1 + self._push * math.sin(angle) / onset)


def _wrapped(angle: float) -> float:
    return math.remainder(angle, _TURN)
