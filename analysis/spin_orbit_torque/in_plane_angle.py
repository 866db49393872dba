"""Where the magnetisation of an in-plane bar points: coherent rotation in a field along and across the bar."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["InPlaneAngle"]

_STEPS = 60
_CLOSE = 1e-9
_LONGEST = 0.35
"""Longest step of the descent [rad]: none jumps over a barrier."""


@dataclasses.dataclass(frozen=True)
class InPlaneAngle:
    """`e(φ) = -Bx cos φ - By sin φ - (Bk/2) sin²(φ - δ)` has a minimum at φ, the angle between magnetisation and bar.

    E. C. Stoner and E. P. Wohlfarth, Phil. Trans. R. Soc. A 240, 599 (1948), in the plane: the demagnetisation of the
    film holds the magnetisation there. A positive Bk makes the easy axis lie across the bar (type y), a negative one
    along it (type x); δ is the canting of that axis.
    """

    sine: NDArray[np.float64]
    """sin φ, the component of the magnetisation across the bar."""
    cosine: NDArray[np.float64]
    """cos φ, the component along the bar."""
    stiffness: NDArray[np.float64]
    """e'' there [T], at least a thousandth of the fields: beside it the magnetisation jumps."""
    anisotropy: float
    """Bk [T]."""
    canting: float
    """δ [rad]."""

    @classmethod
    def settle(
        cls, along: ArrayLike, across: ArrayLike, anisotropy: float, begin: ArrayLike, canting: float = 0.0
    ) -> Self:
        """Follow the energy down from a direction.

        Parameters
        ----------
        along, across
            Fields Bx along the bar and By across it [T], of one shape.
        anisotropy
            Bk [T], of either sign.
        begin
            Angles to begin from [rad], of that shape or a single one.
        canting
            δ [rad].

        Returns
        -------
        InPlaneAngle
            The minimum that is reached, of the shape of the fields.
        """
        x, y, angle = np.broadcast_arrays(*(np.asarray(each, float) for each in (along, across, begin)))
        least = 1e-3 * (abs(anisotropy) + np.hypot(x, y)) + 1e-12
        angle = angle.copy()
        for _ in range(_STEPS):
            slope, bend = _derivatives(x, y, anisotropy, angle, canting)
            step = np.clip(-slope / np.maximum(np.abs(bend), least), -_LONGEST, _LONGEST)
            angle += step
            if float(np.abs(step).max(initial=0.0)) < _CLOSE:
                break
        bend = _derivatives(x, y, anisotropy, angle, canting)[1]
        return cls(np.sin(angle), np.cos(angle), np.maximum(bend, least), anisotropy, canting)

    @property
    def by_along(self) -> NDArray[np.float64]:
        """∂φ/∂Bx [rad/T]: the minimum moves by -(∂e'/∂p)/e''."""
        return np.asarray(-self.sine / self.stiffness)

    @property
    def by_across(self) -> NDArray[np.float64]:
        """∂φ/∂By [rad/T]."""
        return np.asarray(self.cosine / self.stiffness)

    @property
    def by_anisotropy(self) -> NDArray[np.float64]:
        """∂φ/∂Bk [rad/T]."""
        return np.asarray(self._twice_from_easy[0] / 2 / self.stiffness)

    @property
    def by_canting(self) -> NDArray[np.float64]:
        """∂φ/∂δ."""
        return np.asarray(-self.anisotropy * self._twice_from_easy[1] / self.stiffness)

    @property
    def _twice_from_easy(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sin and cos of 2 (φ - δ)."""
        twice = 2 * (np.arctan2(self.sine, self.cosine) - self.canting)
        return np.sin(twice), np.cos(twice)


def _derivatives(
    x: NDArray[np.float64], y: NDArray[np.float64], anisotropy: float, angle: NDArray[np.float64], canting: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give e' and e''."""
    sine, cosine = np.sin(angle), np.cos(angle)
    twice = 2 * (angle - canting)
    slope = x * sine - y * cosine - anisotropy / 2 * np.sin(twice)
    return slope, x * cosine + y * sine - anisotropy * np.cos(twice)
