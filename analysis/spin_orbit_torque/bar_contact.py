"""Whether a bar is connected, and the right way round: a straight line through voltage against current."""

from __future__ import annotations

import dataclasses
import math
from enum import Enum
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.core import FitError, Quantity

__all__ = ["BarContact", "BarContactState"]

_OPEN = 30.0
_SHORT = 0.1
_SCATTER = 0.05


class BarContactState(Enum):
    """What the leads are connected to."""

    BAR = "a bar"
    OPEN = "nothing (open)"
    SHORT = "a short"
    REVERSED = "a bar, with reversed voltage leads"
    BAD = "a bad contact"


@dataclasses.dataclass(frozen=True)
class BarContact:
    """`V = R I + V0`, and what R says of the contacts."""

    resistance: Quantity
    """R [Ω], below 0 with reversed leads."""
    offset: Quantity
    """V0 [V], thermal."""
    state: BarContactState
    """What is there."""
    diagnosis: str
    """The same in words, with what to do; empty for a bar."""

    @classmethod
    def judge(cls, currents: ArrayLike, voltages: ArrayLike, expected: float, compliance: float = math.inf) -> Self:
        """Judge the contacts.

        Parameters
        ----------
        currents, voltages
            Readings [A], [V], shape (N,), at least four, of both polarities.
        expected
            Resistance that the bar should have, about [Ω].
        compliance
            Largest voltage that the source gives [V].

        Returns
        -------
        BarContact
            The judgement.

        Raises
        ------
        FitError
            If there are fewer than four readings, or not both polarities.
        """
        amperes, volts = np.asarray(currents, float), np.asarray(voltages, float)
        if amperes.size < 4 or not amperes.min() < 0 < amperes.max():
            raise FitError(f"{amperes.size} readings: give at least four, at currents of both signs")
        if not np.isfinite(volts).all() or np.abs(volts).max() >= 0.99 * compliance:
            nothing = Quantity(math.inf, math.nan, "Ω")
            return cls(
                nothing,
                Quantity(math.nan, math.nan, "V"),
                BarContactState.OPEN,
                _words(BarContactState.OPEN, math.inf, expected),
            )
        scale = float(np.abs(amperes).max())
        fitted = NoisyFit.linear(np.stack([np.ones_like(amperes), amperes / scale], axis=1), volts)
        resistance, offset = fitted.quantity(1, "Ω", 1 / scale), fitted.quantity(0, "V")
        state = _state(resistance.value, float(fitted.residuals.std()) / scale, expected)
        return cls(resistance, offset, state, _words(state, resistance.value, expected))


def _state(resistance: float, scatter: float, expected: float) -> BarContactState:
    size = abs(resistance)
    if size > _OPEN * expected:
        return BarContactState.OPEN
    if size < _SHORT * expected:
        return BarContactState.SHORT
    if scatter > _SCATTER * size:
        return BarContactState.BAD
    return BarContactState.REVERSED if resistance < 0 else BarContactState.BAR


def _words(state: BarContactState, resistance: float, expected: float) -> str:
    about = f"the bar should have about {expected:.3g} Ω"
    return {
        BarContactState.BAR: "",
        BarContactState.OPEN: f"no contact: {about}, nothing conducts; check needles, bonds and cables",
        BarContactState.SHORT: f"shorted: {resistance:.3g} Ω where {about}; leads that touch, or an open voltage lead",
        BarContactState.REVERSED: (
            f"reversed wiring: {resistance:.4g} Ω; exchange the two voltage leads, or those of the current: "
            "as they are, every field and efficiency has the wrong sign"
        ),
        BarContactState.BAD: f"bad contact: {resistance:.3g} Ω where {about}, readings that jump; land needles again",
    }[state]
