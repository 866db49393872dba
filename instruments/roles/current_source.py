"""The role of the instrument that drives a current through a bar, steady, pulsed or sinusoidal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Protocol

import pydantic

from mtjlab.instruments.roles.role import GuardedSetting, OutputRole, Role
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings
from mtjlab.instruments.safety.pulsed_current import PulsedCurrent
from mtjlab.instruments.safety.setting_value import finite_number, whole_number

if TYPE_CHECKING:  # a bench file that is only read needs no arrays
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CURRENT_SOURCE", "CurrentSource", "GuardedCurrentSource", "CurrentLimits"]

Positive = pydantic.PositiveFloat


class CurrentSource(OutputRole, Protocol):
    """What a procedure may ask of a current source.

    A pump-probe measurement pulses, then reads: `send_pulse`, then `set_current` with the small probe current and
    `Nanovoltmeter.read`. A driver need not have `start_sine`, `set_linked_meter`, `measure_delta` and
    `measure_pulse_delta`.

    Examples
    --------
    >>> source.set_current(1e-4, compliance=2.0)             # doctest: +SKIP
    >>> source.switch_on()                                   # doctest: +SKIP
    >>> source.send_pulse(8e-3, width=50e-6, compliance=10)  # doctest: +SKIP
    >>> source.measure_delta(1e-4, 8, delay=5e-3, compliance=2.0).mean()  # doctest: +SKIP
    0.1023
    """

    def set_current(self, current: float, compliance: float) -> None:
        """Set the steady current [A] and the largest voltage [V], and read both back.

        Parameters
        ----------
        current
            Current [A].
        compliance
            Largest voltage [V].
        """

    def set_limit(self, compliance: float) -> None:
        """Set the largest voltage [V] as a backstop, before any current is set.

        Parameters
        ----------
        compliance
            Largest voltage [V].
        """

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Send one rectangular pulse of current [A] and width [s]; leave the output on at the steady current.

        Comes back when the pulse is over.

        Parameters
        ----------
        current
            Current of the pulse [A], of either sign.
        width
            Width [s].
        compliance
            Largest voltage during the pulse [V].
        """

    def start_sine(self, amplitude: float, frequency: float, compliance: float) -> None:
        """Drive a sinusoidal current, until `switch_off` or a steady current ends it.

        Parameters
        ----------
        amplitude
            Peak value [A].
        frequency
            Frequency [Hz].
        compliance
            Largest voltage [V].
        """

    def set_linked_meter(self, cycles: float, voltage: float | None) -> None:
        """Set up the nanovoltmeter that the source is linked to, for `measure_delta`, and read it back.

        Parameters
        ----------
        cycles
            Integration time in power line cycles; pulse delta has a time of its own.
        voltage
            Largest voltage that is to be read [V]; None for a range that the meter chooses.
        """

    def measure_delta(self, current: float, count: int, delay: float, compliance: float) -> NDArray[np.float64]:
        """Read the linked nanovoltmeter at +current and −current by turns; the output is off afterwards.

        Parameters
        ----------
        current
            Current of both signs [A].
        count
            Number of results.
        delay
            Time from a change of the current to its reading [s].
        compliance
            Largest voltage [V].

        Returns
        -------
        NDArray
            Half the difference of the voltages at both signs [V], float64, shape (count,), each from three readings:
            offsets and their linear drift are gone from it, and so is what is even in the current.
        """

    def measure_pulse_delta(
        self, current: float, width: float, count: int, interval: float, compliance: float
    ) -> NDArray[np.float64]:
        """Read the linked nanovoltmeter in pulses, and before and after each; the output is off afterwards.

        Parameters
        ----------
        current
            Current of the pulses [A], of either sign; between them there is none.
        width
            Width of a pulse [s].
        count
            Number of pulses.
        interval
            Time from one pulse to the next [s].
        compliance
            Largest voltage [V].

        Returns
        -------
        NDArray
            Voltage in each pulse less the mean of that before and after it [V], float64, shape (count,).
        """

    def switch_off(self) -> None:
        """Switch the output off, at once and without a ramp."""


class CurrentLimits(LimitSettings):
    """What a bar stands of current."""

    current: Annotated[Positive, BenchLimit("A", 1e-2, either_polarity=True)] = 0.0
    """Largest current of the current source, steady or in a pulse, of either polarity [A]."""
    current_pulse_width: Annotated[Positive, BenchLimit("s", 1e-3)] = 0.0
    """Longest pulse of the current source [s]."""
    compliance_voltage: Annotated[Positive, BenchLimit("V", 10.0)] = 0.0
    """Largest voltage that the current source may be allowed [V]."""
    current_density: Annotated[Positive | None, BenchLimit("A/m²", 1e11, stated=False, either_polarity=True)] = None
    """Largest current density in the device, by its width and thickness in ``[device]`` [A/m²]."""
    current_duty_cycle: Annotated[float, pydantic.Field(gt=0, le=1), BenchLimit("", stated=False)] = 0.1
    """Largest share of the time during which pulses of current are on."""


class GuardedCurrentSource(PulsedCurrent):
    """A current source behind the interlock; see `CurrentSource` for the methods."""

    plays = CurrentSource
    optional = frozenset({"start_sine", "set_linked_meter", "measure_delta", "measure_pulse_delta"})

    def set_current(self, current: float, compliance: float) -> None:
        """Check current and compliance, then set them."""
        current, compliance = self._interlock.check_current(current, compliance)
        with self._making("current"):
            self._instrument.set_current(current, compliance)

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._instrument.set_limit(self._interlock.limits.compliance_voltage)

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give current and compliance."""
        limits = self._interlock.limits
        yield "source_current", float(settings.get("source_current", 0.0)), limits.current, "A"
        yield "source_compliance", float(settings.get("source_compliance", 0.0)), limits.compliance_voltage, "V"

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Check and count the pulse, wait until the duty cycle allows it, then send it."""
        self._send_pulse("current", current, width, compliance)

    def start_sine(self, amplitude: float, frequency: float, compliance: float) -> None:
        """Check the peak of the current, then drive it."""
        amplitude, compliance = self._interlock.check_current(abs(amplitude), compliance)
        frequency = finite_number("frequency", frequency, "give hertz")
        self._interlock.check_switching_on(self._role)
        self._interlock.on.add(self._role)
        with self._making("current", spoils_set_up=True):
            self._instrument.start_sine(amplitude, frequency, compliance)
        self._interlock.withdrawn.discard(self._role)

    def set_linked_meter(self, cycles: float, voltage: float | None) -> None:
        """Set up the nanovoltmeter that the source is linked to."""
        cycles = finite_number("integration", cycles, "give power line cycles")
        allowed = "give volts, or None for the meter to choose"
        self._instrument.set_linked_meter(cycles, None if voltage is None else finite_number("range", voltage, allowed))

    def measure_delta(self, current: float, count: int, delay: float, compliance: float) -> NDArray[np.float64]:
        """Check the current, then read at both of its signs."""
        current, compliance = self._interlock.check_current(current, compliance)
        count, delay = whole_number("count", count, 1), finite_number("delay", delay, "give seconds")
        self._interlock.check_switching_on(self._role)
        self._interlock.on.add(self._role)
        with self._making("current", spoils_set_up=True):
            values: NDArray[np.float64] = self._instrument.measure_delta(current, count, delay, compliance)
        self.switch_off()
        return values

    def measure_pulse_delta(
        self, current: float, width: float, count: int, interval: float, compliance: float
    ) -> NDArray[np.float64]:
        """Check and count the pulses and their duty cycle, then read in them."""
        current, width, interval, compliance = self._interlock.currents.train(current, width, interval, compliance)
        count = whole_number("count", count, 1)
        self._interlock.check_switching_on(self._role)
        self._stress.time(count, width)
        self._interlock.on.add(self._role)
        with self._making("current", spoils_set_up=True):
            values: NDArray[np.float64] = self._instrument.measure_pulse_delta(
                current, width, count, interval, compliance
            )
        self.switch_off()
        return values


CURRENT_SOURCE = Role(
    name="current_source",
    about="Drives a current through a bar.",
    guard=GuardedCurrentSource,
    safe_order=20,
    limits=CurrentLimits,
    guarded=(GuardedSetting("current", "set_current", known_when_opened=True, before_on=True),),
    example={"driver": "keithley6221", "resource": "GPIB0::12::INSTR"},
)
