"""Holding the operating point of a bitstream: the setting that is moved, its slope, what was done and what it leaks."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mtjlab.analysis.operating_point import Feedback, LeakageBound, measured_suppression, spread_goodness, suppression
from mtjlab.core import InputError
from mtjlab.instruments import Bench, GuardedCoil

__all__ = ["ACTUATORS", "Actuator", "Steering", "Wanted"]

log = logging.getLogger(__name__)

WINDOW = 1_000_000
"""Bits of the window whose suppression is reported."""
AUTHORITY = 5.0
"""Standard errors by which a slope must differ from zero."""
STATES_WINDOW = 5.0
"""Loop constants over which the difference between the two states is taken; its largest value counts."""
PROBED = 320_000
"""Most pulses a side that a slope is measured with."""


class Actuator(NamedTuple):
    """A setting that P(switch) follows."""

    unit: str
    resolution: float
    """Step of usual instruments, in the unit."""
    span: float
    """How far it may be moved from its start unless said otherwise: in the unit for a field, else as a part of it."""


ACTUATORS = {
    "amplitude": Actuator("V", 1e-3, 0.1),
    "width": Actuator("s", 1e-11, 0.1),
    "field": Actuator("T", 1e-6, 5e-3),
    "perpendicular-field": Actuator("T", 1e-6, 5e-3),
}
"""The actuators by name; resolutions are those of a Keysight 81160A and of a coil of 10 mT/A at a Yokogawa GS200."""


@dataclass(frozen=True)
class Wanted:
    """How a bitstream is to be steered."""

    actuator: str
    """``amplitude``, ``width``, ``field`` (in the plane) or ``perpendicular-field``."""
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


class Steering:
    """Move one setting of the bench so that P stays at one half.

    Parameters
    ----------
    bench
        Bench with the instrument that makes the setting.
    wanted
        What is asked for.
    amplitude, width
        The pulse at the start [V], [s].
    field
        Field of the coil at the start [T], where a coil is the actuator.
    by_output
        Whether the bits that are given out steer: they are then too fair.
    """

    def __init__(
        self,
        bench: Bench,
        wanted: Wanted,
        amplitude: float,
        width: float,
        field: float = 0.0,
        *,
        by_output: bool = True,
    ) -> None:
        self.bench, self.wanted, self.by_output = bench, wanted, by_output
        self.amplitude = amplitude
        """Pulse amplitude now [V]."""
        self.width = width
        """Pulse width now [s]."""
        self.field = field
        """Field of the coil now [T]."""
        self.slope = wanted.slope
        """Slope that the steering counts with, one over the unit; 0 as long as it is not known."""
        self.slope_error = 0.0
        """Its standard error; 0 where it was given."""
        self.lost = False
        """Whether the range has ever ended where it would have gone on: nothing can be promised of the bits then."""
        self._kind = ACTUATORS[self.wanted.actuator]
        start = {"amplitude": self.amplitude, "width": self.width}.get(self.wanted.actuator, self.field)
        relative = self.wanted.actuator in ("amplitude", "width")
        span = self.wanted.span or self._kind.span * (start if relative else 1.0)
        self._start, self._low, self._high = start, start - span, start + span
        self._resolution = self.wanted.resolution or self._kind.resolution
        self._feedback: Feedback | None = None
        self._counts = {0: [0, 0], 1: [0, 0]}
        self._apart = 0.0
        self._settled_at = start
        self._between = 0.0
        self._window = [0, 0]
        self._deviations: list[float] = []

    @property
    def ready(self) -> bool:
        """Whether the slope is known."""
        return self._feedback is not None

    @property
    def setting(self) -> float:
        """The setting now, in the actuator's unit."""
        return self._start if self._feedback is None else self._feedback.setting

    def rehearse(self) -> None:
        """Make both ends of the range, with all outputs off, for the interlock to see; then the setting itself."""
        for value in (self._low, self._high, self.setting):
            self._make(value)

    def apply(self) -> None:
        """Make the setting."""
        self._make(self.setting)

    def switch_on(self) -> None:
        """Switch the coil on, where one is the actuator."""
        coil = self._coil()
        if coil is not None:
            coil.switch_on()
            coil.set_field(self.setting)

    def begin(self, count: Callable[[], tuple[int, int]]) -> None:
        """Measure the slope where it was not given, and settle before anything is given out.

        Parameters
        ----------
        count
            Sends a block of pulses and tells how many there were and how many switched.

        Raises
        ------
        ValueError
            If P does not follow the setting.
        """
        if not self.slope:
            self._measure_slope(count)
        constant = max(1.0, self.wanted.constant * self.wanted.share)
        self._feedback = Feedback(
            self._start,
            self.slope,
            constant=constant,
            low=self._low,
            high=self._high,
            resolution=self._resolution,
            cold=True,
        )
        self.apply()
        log.info("steering by the %s settles", self.wanted.actuator)
        while not self._feedback.settled:
            self._feedback.update(*count())
            self.apply()
        self._settled_at = self._feedback.wanted
        self._forget_states()  # those of the search for the slope were elsewhere
        self._apart = 0.0

    def go_on_from(self, amplitude: float, width: float, field: float) -> None:
        """Go on from the pulse [V], [s] and the field [T] of an earlier block."""
        assert self._feedback is not None
        value = {"amplitude": amplitude, "width": width}.get(self.wanted.actuator, field)
        if self._low <= value <= self._high:
            self._feedback.wanted = self._feedback.setting = value
            self.apply()

    @property
    def field_now(self) -> float:
        """Field of the coil that steers [T]; NaN where none does."""
        return self.field if self._coil() is not None else math.nan

    def see(self, before: int, pulses: int, switched: int) -> None:
        """Count pulses that began in one state, for what the state gives away."""
        self._counts[before][0] += pulses
        self._counts[before][1] += switched
        if sum(seen for seen, _ in self._counts.values()) >= STATES_WINDOW * self.wanted.constant:
            self._apart = max(self._apart, self._between_states())
            self._forget_states()

    def give_out(self, bits: int, ones: int) -> None:
        """Count bits that are given out, for how much too fair they are."""
        self._window[0] += bits
        self._window[1] += ones
        if self._window[0] >= self.wanted.constant:
            count, found = self._window
            self._deviations.append((found - count / 2) / math.sqrt(count / 4))
            self._window = [0, 0]

    def act(self, pulses: int, switched: int) -> None:
        """Take what was counted since the last action, and make the next setting.

        Parameters
        ----------
        pulses, switched
            Pulses since then, and how many switched.
        """
        assert self._feedback is not None
        was = self._feedback.saturated
        self._between = min(pulses / self.wanted.share, self.wanted.constant / 2)
        self._feedback.update(pulses, switched)
        self.lost = self.lost or self._feedback.saturated
        if self._feedback.saturated and not was:
            log.warning(
                "the %s has come to the end of its range, %g to %g %s: P(switch) is no longer held",
                self.wanted.actuator,
                self._low,
                self._high,
                self._kind.unit,
            )
        self.apply()

    def bound(self, bits: int) -> LeakageBound:
        """Bound how far P is from one half at any of so many bits, given all earlier bits and settings."""
        share = self.wanted.share
        return LeakageBound.of(
            constant=max(1.0, self.wanted.constant * share),
            bits=max(1.0, bits * share),
            drift=max(self.wanted.drift, abs(self._observed_drift(bits))) / share,
            slope=self.slope,
            resolution=self._resolution,
            states=self._apart or self._between_states(),
            step=self.wanted.step if not self.lost else 0.5,
        )

    def results(self, bits: int) -> dict[str, tuple[float, float, str]]:
        """Give what is recorded of the steering: name → (value, standard error, unit)."""
        bound = self.bound(bits)
        unit = self._kind.unit
        constant = self.wanted.constant
        others = 0.0 if self.by_output else self.wanted.share
        near, far = (suppression(window, constant, self._between, others) for window in (constant, WINDOW))
        return {
            f"{self.wanted.actuator} at the end": (self.setting, math.nan, unit),
            "slope": (self.slope, self.slope_error or math.nan, f"1/{unit}"),
            "observed drift": (self._observed_drift(bits), math.nan, "1/bit"),
            "spread of the ones over a loop constant": (*measured_suppression(self._deviations), ""),
            "that spread by theory": (near, math.nan, ""),
            "goodness of that spread (p)": (spread_goodness(self._deviations, near).p_value, math.nan, "1"),
            f"spread over {WINDOW:,} bits by theory": (far, math.nan, ""),
            "bound of the deviation": (bound.deviation, math.nan, ""),
            "least min-entropy": (bound.min_entropy, math.nan, "bit/bit"),
        }

    def _observed_drift(self, bits: int) -> float:
        if self._feedback is None or not bits:
            return 0.0
        return (self._settled_at - self._feedback.wanted) * self.slope / bits

    def _forget_states(self) -> None:
        self._counts = {0: [0, 0], 1: [0, 0]}

    def _between_states(self) -> float:
        """Half the difference of P from the two states in this window, and three standard errors."""
        if not all(pulses for pulses, _ in self._counts.values()):
            return 0.0
        (n, a), (m, b) = self._counts.values()
        p, q = a / n, b / m
        return (abs(p - q) + 3 * math.sqrt(p * (1 - p) / n + q * (1 - q) / m)) / 2

    def _measure_slope(self, count: Callable[[], tuple[int, int]]) -> None:
        # A quarter of the range either side, in turn, so that drift falls out.
        ends = [self._start - (self._start - self._low) / 4, self._start + (self._high - self._start) / 4]
        counts = [[0, 0], [0, 0]]
        step = ends[1] - ends[0]
        while True:
            for side in (0, 1, 1, 0):
                self._make(ends[side])
                pulses, switched = count()
                counts[side][0] += pulses
                counts[side][1] += switched
            (n, a), (m, b) = counts
            slope = (b / m - a / n) / step
            error = math.sqrt(0.25 / n + 0.25 / m) / step
            if abs(slope) > 2 * AUTHORITY * error or min(n, m) >= PROBED:
                break
        if abs(slope) <= AUTHORITY * error:
            raise InputError(
                f"P(switch) follows the {self.wanted.actuator} by {slope:.3g} ± {error:.2g} 1/{self._kind.unit} only, "
                f"from {ends[0]:g} to {ends[1]:g} {self._kind.unit}: it can not be steered by it (on a plateau the "
                "amplitude has no authority); take another actuator or another operating point"
            )
        self.slope, self.slope_error = slope, error
        log.info("P(switch) follows the %s by %.4g ± %.2g 1/%s", self.wanted.actuator, slope, error, self._kind.unit)

    def _coil(self) -> GuardedCoil | None:
        if self.wanted.actuator == "field":
            return self.bench.coil
        return self.bench.perpendicular_coil if self.wanted.actuator == "perpendicular-field" else None

    def _make(self, value: float) -> None:
        coil = self._coil()
        if coil is not None:
            coil.set_field(value)
            self.field = value
            return
        if self.wanted.actuator == "amplitude":
            self.amplitude = value
        else:
            self.width = value
        self.bench.pulse_generator.set_pulse(self.amplitude, self.width)
