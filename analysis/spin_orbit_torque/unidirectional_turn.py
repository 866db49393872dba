"""Unidirectional magnetoresistance against the angle and the size of a field in the plane."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.spin_orbit_torque.angle_dependence import AngleDependence
from mtjlab.analysis.spin_orbit_torque.harmonic_angle import odd_courses
from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["UnidirectionalTurn"]

_FEWEST = 12
_SURE = 4.0


@dataclasses.dataclass(frozen=True)
class UnidirectionalTurn:
    """`[R(+I) - R(-I)]/2 = V0/I + Ru(B) sin φ - 2 ΔR (h I/e'') sin φ cos²φ`, in a field of the size B that turns.

    The field of the current turns the magnetisation, which changes the AMR as the last term says: it falls as
    1/(B ± Bk) and has a course of its own, h being the same in all fields. What is left follows my = sin φ: Ru of each
    field. Where magnons take part it falls with the field (C. O. Avci et al., Phys. Rev. Lett. 121, 087207 (2018));
    the anomalous Nernst effect is in it and does not.
    """

    fields: NDArray[np.float64]
    """Sizes of the field [T], shape (n,)."""
    current: float
    """Size of the current [A]."""
    resistances: tuple[AngleDependence, ...]
    """Mean of both signs of the current in each field: AMR and misalignment."""
    unidirectional: tuple[Quantity, ...]
    """Ru in each field [Ω]."""
    per_ampere: Quantity
    """h [T/A]: field-like and Oersted field."""
    offsets: tuple[Quantity, ...]
    """V0/I in each field [Ω]: thermal voltages."""

    @classmethod
    def fit(
        cls, fields: ArrayLike, angles: ArrayLike, positive: ArrayLike, negative: ArrayLike, current: float
    ) -> Self:
        """Fit turns at several sizes of the field.

        Parameters
        ----------
        fields
            Size of the field of each reading [T], shape (N,), in order of time; the same within a turn.
        angles
            Its angle in the plane [rad], shape (N,); 0 along the bar.
        positive, negative
            Voltage over current at each, at +I and at -I [Ω], shape (N,).
        current
            I [A].

        Returns
        -------
        UnidirectionalTurn
            The fit.

        Raises
        ------
        InputError
            If shapes differ or the current is not positive.
        FitError
            If a turn has fewer than 12 angles, or no AMR, or if the lowest field does not turn the magnetisation.
        """
        size, at, plus, minus = (np.asarray(each, float) for each in (fields, angles, positive, negative))
        if not current > 0:
            raise InputError(f"current = {current:g} A: expected its size, above 0")
        if not size.shape == at.shape == plus.shape == minus.shape:
            raise InputError(f"{at.size} angles, {plus.size} and {minus.size} resistances: give as many of each")
        levels = np.unique(size)
        design = np.zeros((at.size, 2 * levels.size + 1))
        turns = []
        for number, level in enumerate(levels.tolist()):
            which = size == level
            if which.sum() < _FEWEST:
                raise FitError(f"{which.sum()} angles at {level:g} T: give at least {_FEWEST} on a whole turn")
            turn = AngleDependence.fit(at[which], (plus[which] + minus[which]) / 2, level)
            odd, turning = odd_courses(turn, at[which])
            design[which, 2 * number], design[which, 2 * number + 1] = 1.0, odd
            design[which, -1] = turning * current
            turns.append(turn)
        _refuse_weak(turns)
        found = NoisyFit.linear(design, (plus - minus) / 2)
        count = range(levels.size)
        return cls(
            fields=levels,
            current=current,
            resistances=tuple(turns),
            unidirectional=tuple(found.quantity(2 * number + 1, "Ω") for number in count),
            per_ampere=found.quantity(2 * levels.size, "T/A"),
            offsets=tuple(found.quantity(2 * number, "Ω") for number in count),
        )

    @property
    def ratios(self) -> tuple[Quantity, ...]:
        """(R(+I) - R(-I))/R0 at my = +1 in each field."""
        return tuple(
            odd.scaled(2 / even.base.value, "1")
            for odd, even in zip(self.unidirectional, self.resistances, strict=True)
        )

    @property
    def is_there(self) -> bool:
        """Whether Ru is beyond four standard uncertainties in any field."""
        return any(abs(each.value) > _SURE * each.uncertainty for each in self.unidirectional)

    @property
    def constancy(self) -> Goodness:
        """How well one ratio describes all fields.

        Raises
        ------
        FitError
            If there is one field only.
        """
        values, weights = self._weighted()
        off = values - float(weights @ values / weights.sum())
        return Goodness.of(float(weights @ off**2), values.size - 1)

    @property
    def field_power(self) -> Quantity:
        """Power n of the field, `ratio ∝ B^n`, by a straight line through the logarithms; below 0 with magnons.

        Raises
        ------
        FitError
            If there are fewer than two fields, or a ratio is within four standard uncertainties from 0.
        """
        values, weights = self._weighted()
        if np.any(np.abs(values) * np.sqrt(weights) < _SURE) or np.ptp(np.sign(values)):
            raise FitError("the ratio is 0 within its error in some field: raise the current or read longer")
        design = np.stack([np.ones_like(values), np.log(self.fields)], axis=1)
        relative = weights * values**2
        covariance = np.linalg.inv(design.T @ (design * relative[:, None]))
        slope = covariance @ design.T @ (relative * np.log(np.abs(values)))
        return Quantity(float(slope[1]), math.sqrt(float(covariance[1, 1])), "1")

    def curve(self, number: int, angles: ArrayLike) -> NDArray[np.float64]:
        """Give the fitted half difference [Ω] in one of the fields.

        Parameters
        ----------
        number
            Index of the field.
        angles
            Angles of the field [rad], shape (M,).
        """
        odd, turning = odd_courses(self.resistances[number], np.asarray(angles, float))
        base, size = self.offsets[number].value, self.unidirectional[number].value
        return np.asarray(base + size * odd + self.per_ampere.value * self.current * turning)

    def _weighted(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give ratios and one over their variances."""
        if self.fields.size < 2:
            raise FitError("one field: give two or more to see whether the ratio depends on it")
        values = np.array([each.value for each in self.ratios])
        return values, np.array([each.uncertainty for each in self.ratios]) ** -2.0


def _refuse_weak(turns: list[AngleDependence]) -> None:
    """Refuse fields below the anisotropy field, as the strongest of them tells it: the magnetisation jumps in those."""
    told, lowest = turns[-1].anisotropy_field, turns[0].field
    least = abs(told.value) - _SURE * told.uncertainty
    if least > lowest:
        raise FitError(
            f"the magnetisation does not turn with a field of {lowest:.3g} T: the anisotropy field is {told}; "
            "begin above it"
        )
