"""The role of the instrument that biases the device and reads its current."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Protocol

import pydantic

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.role import GuardedSetting, NullInstrument, OutputRole, Role
from mtjlab.instruments.safety.guard import Guarded, Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings
from mtjlab.instruments.safety.mains import longest_reading, shortest_integration
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
            Voltage [V] and current [A], such as ``Reading(voltage=0.02, current=1.3e-06)``.
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


class GuardedSourceMeter(Switched):
    """A source-meter behind the interlock; see `SourceMeter` for the methods."""

    plays = SourceMeter
    read: Callable[[], Reading]
    fetch_block: Callable[[], NDArray[np.float64]]
    block_interval: Callable[[], float]
    integration_time: Callable[[float], float]
    reading_duration: Callable[[float], float]

    def __init__(self, role: str, meter: SourceMeter, *shared: Any) -> None:
        super().__init__(role, meter, *shared)
        self._counts = {0}
        self.stop_pulses: Callable[[], None] = lambda: None
        """Switches the pulse generator off."""

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Check the bias, then set it."""
        with self._interlock.bias(voltage, compliance) as sent, self._making("bias"):
            self._instrument.set_bias(sent["bias"], self._interlock.compliance(compliance))

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._instrument.set_limit(self._interlock.limits.compliance)

    def meet(self, others: Mapping[str, Guarded]) -> None:
        """Be able to stop the pulses that need the bias under them."""
        generator = others.get("pulse_generator")
        if isinstance(generator, Switched):
            self.stop_pulses = generator.switch_off_now

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give bias and compliance."""
        limits = self._interlock.limits
        yield "source_voltage", float(settings.get("source_voltage", 0.0)), limits.read_bias, "V"
        yield "compliance_current", float(settings.get("compliance_current", 0.0)), limits.compliance, "A"

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
    guarded=(
        GuardedSetting("bias", "set_bias", known_when_opened=True, before_on=True),
        GuardedSetting("integration", "set_integration", known_when_opened=True),
        GuardedSetting("train", "prepare_block"),
    ),
    null=NullSourceMeter,
    example={"driver": "keithley2400", "resource": "GPIB0::24::INSTR"},
    in_first_bench=True,
)
