"""The damping-like spin-orbit torque efficiency, from the switching threshold or from what moves the coercive field."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.spin_orbit_torque.current_induced_field import CurrentInducedField
from mtjlab.analysis.spin_orbit_torque.write_conditions import widened
from mtjlab.core import ELEMENTARY_CHARGE, NORMAL_95, REDUCED_PLANCK, InputError, Quantity

__all__ = ["BarLayers", "density_in", "threshold_from_coercive_shifts"]


@dataclasses.dataclass(frozen=True)
class BarLayers:
    """What is known of a bar besides its switching: `Jc0 = (2e/ħ) Ms t α (Bk + Beff/2)/ξ`.

    J. Z. Sun, Phys. Rev. B 62, 570 (2000), with the spin current of a spin Hall metal: where the damping-like torque
    takes as much of the precession about the easy axis across the bar as the damping gives. Bk is the anisotropy field
    and not the coercive one, which heat makes smaller.
    """

    magnetisation: Quantity
    """Ms [A/m]."""
    thickness: Quantity
    """t of the magnet [m]."""
    damping: Quantity
    """α."""
    anisotropy_field: Quantity
    """Bk in the plane [T]."""
    demagnetising_field: Quantity
    """Beff = μ0 Ms less the perpendicular anisotropy [T]."""
    metal_section: Quantity
    """Width times thickness of the spin Hall metal [m²], over the share of the current that flows in it."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name).value
            if not 0 < value < math.inf:
                raise InputError(f"{field.name.replace('_', ' ')} = {value:g}: expected a positive number")

    def efficiency(self, critical_current: Quantity) -> Quantity:
        """Give ξ for a threshold.

        Parameters
        ----------
        critical_current
            Ic0 of the whole bar [A], such as `ThermalSwitching.critical_current`; its sign is that of ξ.

        Returns
        -------
        Quantity
            ξ, with what is not known of the layers in its uncertainty.
        """
        return self._over(critical_current)

    def current_density(self, critical_current: Quantity) -> Quantity:
        """Give the threshold Jc0 in the metal [A/m²], with what is not known of its section in the uncertainty.

        Parameters
        ----------
        critical_current
            Ic0 of the whole bar [A].
        """
        return density_in(self.metal_section, critical_current)

    def critical_current(self, efficiency: Quantity) -> Quantity:
        """Give the threshold Ic0 of the whole bar [A] for an efficiency ξ.

        Parameters
        ----------
        efficiency
            ξ.
        """
        return self._over(efficiency)._replace(unit="A")

    def _over(self, divisor: Quantity) -> Quantity:
        """Give `(2e/ħ) Ms t α (Bk + Beff/2) S` over a quantity: Ic0 and ξ are that over one another."""
        fields = self.anisotropy_field.value + self.demagnetising_field.value / 2
        parts = (self.magnetisation, self.thickness, self.damping, self.metal_section)
        value = 2 * ELEMENTARY_CHARGE / REDUCED_PLANCK * math.prod(each.value for each in parts) * fields
        value /= divisor.value
        relative = [_known(each.uncertainty) / each.value for each in parts]
        relative += [_known(self.anisotropy_field.uncertainty) / fields]
        relative += [_known(self.demagnetising_field.uncertainty) / 2 / fields]
        whole = abs(value) * math.hypot(*relative, _known(divisor.uncertainty) / divisor.value)
        if not (divisor.has_ends and divisor.low * divisor.high > 0):
            return Quantity(value, whole, "1")
        # Each end by the divisor's own, and what the layers add to it.
        ends = (value * divisor.value / each for each in (divisor.low, divisor.high))
        low, high = sorted(ends)
        added = NORMAL_95 * abs(value) * math.hypot(*relative)
        low, high = value - math.hypot(value - low, added), value + math.hypot(high - value, added)
        return Quantity(value, whole, "1", low, high)


def threshold_from_coercive_shifts(
    currents: ArrayLike, shifts: ArrayLike, errors: ArrayLike, coercive_field: float, anisotropy_field: float
) -> Quantity:
    """Give the threshold Ic0 of a type-y bar from how the current moves its jumps in a field across it.

    Parameters
    ----------
    currents
        Currents [A], shape (n,).
    shifts
        Middle of both jumps with the field-like and Oersted field added [T]: `FieldLoops.coercive_shifts`, shape (n,).
    errors
        Their standard errors [T], shape (n,).
    coercive_field
        Half the distance of the jumps [T].
    anisotropy_field
        Bk [T].

    Returns
    -------
    Quantity
        Ic0 [A], with the ends of its 95 % interval; positive where a positive current moves the middle down.

    Raises
    ------
    InputError
        If the coercive field is not below the anisotropy field.
    FitError
        If there are fewer than three currents.

    Notes
    -----
    Heat takes the bar over the barrier `Δ (1 - Bc/Bk)² (1 - I/Ic)` in the time of the sweep, so that the barrier left
    is the same at each current: dBc/dI = -(Bk - Bc)/(2 Ic). The threshold in the field, Ic, is
    `Ic0 (Bk - Bc + Beff/2)/(Bk + Beff/2)`, which for Beff far above Bk is Ic0.
    """
    line = CurrentInducedField.of_shifts(currents, shifts, np.asarray(errors, float) ** 2)
    slope = line.per_ampere
    reach = (anisotropy_field - coercive_field) / 2
    if not reach > 0:
        raise InputError(f"coercive field = {coercive_field:g} T: expected less than the anisotropy field")
    low, high = slope.interval
    # 1/x turns an interval round; one that holds 0 says only how large the threshold is at least.
    ends = sorted(-reach / end for end in (low, high)) if low * high > 0 else [-math.inf, math.inf]
    return Quantity(-reach / slope.value, math.nan, "A", *ends)


def density_in(section: Quantity, current: Quantity) -> Quantity:
    """Give the density of a current in a section [A/m²].

    Parameters
    ----------
    section
        Section of the metal, over the share of the current that flows in it [m²].
    current
        Current of the whole bar [A].
    """
    found = current.scaled(1 / section.value, "A/m²")
    return widened(found, abs(found.value) * _known(section.uncertainty) / section.value)


def _known(uncertainty: float) -> float:
    """Count an uncertainty that is not told as none."""
    return uncertainty if math.isfinite(uncertainty) else 0.0
