"""Whether a device is there: its resistance from a few small biases, and what is wrong with it."""

from __future__ import annotations

import dataclasses
import math
from enum import Enum
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.junction.flicker_error import USUAL_INTERVAL, spread_of_runs
from mtjlab.core import FitError, Quantity

__all__ = ["Contact", "ContactState", "diagnosis_of"]

OPEN = 30.0
"""Times the highest resistance of the device above which the contact counts as open."""
SHORT = 0.3
"""Share of the lowest resistance of the device below which it counts as shorted."""


class ContactState(Enum):
    """What the source-meter is connected to."""

    DEVICE = "a device"
    OPEN = "nothing (open)"
    SHORT = "a short"
    BAD = "a bad contact"


@dataclasses.dataclass(frozen=True)
class Contact:
    """What a straight line through current against voltage says of the contact."""

    resistance: Quantity
    """Resistance [Ω]; infinite for an open contact."""
    offset: Quantity
    """Current at zero bias [A]: the meter's."""
    misfit: float
    """Scatter about the straight line, over the current at the largest bias."""
    state: ContactState
    """What is there."""
    diagnosis: str
    """The same in words, with what to do; empty for a device."""

    @classmethod
    def judge(
        cls,
        voltages: ArrayLike,
        currents: ArrayLike,
        lowest: float,
        highest: float,
        interval: float = USUAL_INTERVAL,
    ) -> Self:
        """Judge a contact.

        Parameters
        ----------
        voltages, currents
            Readings at small biases of both polarities [V], [A], shape (N,), at least 4.
        lowest, highest
            Resistances of the device's two states [Ω].
        interval
            Time from reading to reading [s].

        Returns
        -------
        Contact
            The judgement. What the readings scatter counts as 1/f noise of the device, which within a run is a tenth of
            what it is from run to run (`spread_of_runs`).

        Raises
        ------
        FitError
            If there are fewer than four readings, or they do not have both polarities.
        """
        volts, amperes = np.asarray(voltages, float), np.asarray(currents, float)
        if volts.size < 4 or not (volts.min() < 0 < volts.max()):
            raise FitError(f"{volts.size} readings: give at least four, at biases of both polarities")
        design = np.stack([volts, np.ones_like(volts)], axis=1)
        (conductance, offset), *_ = np.linalg.lstsq(design, amperes, rcond=None)
        residual = amperes - design @ [conductance, offset]
        scatter = math.sqrt(float(residual @ residual) / (volts.size - 2))
        errors = scatter * np.sqrt(np.diag(np.linalg.inv(design.T @ design)))
        between = math.sqrt(spread_of_runs(design, residual, abs(float(conductance)) * volts, interval)[0, 0])
        resistance = _inverse(float(conductance), float(errors[0]), max(between, float(errors[0])))
        signal = abs(float(conductance)) * float(np.abs(volts).max())
        state = _state(float(conductance), float(errors[0]), scatter, signal, lowest, highest)
        return cls(
            resistance,
            Quantity(float(offset), float(errors[1]), "A"),
            scatter / signal if signal else math.inf,
            state,
            _words(state, resistance.value, lowest, highest),
        )


def diagnosis_of(resistance: float, lowest: float, highest: float) -> str:
    """Say what is wrong with a contact of some resistance; nothing where it may be the device's.

    Parameters
    ----------
    resistance
        Mean resistance that was read [Ω]; negative and infinite ones are those of no contact.
    lowest, highest
        Resistances of the device's two states [Ω].

    Returns
    -------
    str
        What is wrong, and what to check; empty where nothing is.

    Examples
    --------
    >>> diagnosis_of(51e3, 50e3, 100e3)
    ''
    >>> diagnosis_of(-3e9, 50e3, 100e3)
    'no contact: the device has 5e+04 to 1e+05 Ω, nothing conducts; check needles, cable and switches'
    """
    conductance = 1 / resistance if resistance else math.inf
    return _words(_state(conductance, 0.0, 0.0, 0.0, lowest, highest), resistance, lowest, highest)


def _inverse(conductance: float, error: float, between: float) -> Quantity:
    if conductance <= 2 * error:
        return Quantity(math.inf, math.inf, "Ω")
    return Quantity(1 / conductance, between / conductance**2, "Ω")


def _state(
    conductance: float, error: float, scatter: float, signal: float, lowest: float, highest: float
) -> ContactState:
    if conductance <= max(2 * error, 1 / (OPEN * highest)):
        return ContactState.OPEN
    if conductance >= 1 / (SHORT * lowest):
        return ContactState.SHORT
    # A tunnel junction at small bias is a straight line to some per cent; a needle that dances is not.
    too_high = conductance < 1 / (2 * highest)
    return ContactState.BAD if too_high or scatter > 0.2 * signal else ContactState.DEVICE


def _words(state: ContactState, resistance: float, lowest: float, highest: float) -> str:
    expected = f"the device has {lowest:.3g} to {highest:.3g} Ω"
    return {
        ContactState.DEVICE: "",
        ContactState.OPEN: f"no contact: {expected}, nothing conducts; check needles, cable and switches",
        ContactState.SHORT: f"shorted: {resistance:.3g} Ω where {expected}; a broken barrier, or needles that touch",
        ContactState.BAD: f"bad contact: {resistance:.3g} Ω where {expected} or jumping readings; land needles again",
    }[state]
