"""Holding the operating point of a bitstream by moving one setting."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

from mtjlab.analysis.operating_point import Feedback, LeakageBound, measured_suppression, spread_goodness, suppression
from mtjlab.core import Quantity
from mtjlab.procedures.steering.actuators import Actuator, OperatingPoint
from mtjlab.procedures.steering.leakage_tally import LeakageTally
from mtjlab.procedures.steering.slope import Count, SettingRange, Slope, measure_slope

__all__ = ["Steering", "SteeringSettings"]

log = logging.getLogger(__name__)

WINDOW = 1_000_000
"""Bits of the window whose suppression is reported."""


@dataclass(frozen=True)
class SteeringSettings:
    """How a bitstream is to be steered."""

    slope: float = 0.0
    """Derivative of P by the setting, one over its unit; 0 to have it measured."""
    constant: float = 1e5
    """Loop constant in bits that are given out."""
    share: float = 1.0
    """Pulses that steer, as a part of those that are given out: 1 where the output itself steers."""
    span: float = 0.0
    """How far the setting may move from its start, in its unit; 0 for the actuator's own."""
    resolution: float = 0.0
    """Step of the setting, in its unit; 0 for the actuator's own."""
    drift: float = 1e-8
    """Largest steady drift of P a bit that is expected."""
    step: float = 2e-3
    """Largest sudden change of P that is expected."""
    by_output: bool = True
    """Whether the bits that are given out steer: they are then too fair."""


class Steering:
    """Move one setting of the bench so that P stays at one half.

    Parameters
    ----------
    actuator
        Makes the setting; the range lies about where it is now.
    settings
        How it is to be moved.
    """

    def __init__(self, actuator: Actuator, settings: SteeringSettings) -> None:
        self.actuator, self.settings = actuator, settings
        self.slope = Slope(settings.slope)
        """Slope that the steering counts with; 0 as long as it is not known."""
        self.lost = False
        """Whether the range has ever ended where it would have moved on: nothing can be promised of the bits then."""
        self.leakage = LeakageTally(settings.constant)
        """What is counted to bound what the bits give away."""
        start = actuator.value_in(actuator.point)
        span = settings.span or actuator.span
        self.range = SettingRange(start, start - span, start + span)
        """Where the setting may go."""
        self._resolution = settings.resolution or actuator.resolution
        self._feedback: Feedback | None = None
        self._settled_at = start
        self._between = 0.0

    @property
    def ready(self) -> bool:
        """Whether the slope is known and the setting has settled."""
        return self._feedback is not None

    @property
    def setting(self) -> float:
        """The setting now, in the actuator's unit."""
        return self.range.start if self._feedback is None else self._feedback.setting

    def rehearse(self) -> None:
        """Make both ends of the range, with all outputs off, for the interlock to see; then the setting itself.

        Raises
        ------
        LimitError
            If the bench does not allow the whole range.
        """
        for value in (self.range.low, self.range.high, self.setting):
            self.actuator.set(value)

    def switch_on(self) -> None:
        """Switch on what makes the setting, and make it."""
        self.actuator.switch_on(self.setting)

    def begin(self, count: Count) -> None:
        """Measure the slope where it was not given, and settle before anything is given out.

        Parameters
        ----------
        count
            Sends a block of pulses and tells how many there were and how many switched.

        Raises
        ------
        InputError
            If P does not follow the setting.
        """
        settings = self.settings
        if not self.slope.value:
            self.slope = measure_slope(self.actuator, self.range, count)
        feedback = Feedback(
            self.range.start,
            self.slope.value,
            constant=max(1.0, settings.constant * settings.share),
            low=self.range.low,
            high=self.range.high,
            resolution=self._resolution,
            cold=True,
        )
        self.actuator.set(feedback.setting)
        log.info("steering by the %s settles", self.actuator.name)
        while not feedback.settled:
            self.actuator.set(feedback.update(*count()))
        self._feedback, self._settled_at = feedback, feedback.wanted
        self.leakage.forget_pulses()  # those of the search for the slope were elsewhere

    def resume_at(self, point: OperatingPoint) -> None:
        """Start from the operating point of an earlier block, if it is within the range."""
        assert self._feedback is not None
        value = self.actuator.value_in(point)
        if self.range.low <= value <= self.range.high:
            self._feedback.wanted = self._feedback.setting = value
            self.actuator.set(value)

    def update(self, pulses: int, switched: int) -> None:
        """Take what was counted since the last update, and make the next setting.

        Parameters
        ----------
        pulses, switched
            Pulses since then, and how many switched.
        """
        feedback = self._feedback
        assert feedback is not None
        was = feedback.saturated
        self._between = min(pulses / self.settings.share, self.settings.constant / 2)
        feedback.update(pulses, switched)
        self.lost = self.lost or feedback.saturated
        if feedback.saturated and not was:
            log.warning(
                "the %s has come to the end of its range, %g to %g %s: P(switch) is no longer held",
                self.actuator.name,
                self.range.low,
                self.range.high,
                self.actuator.unit,
            )
        self.actuator.set(feedback.setting)

    def bound(self, bits: int) -> LeakageBound:
        """Bound how far P is from one half at any of so many bits, given all earlier bits and settings."""
        settings, share = self.settings, self.settings.share
        return LeakageBound.of(
            constant=max(1.0, settings.constant * share),
            bits=max(1.0, bits * share),
            drift=max(settings.drift, abs(self._observed_drift(bits))) / share,
            slope=self.slope.value,
            resolution=self._resolution,
            states=self.leakage.between_states,
            step=settings.step if not self.lost else 0.5,
        )

    def results(self, bits: int) -> dict[str, Quantity]:
        """Give what is recorded of the steering of so many bits, by name."""
        bound = self.bound(bits)
        unit, constant = self.actuator.unit, self.settings.constant
        others = 0.0 if self.settings.by_output else self.settings.share
        near, far = (suppression(window, constant, self._between, others) for window in (constant, WINDOW))
        deviations = self.leakage.deviations
        return {
            f"{self.actuator.name} at the end": Quantity(self.setting, math.nan, unit),
            "slope": Quantity(self.slope.value, self.slope.error or math.nan, f"1/{unit}"),
            "observed drift": Quantity(self._observed_drift(bits), math.nan, "1/bit"),
            "spread of the ones over a loop constant": Quantity(*measured_suppression(deviations), ""),
            "that spread by theory": Quantity(near, math.nan, ""),
            "goodness of that spread (p)": Quantity(spread_goodness(deviations, near).p_value, math.nan, "1"),
            f"spread over {WINDOW:,} bits by theory": Quantity(far, math.nan, ""),
            "bound of the deviation": Quantity(bound.deviation, math.nan, ""),
            "least min-entropy": Quantity(bound.min_entropy, math.nan, "bit/bit"),
        }

    def _observed_drift(self, bits: int) -> float:
        if self._feedback is None or not bits:
            return 0.0
        return (self._settled_at - self._feedback.wanted) * self.slope.value / bits
