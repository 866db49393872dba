"""Heat over the barrier between the two states of a bar."""

from __future__ import annotations

import math

from mtjlab.core import BOLTZMANN
from mtjlab.instruments.simulated.bar.landscape import Landscape, Well
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters

__all__ = ["ATTEMPT_TIME", "escape_rate", "probability_of_second"]

ATTEMPT_TIME = 1e-9
"""Attempt time τ0 of the rate model [s]."""


def escape_rate(bar: BarParameters, well: Well, temperature: float) -> float:
    """Give the rate at which heat and current take the magnetisation out of a well [1/s].

    1/τ = (1/2τ0)·Σ exp(-hold·Ms·Va·barrier/kT), the sum over the two ways round. Without field this is
    (1/τ0)·exp(-Δ·(1 - J/Jc0)), of which a pulse of t switches with 1 - 1/e at Jc = Jc0·[1 - (1/Δ)·ln(t/τ0)]. Past the
    onset no barrier is left, and the rate is 1/τ0.

    Parameters
    ----------
    bar
        The bar.
    well
        Where it is.
    temperature
        Temperature of the bar [K].

    Returns
    -------
    float
        Rate [1/s]; 0 without a saddle.
    """
    if not math.isfinite(well.barriers[0]):
        return 0.0
    scale = bar.saturation_magnetisation * bar.activation_volume / (BOLTZMANN * temperature) * max(well.hold, 0.0)
    return sum(math.exp(-scale * max(barrier, 0.0)) for barrier in well.barriers) / (2 * ATTEMPT_TIME)


def probability_of_second(
    bar: BarParameters, landscape: Landscape, well: int, temperature: float, duration: float
) -> float:
    """Give the probability that the bar is in the second of two wells after a time.

    Parameters
    ----------
    bar
        The bar.
    landscape
        Its energy, with two wells.
    well
        In which it was, 0 or 1.
    temperature
        Temperature of the bar [K].
    duration
        Time [s].

    Returns
    -------
    float
        Probability, of a two-state process with the escape rates of both wells.
    """
    up, down = (escape_rate(bar, each, temperature) for each in landscape.wells)
    if up + down == 0:
        return float(well)
    balance = up / (up + down)
    return balance + (well - balance) * math.exp(-(up + down) * duration)
