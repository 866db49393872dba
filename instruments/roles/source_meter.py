"""The role of the instrument that biases the device and reads its current."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Protocol

import pydantic

from mtjlab.core import InputError
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.current_source import CURRENT_SOURCE
from mtjlab.instruments.roles.role import GuardedSetting, NullInstrument, OutputRole, Role
from mtjlab.instruments.safety.guard import Guarded, Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings
from mtjlab.instruments.safety.mains import longest_reading, shortest_integration
from mtjlab.instruments.safety.pulsed_current import PulsedCurrent
from mtjlab.instruments.safety.setting_value import away_from_zero, number, whole_number
from mtjlab.instruments.settings.role_settings import RoleSettings

if TYPE_CHECKING:  # a bench file that is only read needs no arrays
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SOURCE_METER", "Reading", "SourceMeter", "GuardedSourceMeter", "SourceMeterSettings", "ReadLimits"]

log = logging.getLogger(__name__)

Positive = pydantic.PositiveFloat


class Reading(NamedTuple):
    """One reading of the device."""

    voltage: float
    """Bias [V]."""
    current: float
    """Current [A]."""


class SourceMeter(OutputRole, Protocol):
    """What a procedure may ask of a source-meter.

    A bar wants a current instead of a bias, and the same instrument as pump and probe: `send_pulse`, then `set_current`
    with the small probe current and `read`. A driver need not have these two.

    Examples
    --------
    >>> meter.set_bias(0.05, compliance=1e-5)   # doctest: +SKIP
    >>> meter.switch_on()                       # doctest: +SKIP
    >>> meter.read()                            # doctest: +SKIP
    Reading(voltage=0.05, current=9.82e-07)
    """

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Set the bias [V] and the largest current [A], and read both back.

        Parameters
        ----------
        voltage
            Bias [V], of either sign.
        compliance
            Largest current [A].
        """

    def set_limit(self, compliance: float) -> None:
        """Set the largest current [A] as a backstop, before any bias is set.

        Parameters
        ----------
        compliance
            Largest current [A].
        """

    def set_current(self, current: float, compliance: float) -> None:
        """Source a steady current [A] instead of a bias, up to a voltage [V], and read both back.

        Where the bias was sourced before, the output is off afterwards.

        Parameters
        ----------
        current
            Current [A], of either sign.
        compliance
            Largest voltage [V].
        """

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Send one rectangular pulse of current [A] and width [s]; leave the output on at the steady current.

        Comes back when the pulse is over. Before it, the output is off for a moment.

        Parameters
        ----------
        current
            Current of the pulse [A], of either sign.
        width
            Width [s].
        compliance
            Largest voltage during the pulse [V].
        """

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a read in power line cycles.

        Parameters
        ----------
        cycles
            Power line cycles.
        """

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over, on these mains.

        Parameters
        ----------
        cycles
            Power line cycles.
        """

    def reading_duration(self, cycles: float) -> float:
        """Give the time [s] from one reading of so many cycles to the next: what the meter itself takes is in.

        Parameters
        ----------
        cycles
            Power line cycles of each reading.
        """

    def read(self) -> Reading:
        """Take one reading.

        Returns
        -------
        Reading
            Voltage [V] and current [A], such as ``Reading(voltage=0.02, current=1.3e-06)``; the one that is sourced is
            what it was set to.
        """

    def prepare_block(self, count: int, settle: float) -> None:
        """Set up the trigger model: `count` times trigger out where a line is wired, wait `settle` [s], read, store.

        Parameters
        ----------
        count
            Readings in the block.
        settle
            Time between the trigger out and the reading [s].
        """

    def start_block(self) -> None:
        """Start a prepared block and come back at once."""

    def fetch_block(self) -> NDArray[np.float64]:
        """Wait for the block and return its currents [A], shape (count,).

        Returns
        -------
        NDArray
            Currents [A], float64, shape (count,), in the order in which they were read.
        """

    def block_interval(self) -> float:
        """Give the time [s] from one reading to the next in the last block fetched, as the instrument measured it."""

    def switch_off(self) -> None:
        """Switch the output off, at once and without a ramp."""


class SourceMeterSettings(RoleSettings):
    """A source-meter and how it is connected."""

    wires: Literal[2, 4] = 2
    """4 where sense leads reach the device: the lead resistance of the wiring is then in no reading."""


class ReadLimits(LimitSettings):
    """What the device stands of reads."""

    read_bias: Annotated[Positive, BenchLimit("V", 0.1, either_polarity=True)] = 0.0
    """Largest bias of a read, of either polarity [V]."""
    compliance: Annotated[Positive, BenchLimit("A", 1e-5)] = 0.0
    """Largest current that the source-meter may be allowed [A]."""


class GuardedSourceMeter(PulsedCurrent):
    """A source-meter behind the interlock; see `SourceMeter` for the methods."""

    plays = SourceMeter
    optional = frozenset({"set_current", "send_pulse"})
    read: Callable[[], Reading]
    fetch_block: Callable[[], NDArray[np.float64]]
    block_interval: Callable[[], float]
    integration_time: Callable[[float], float]
    reading_duration: Callable[[float], float]

    def __init__(self, role: str, meter: SourceMeter, *shared: Any) -> None:
        super().__init__(role, meter, *shared)
        self._counts = {0}
        self._has_pulses = False
        self.stop_pulses: Callable[[], None] = lambda: None
        """Switches the pulse generator off."""

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Check the bias, then set it."""
        with self._interlock.bias(voltage, compliance) as sent, self._making("bias"):
            self._instrument.set_bias(sent["bias"], self._interlock.compliance(compliance))

    def set_current(self, current: float, compliance: float) -> None:
        """Check current and compliance, then source it."""
        current, compliance = self._allowed_current(current, compliance)
        with self._making("bias"):
            self._instrument.set_current(current, compliance)

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Check and count the pulse of current, wait until the duty cycle allows it, then send it."""
        self._allowed_current(current, compliance)
        self._send_pulse("bias", current, width, compliance)

    def _allowed_current(self, current: float, compliance: float) -> tuple[float, float]:
        """Check a current, on a bench whose limits do not depend on the bias of a voltage source."""
        if self._has_pulses:
            raise InputError(
                f"{self._role} sources no current beside a pulse generator, whose limits count on a bias in volts: use "
                "a bench without one"
            )
        return self._interlock.check_current(current, compliance)

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._instrument.set_limit(self._interlock.limits.compliance)

    def meet(self, others: Mapping[str, Guarded]) -> None:
        """Be able to stop the pulses that need the bias under them."""
        generator = others.get("pulse_generator")
        self._has_pulses = generator is not None
        if isinstance(generator, Switched):
            self.stop_pulses = generator.switch_off_now

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give bias and compliance."""
        limits = self._interlock.limits
        yield "source_voltage", float(settings.get("source_voltage", 0.0)), limits.read_bias, "V"
        yield "compliance_current", float(settings.get("compliance_current", 0.0)), limits.compliance, "A"
        if "source_current" in settings:
            yield "source_current", float(settings["source_current"]), limits.current, "A"
            yield "compliance_voltage", float(settings["compliance_voltage"]), limits.compliance_voltage, "V"

    def set_integration(self, cycles: float) -> None:
        """Check how soon pulses of a block follow each other, then set the integration time."""
        cycles = away_from_zero(number("integration", cycles, "give power line cycles"))
        with self._interlock.integration(self._instrument.integration_time(cycles)), self._making("integration"):
            self._instrument.set_integration(cycles)

    def prepare_block(self, count: int, settle: float) -> None:
        """Check how soon pulses follow each other, then set up the trigger model."""
        count = whole_number("block", count, 1)
        # Until the instrument has answered, it may be at either.
        self._counts = self._counts | {count}
        with self._interlock.train(settle) as sent, self._making("train", spoils_set_up=True):
            self._instrument.prepare_block(count, sent["settle"])
        self._counts = {count}

    def start_block(self) -> None:
        """Count the pulses of the block, then start it."""
        self._interlock.known.require(self._role, ("train", "integration"), f"{self._role} starts no block")
        if "external" in self._stress.listens:
            self._interlock.refuse_if_withdrawn("pulse_generator")
        self._stress.pulses(max(self._counts), trigger="external")
        self._instrument.start_block()

    def switch_on(self) -> None:
        """Connect the output, if all that it would send is known."""
        super().switch_on()
        self._interlock.biased = True

    def _before_off(self) -> None:
        if self._interlock.biased and self._interlock.needs_bias:
            try:
                self.stop_pulses()
            except InstrumentError as error:
                log.error("pulse_generator could not be switched off: %s", error)
        self._interlock.biased = False

    def _forget(self) -> None:
        super()._forget()
        self._interlock.known.forget(self._role, "train")


class NullSourceMeter(NullInstrument):
    """Null twin of a source-meter: readings take as long as they may."""

    integration_time = staticmethod(shortest_integration)
    reading_duration = staticmethod(longest_reading)


SOURCE_METER = Role(
    name="source_meter",
    about="Biases the device and reads its current.",
    guard=GuardedSourceMeter,
    safe_order=30,
    settings=SourceMeterSettings,
    limits=ReadLimits,
    also_held=tuple(CURRENT_SOURCE.limit_facts),
    guarded=(
        GuardedSetting("bias", "set_bias", known_when_opened=True, before_on=True),
        GuardedSetting("integration", "set_integration", known_when_opened=True),
        GuardedSetting("train", "prepare_block"),
    ),
    null=NullSourceMeter,
    example={"driver": "keithley2400", "resource": "GPIB0::24::INSTR"},
    in_first_bench=True,
)
