"""Where a bar switches in the plane of write current and field along it."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.spin_orbit_torque.pulse_likelihood import pulse_boundary
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["SwitchingPhaseMap"]


@dataclasses.dataclass(frozen=True)
class SwitchingPhaseMap:
    """Current at which half of the pulses switch, of each sign and at each field.

    At each field `ln(-ln(1 - P)) = a + b |I|`, as in `ThermalSwitching`, with a and b of its own.
    """

    fields: NDArray[np.float64]
    """Fields [T], rising, shape (m,)."""
    positive: tuple[Quantity, ...]
    """Current at which half of the pulses of positive sign switch [A]; NaN where the currents do not reach it."""
    negative: tuple[Quantity, ...]
    """Likewise of negative sign, below 0."""

    @classmethod
    def fit(cls, currents: ArrayLike, fields: ArrayLike, switched: ArrayLike, pulses: ArrayLike) -> Self:
        """Find the two boundaries.

        Parameters
        ----------
        currents
            Write current at each setting [A], of either sign, shape (N,).
        fields
            Field at each [T], shape (N,).
        switched
            How many pulses switched, shape (N,).
        pulses
            Out of how many that found the bar in the other state, shape (N,).

        Returns
        -------
        SwitchingPhaseMap
            The boundaries.

        Raises
        ------
        InputError
            If the shapes differ.
        FitError
            If no boundary is found at any field.
        """
        arrays = [np.asarray(each, float) for each in (currents, fields, switched, pulses)]
        amperes, at, hits, count = arrays
        if len({each.shape for each in arrays}) > 1:
            raise InputError(f"{amperes.size} currents, {at.size} fields, {hits.size} counts: give as many of each")
        levels = np.unique(at)
        sides: dict[float, list[Quantity]] = {1.0: [], -1.0: []}
        for level in levels:
            for sign, found in sides.items():
                which = (at == level) & (np.sign(amperes) == sign) & (count > 0)
                found.append(pulse_boundary(np.abs(amperes[which]), hits[which], count[which]).scaled(sign, "A"))
        if not any(math.isfinite(each.value) for found in sides.values() for each in found):
            raise FitError(
                "P(switch) does not pass one half at any field: widen the currents, or check that pulses reach the bar"
            )
        return cls(levels, tuple(sides[1.0]), tuple(sides[-1.0]))
