"""A setting at which P(switch) is one half, and how well it is known."""

from __future__ import annotations

import dataclasses

__all__ = ["OperatingPoint"]


@dataclasses.dataclass(frozen=True)
class OperatingPoint:
    """Where P(switch) is one half, as far as the pulses tell."""

    setting: float
    """The setting, in the actuator's unit."""
    interval: tuple[float, float]
    """Its 95 % interval, in the actuator's unit; infinite on a side where the slope is not told from zero."""
    probability: float
    """P(switch) there, by the fit: 1/2 unless the curve does not reach it."""
    probability_error: float
    """Standard error of that."""
    probability_interval: tuple[float, float]
    """Its 95 % interval: not symmetric, where it is near 0 or 1."""
    slope: float
    """Derivative of P(switch) by the setting there, one over the actuator's unit."""
    slope_error: float
    """Standard error of the slope."""
    flat: tuple[float, float] | None
    """The stretch around it in which P stays near one half; None where it is narrower than four steps of the scan."""
    pulses: int
    """Pulses spent."""
    misfit: float
    """Goodness: chi-square of the counts about the curve over their number. 1 by chance; more where P drifts, and then
    the errors are widened by its root."""
