"""What helps write pulses besides their torque, known within its uncertainty, and what that does to threshold and Δ."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.spin_orbit_torque.thermal_switching import ThermalSwitching, barrier_left
from mtjlab.core import NORMAL_95, InputError, Quantity

__all__ = ["WriteConditions", "widened"]


@dataclasses.dataclass(frozen=True)
class WriteConditions:
    """`T(I) = T0 + c I²` and `Δ(I) = Δ (1 - h I/Bk)²`, each of c, h and Bk with a standard uncertainty.

    Threshold and stability are fitted with these as they are, and again with each by its uncertainty up and down: half
    of what that moves the result by is added to its uncertainty, in squares (JCGM 100:2008, 5.1.2 and 5.1.3, note 2).
    """

    heating: Quantity = dataclasses.field(default_factory=lambda: Quantity(0.0, 0.0, "K/A²"))
    """c [K/A²]."""
    per_ampere: Quantity = dataclasses.field(default_factory=lambda: Quantity(0.0, 0.0, "T/A"))
    """h [T/A], positive where the current's field helps it."""
    anisotropy_field: Quantity = dataclasses.field(default_factory=lambda: Quantity(0.0, 0.0, "T"))
    """Bk [T]; 0 where it is not known, and h does nothing then."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            known: Quantity = getattr(self, field.name)
            if not (math.isfinite(known.value) and 0 <= known.uncertainty < math.inf):
                raise InputError(
                    f"{field.name.replace('_', ' ')} = {known.value:g} ± {known.uncertainty:g}: expected a number and "
                    "its standard uncertainty, 0 or above"
                )

    def fit(
        self,
        currents: ArrayLike,
        widths: ArrayLike,
        switched: ArrayLike,
        temperatures: ArrayLike | float = 300.0,
        *,
        reference: float = 300.0,
    ) -> ThermalSwitching:
        """Fit pulses that tried to switch, with what is not known of the conditions in the uncertainties.

        Parameters
        ----------
        currents, widths, switched
            As for `ThermalSwitching.fit`, shape (N,).
        temperatures
            Temperature of the bar without its own heat [K], shape (N,) or one for all.
        reference
            T0 [K].

        Returns
        -------
        ThermalSwitching
            The fit.

        Raises
        ------
        InputError, FitError
            As `ThermalSwitching.fit` does.
        """
        amperes = np.asarray(currents, float)
        ambient = np.broadcast_to(np.asarray(temperatures, float), amperes.shape)
        pulses = (amperes, np.asarray(widths, float), np.asarray(switched, float), ambient)
        best = self._fit(pulses, reference)
        moved = []
        for field in dataclasses.fields(self):
            known: Quantity = getattr(self, field.name)
            if known.value and known.uncertainty:
                # Half a standard uncertainty to either side: what is known badly must not become negative.
                step = min(known.uncertainty, abs(known.value)) / 2
                low, high = (
                    dataclasses.replace(self, **{field.name: known._replace(value=known.value + side * step)})._fit(
                        pulses, reference
                    )
                    for side in (-1, 1)
                )
                scale = known.uncertainty / (2 * step)
                moved.append(
                    (
                        scale * (high.stability.value - low.stability.value),
                        scale * (high.critical_current.value - low.critical_current.value),
                    )
                )
        barrier, threshold = (math.hypot(*each) for each in zip(*moved, strict=True)) if moved else (0.0, 0.0)
        return dataclasses.replace(
            best,
            stability=widened(best.stability, barrier),
            critical_current=widened(best.critical_current, threshold),
        )

    def _fit(self, pulses: tuple[NDArray[np.float64], ...], reference: float) -> ThermalSwitching:
        currents, widths, switched, ambient = pulses
        left = None
        if self.per_ampere.value and self.anisotropy_field.value:
            left = barrier_left(currents, self.per_ampere.value, self.anisotropy_field.value)
        heated = ambient + self.heating.value * currents**2
        return ThermalSwitching.fit(currents, widths, switched, heated, barriers=left, reference=reference)


def widened(quantity: Quantity, added: float) -> Quantity:
    """Add a standard uncertainty to a quantity in squares, to the ends of its interval as well.

    Parameters
    ----------
    quantity
        What was found.
    added
        Standard uncertainty of its unit.
    """
    whole = math.hypot(quantity.uncertainty, added)
    if not quantity.has_ends:
        return quantity._replace(uncertainty=whole)
    value, reach = quantity.value, NORMAL_95 * added
    low, high = (math.hypot(value - end, reach) for end in (quantity.low, quantity.high))
    return quantity._replace(uncertainty=whole, low=value - low, high=value + high)
