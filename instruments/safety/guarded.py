"""The roles as a procedure gets them: every setting passes the interlock first.

An instrument that is lost in the middle of anything makes the whole bench safe before the error is raised, and is not
switched on again before all its settings were made again.
"""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.coil import Coil
from mtjlab.instruments.current_source import CurrentSource
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.multiplexer import Multiplexer
from mtjlab.instruments.nanovoltmeter import Nanovoltmeter
from mtjlab.instruments.oscilloscope import Oscilloscope, Waveform
from mtjlab.instruments.pulse_generator import PulseGenerator
from mtjlab.instruments.safety.guard import Guarded, Switched
from mtjlab.instruments.safety.output_state import output_is_on
from mtjlab.instruments.safety.setting_value import away_from_zero, finite_number, number, whole_number
from mtjlab.instruments.source_meter import Reading, SourceMeter
from mtjlab.instruments.temperature_controller import TemperatureController

__all__ = [
    "GUARDS",
    "GuardedCoil",
    "GuardedCurrentSource",
    "GuardedMultiplexer",
    "GuardedNanovoltmeter",
    "GuardedOscilloscope",
    "GuardedPulseGenerator",
    "GuardedSourceMeter",
    "GuardedTemperatureController",
]

log = logging.getLogger(__name__)


class GuardedPulseGenerator(Switched):
    """A pulse generator behind the interlock; see `PulseGenerator` for the methods."""

    plays = PulseGenerator

    def __init__(self, role: str, generator: PulseGenerator, *shared: Any) -> None:
        super().__init__(role, generator, *shared)
        self._next = 0.0

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Check the pulse, then set it."""
        with self._interlock.pulse(amplitude, width) as sent, self._making("pulse"):
            self._instrument.set_pulse(sent["amplitude"], sent["width"])

    def set_backstop(self) -> None:
        """Set the instrument's own limit to the bench's."""
        # An instrument may need a pulse inside its limits first.
        self._interlock.known.forget(self._role, "pulse")
        self._instrument.set_limit(self._interlock.backstop)

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the trigger input."""
        self._arm(self._instrument.arm_external, "external")

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""
        self._arm(self._instrument.arm_manual, "manual")

    def _arm(self, arm: Callable[[], None], trigger: str) -> None:
        # Until the instrument has answered, it may listen to either.
        self._stress.listens = self._stress.listens | {trigger}
        with self._making("arming"):
            arm()
        self._stress.listens = {trigger}

    def switch_on(self) -> None:
        """Connect the output, if all that it would send is known; armed for `trigger` unless it is armed already.

        Some generators run freely after their reset.
        """
        self._interlock.check_switching_on(self._role)
        if not self._interlock.known.knows(self._role, "arming"):
            self._arm(self._instrument.arm_manual, "manual")
        super().switch_on()

    def trigger(self) -> None:
        """Send one pulse, not sooner after the last than the duty cycle allows."""
        self._interlock.known.require(self._role, ("arming",), f"{self._role} sends no pulse")
        self._interlock.refuse_if_withdrawn(self._role)
        self._stress.pulses(1, trigger="manual")
        early = self._next - self._clock.time
        if early > 0:
            self._clock.wait(early)
        self._next = self._clock.time + self._interlock.pause
        self._instrument.trigger()

    def _forget(self) -> None:
        super()._forget()
        self._stress.listens = {"external", "manual"}


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


class GuardedCoil(Switched):
    """A coil behind the interlock; see `Coil` for the methods."""

    plays = Coil
    field: Callable[[], float]

    def set_field(self, field: float) -> None:
        """Check the field, then ramp to it."""
        field = self._interlock.check_field(field)
        with self._making("field"):
            self._instrument.set_field(field)

    def set_backstop(self) -> None:
        """Set the supply's own limit to the bench's."""
        self._instrument.set_limit(self._interlock.limits.field)

    def switch_on(self) -> None:
        """Connect the output, at zero field."""
        if not self._interlock.known.knows(self._role, "field"):
            with self._making("field"):
                self._instrument.set_field(0.0)
        super().switch_on()


class GuardedCurrentSource(Switched):
    """A current source behind the interlock; see `CurrentSource` for the methods."""

    plays = CurrentSource

    def set_current(self, current: float, compliance: float) -> None:
        """Check current and compliance, then set them."""
        current, compliance = self._interlock.check_current(current, compliance)
        with self._making("current"):
            self._instrument.set_current(current, compliance)

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._instrument.set_limit(self._interlock.limits.compliance_voltage)

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Check and count the pulse, then send it."""
        current, width, compliance = self._interlock.check_current_pulse(current, width, compliance)
        self._interlock.check_switching_on(self._role)
        self._stress.time(1, width)
        self._interlock.on.add(self._role)
        # One that fails on its way leaves the instrument between the pulse and its steady current.
        with self._making("current", spoils_set_up=True):
            self._instrument.send_pulse(current, width, compliance)


class GuardedNanovoltmeter(Guarded):
    """A nanovoltmeter; it has no output, and only its loss matters to the bench."""

    plays = Nanovoltmeter
    read: Callable[[], float]
    integration_time: Callable[[float], float]

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a read in power line cycles."""
        self._instrument.set_integration(finite_number("integration", cycles, "give power line cycles"))

    def set_range(self, voltage: float | None) -> None:
        """Set the range that holds a voltage [V]; None lets the instrument choose."""
        allowed = "give volts, or None for the instrument to choose"
        self._instrument.set_range(None if voltage is None else finite_number("range", voltage, allowed))


class GuardedOscilloscope(Guarded):
    """An oscilloscope; it only looks. See `Oscilloscope` for the methods."""

    plays = Oscilloscope
    start: Callable[[], None]
    fetch: Callable[[], Waveform]

    def set_vertical(self, largest: float) -> None:
        """Choose a range that holds voltages of either polarity up to this one [V]."""
        self._instrument.set_vertical(finite_number("range", largest, "give volts"))

    def set_window(self, duration: float) -> None:
        """Let the screen hold so much time [s], the trigger in its middle."""
        self._instrument.set_window(finite_number("window", duration, "give seconds"))


class GuardedTemperatureController(Switched):
    """A temperature controller behind the interlock; see `TemperatureController` for the methods."""

    plays = TemperatureController
    temperature: Callable[[], float]

    def set_temperature(self, temperature: float) -> None:
        """Check the temperature, then set it."""
        temperature = self._interlock.check_temperature(temperature)
        with self._making("temperature"):
            self._instrument.set_temperature(temperature)

    def check_opened(self) -> None:
        """Make sure that the driver tells whether the heater is on, which may be holding a temperature."""
        output_is_on(self._role, self._instrument)

    def recover(self) -> None:
        """Make the connection anew after a fault; the heater stays as it is."""
        Guarded.recover(self)

    def _withdraw(self) -> None:
        """Leave the heater as it is: a cryostat does not take being switched off for a setpoint in doubt."""

    def _made_safe_meanwhile(self, name: str) -> None:
        """Leave the heater as it is: a bench that was made safe keeps its temperature."""


class GuardedMultiplexer(Guarded):
    """A multiplexer behind the interlock; see `Multiplexer` for the methods."""

    plays = Multiplexer
    junctions: tuple[str, ...]
    selected: Callable[[], str | None]

    def select(self, junction: str) -> None:
        """Connect one junction, if no output is on."""
        self._interlock.check_connecting()
        with self._making("junction"):
            self._instrument.select(junction)
        self._stress.select(junction)

    def switch_off(self) -> None:
        """Disconnect all junctions; never refused, and nothing on a closed bench.

        Raises
        ------
        InstrumentError
            If the instrument says that one is connected still.
        """
        if self._interlock.given_back:
            return
        self._instrument.switch_off()
        still = self._instrument.selected()
        if still is not None:
            raise InstrumentError(f"{self._role} does not disconnect {still}: disconnect it by hand")


GUARDS: dict[str, type[Guarded]] = {
    "pulse_generator": GuardedPulseGenerator,
    "current_source": GuardedCurrentSource,
    "source_meter": GuardedSourceMeter,
    "nanovoltmeter": GuardedNanovoltmeter,
    "oscilloscope": GuardedOscilloscope,
    "multiplexer": GuardedMultiplexer,
    "coil": GuardedCoil,
    "perpendicular_coil": GuardedCoil,
    "temperature_controller": GuardedTemperatureController,
}
"""Guard of each role, in the order in which the instruments are made safe."""
