"""How strongly P(switch) follows a setting, measured by pulses on either side of its start."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import NamedTuple

from mtjlab.core import InputError
from mtjlab.procedures.steering.actuators import Actuator

__all__ = ["Count", "SettingRange", "Slope", "measure_slope"]

log = logging.getLogger(__name__)

AUTHORITY = 5.0
"""Standard errors by which a slope must differ from zero."""
PROBED = 320_000
"""Most pulses on each side that a slope is measured with."""

Count = Callable[[], tuple[int, int]]
"""Sends a block of pulses at the present setting; says how many pulses there were, and how many of them switched."""


class SettingRange(NamedTuple):
    """Where a setting may go, in the actuator's unit."""

    start: float
    low: float
    high: float


class Slope(NamedTuple):
    """Derivative of P(switch) by a setting, one over the setting's unit."""

    value: float
    error: float = 0.0
    """Standard error; 0 where the user gave the slope."""


def measure_slope(actuator: Actuator, allowed: SettingRange, count: Count) -> Slope:
    """Measure how P(switch) follows a setting, a quarter of its range to either side of the start.

    It takes blocks until the slope is known to a tenth, or with `PROBED` pulses on each side.  The setting is left on
    the lower side.

    Parameters
    ----------
    actuator
        Makes the setting.
    allowed
        Start and range of the setting, in the actuator's unit.
    count
        Sends a block of pulses.

    Returns
    -------
    Slope
        With its standard error, both one over the actuator's unit.

    Raises
    ------
    InputError
        If P does not follow the setting: the slope is within five standard errors of zero.
    """
    below = allowed.start - (allowed.start - allowed.low) / 4
    above = allowed.start + (allowed.high - allowed.start) / 4
    counts = {below: [0, 0], above: [0, 0]}
    while True:
        for setting in (below, above, above, below):  # in this order a steady drift falls out
            actuator.set(setting)
            pulses, switched = count()
            counts[setting][0] += pulses
            counts[setting][1] += switched
        (n, a), (m, b) = counts[below], counts[above]
        slope = (b / m - a / n) / (above - below)
        error = math.sqrt(0.25 / n + 0.25 / m) / (above - below)
        if abs(slope) > 2 * AUTHORITY * error or min(n, m) >= PROBED:
            break
    if abs(slope) <= AUTHORITY * error:
        raise InputError(
            f"P(switch) follows the {actuator.name} by {slope:.3g} ± {error:.2g} 1/{actuator.unit} only, from "
            f"{below:g} to {above:g} {actuator.unit}: it cannot be steered by it (on a plateau the amplitude has no "
            "authority); take another actuator or another operating point"
        )
    log.info("P(switch) follows the %s by %.4g ± %.2g 1/%s", actuator.name, slope, error, actuator.unit)
    return Slope(slope, error)
