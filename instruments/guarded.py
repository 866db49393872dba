"""The roles as a procedure gets them: every setting passes the interlock first.

An instrument that is lost in the middle of anything makes the whole bench safe before the error is raised.
"""

import functools
import time
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.adapter import Adapter
from mtjlab.instruments.coil import Coil
from mtjlab.instruments.current_source import CurrentSource
from mtjlab.instruments.instrument_error import InstrumentLostError
from mtjlab.instruments.interlock import Interlock
from mtjlab.instruments.multiplexer import Multiplexer
from mtjlab.instruments.nanovoltmeter import Nanovoltmeter
from mtjlab.instruments.oscilloscope import Oscilloscope, Waveform
from mtjlab.instruments.pulse_generator import PulseGenerator
from mtjlab.instruments.source_meter import Reading, SourceMeter
from mtjlab.instruments.stress import Stress
from mtjlab.instruments.temperature_controller import TemperatureController

__all__ = [
    "Guarded",
    "GuardedCoil",
    "GuardedCurrentSource",
    "GuardedMultiplexer",
    "GuardedNanovoltmeter",
    "GuardedOscilloscope",
    "GuardedPulseGenerator",
    "GuardedSourceMeter",
    "GuardedTemperatureController",
    "Switched",
]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Guarded:
    """What all guarded roles share.

    Parameters
    ----------
    role
        Name of the role.
    instrument
        Instrument that plays it.
    interlock
        Limits of the bench.
    stress
        Count of the pulses on the device.
    lost
        Called when the instrument does not answer any more; makes the bench safe.
    """

    def __init__(
        self, role: str, instrument: Any, interlock: Interlock, stress: Stress, lost: Callable[[], None]
    ) -> None:
        self._role = role
        self._interlock = interlock
        self._stress = stress
        self._lost = lost
        self.identify: Callable[[], str] = self._watched(instrument.identify)
        self.settings: Callable[[], Mapping[str, float | str]] = self._watched(instrument.settings)
        self.errors: Callable[[], list[str]] = self._watched(instrument.errors)
        self.close: Callable[[], None] = instrument.close
        self.recover: Callable[[], None] = instrument.recover

    def _watched(self, call: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(call)
        def run(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
            try:
                return call(*arguments, **named)
            except InstrumentLostError:
                self._lost()
                raise

        return run


class Switched(Guarded):
    """A role with an output."""

    def __init__(
        self, role: str, instrument: Any, interlock: Interlock, stress: Stress, lost: Callable[[], None]
    ) -> None:
        super().__init__(role, instrument, interlock, stress, lost)
        self._switch_on = self._watched(instrument.switch_on)
        self._switch_off: Callable[[], None] = instrument.switch_off
        adapter = instrument if isinstance(instrument, Adapter) else None
        self._switch_off_now = adapter.switch_off_now if adapter else instrument.switch_off
        self._make_sure = adapter.make_safe if adapter else None

    def switch_on(self) -> None:
        """Connect the output, if what it would send has been checked."""
        self._interlock.check_switching_on(self._role)
        self._interlock.on.add(self._role)
        self._switch_on()

    def switch_off(self) -> None:
        """Disconnect the output; never refused."""
        self._switch_off()
        self._interlock.on.discard(self._role)

    def switch_off_now(self) -> None:
        """Disconnect the output without waiting for an instrument that is away."""
        self._switch_off_now()
        self._interlock.on.discard(self._role)

    def make_sure(self) -> bool:
        """Make sure that the output is off, over a new connection if need be; return whether this could be told."""
        if self._make_sure is None:
            return False
        self._make_sure()
        self._interlock.on.discard(self._role)
        return True


class GuardedPulseGenerator(Switched):
    """A pulse generator behind the interlock; see `PulseGenerator` for the methods."""

    def __init__(self, role: str, generator: PulseGenerator, *shared: Any) -> None:
        super().__init__(role, generator, *shared)
        self._set_pulse = self._watched(generator.set_pulse)
        self._set_limit = self._watched(generator.set_limit)
        self._arm_external = self._watched(generator.arm_external)
        self._arm_manual = self._watched(generator.arm_manual)
        self._trigger = self._watched(generator.trigger)
        self._next = 0.0

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Check the pulse, then set it."""
        with self._interlock.pulse(amplitude, width):
            self._set_pulse(amplitude, width)

    def set_backstop(self) -> None:
        """Set the instrument's own limit to the bench's."""
        self._set_limit(self._interlock.backstop)

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the trigger input."""
        self._stress.external = True
        self._arm_external()

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""
        self._arm_manual()
        self._stress.external = False

    def trigger(self) -> None:
        """Send one pulse, not sooner after the last than the duty cycle allows."""
        self._stress.pulses(1, external=False)
        early = self._next - time.monotonic()
        if early > 0:
            time.sleep(early)
        self._next = time.monotonic() + self._interlock.pause
        self._trigger()


class GuardedSourceMeter(Switched):
    """A source-meter behind the interlock; see `SourceMeter` for the methods."""

    def __init__(self, role: str, meter: SourceMeter, *shared: Any) -> None:
        super().__init__(role, meter, *shared)
        self._set_bias = self._watched(meter.set_bias)
        self._set_limit = self._watched(meter.set_limit)
        self._set_integration = self._watched(meter.set_integration)
        self._prepare_block = self._watched(meter.prepare_block)
        self._start_block = self._watched(meter.start_block)
        self._count = 0
        self.read: Callable[[], Reading] = self._watched(meter.read)
        self.fetch_block: Callable[[], NDArray[np.float64]] = self._watched(meter.fetch_block)
        self.block_interval: Callable[[], float] = self._watched(meter.block_interval)
        self.integration_time: Callable[[float], float] = meter.integration_time
        self.reading_duration: Callable[[float], float] = meter.reading_duration

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Check the bias, then set it."""
        with self._interlock.bias(voltage, compliance):
            self._set_bias(voltage, compliance)

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._set_limit(self._interlock.limits.compliance)

    def set_integration(self, cycles: float) -> None:
        """Check how soon pulses of a block follow each other, then set the integration time."""
        with self._interlock.integration(self.integration_time(cycles)):
            self._set_integration(cycles)

    def prepare_block(self, count: int, settle: float) -> None:
        """Check how soon pulses follow each other, then set up the trigger model."""
        with self._interlock.train(settle):
            self._prepare_block(count, settle)
        self._count = count

    def start_block(self) -> None:
        """Count the pulses of the block, then start it."""
        self._stress.pulses(self._count, external=True)
        self._start_block()


class GuardedCoil(Switched):
    """A coil behind the interlock; see `Coil` for the methods."""

    def __init__(self, role: str, coil: Coil, *shared: Any) -> None:
        super().__init__(role, coil, *shared)
        self._set_field = self._watched(coil.set_field)
        self._set_limit = self._watched(coil.set_limit)
        self.field: Callable[[], float] = self._watched(coil.field)

    def set_field(self, field: float) -> None:
        """Check the field, then ramp to it."""
        self._interlock.check_field(field)
        self._set_field(field)

    def set_backstop(self) -> None:
        """Set the supply's own limit to the bench's."""
        self._set_limit(self._interlock.limits.field)


class GuardedCurrentSource(Switched):
    """A current source behind the interlock; see `CurrentSource` for the methods."""

    def __init__(self, role: str, source: CurrentSource, *shared: Any) -> None:
        super().__init__(role, source, *shared)
        self._set_current = self._watched(source.set_current)
        self._set_limit = self._watched(source.set_limit)
        self._send_pulse = self._watched(source.send_pulse)

    def set_current(self, current: float, compliance: float) -> None:
        """Check current and compliance, then set them."""
        self._interlock.check_current(current, compliance)
        self._set_current(current, compliance)
        self._interlock.know(self._role)

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._set_limit(self._interlock.limits.compliance_voltage)

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Check and count the pulse, then send it."""
        self._interlock.check_current_pulse(current, width, compliance)
        self._interlock.check_switching_on(self._role)
        self._stress.time(1, width)
        self._interlock.on.add(self._role)
        self._send_pulse(current, width, compliance)


class GuardedNanovoltmeter(Guarded):
    """A nanovoltmeter; it has no output, and only its loss matters to the bench."""

    def __init__(self, role: str, voltmeter: Nanovoltmeter, *shared: Any) -> None:
        super().__init__(role, voltmeter, *shared)
        self.set_integration: Callable[[float], None] = self._watched(voltmeter.set_integration)
        self.integration_time: Callable[[float], float] = voltmeter.integration_time
        self.set_range: Callable[[float | None], None] = self._watched(voltmeter.set_range)
        self.read: Callable[[], float] = self._watched(voltmeter.read)


class GuardedOscilloscope(Guarded):
    """An oscilloscope; it only looks. See `Oscilloscope` for the methods."""

    def __init__(self, role: str, oscilloscope: Oscilloscope, *shared: Any) -> None:
        super().__init__(role, oscilloscope, *shared)
        self.set_vertical: Callable[[float], None] = self._watched(oscilloscope.set_vertical)
        self.set_window: Callable[[float], None] = self._watched(oscilloscope.set_window)
        self.start: Callable[[], None] = self._watched(oscilloscope.start)
        self.fetch: Callable[[], Waveform] = self._watched(oscilloscope.fetch)


class GuardedTemperatureController(Switched):
    """A temperature controller behind the interlock; see `TemperatureController` for the methods."""

    def __init__(self, role: str, controller: TemperatureController, *shared: Any) -> None:
        super().__init__(role, controller, *shared)
        self._set_temperature = self._watched(controller.set_temperature)
        self.temperature: Callable[[], float] = self._watched(controller.temperature)

    def set_temperature(self, temperature: float) -> None:
        """Check the temperature, then set it."""
        self._interlock.check_temperature(temperature)
        self._set_temperature(temperature)
        self._interlock.know(self._role)


class GuardedMultiplexer(Guarded):
    """A multiplexer behind the interlock; see `Multiplexer` for the methods."""

    def __init__(self, role: str, multiplexer: Multiplexer, *shared: Any) -> None:
        super().__init__(role, multiplexer, *shared)
        self.junctions = multiplexer.junctions
        self._select = self._watched(multiplexer.select)
        self.selected: Callable[[], str | None] = self._watched(multiplexer.selected)
        self.switch_off: Callable[[], None] = multiplexer.switch_off

    def select(self, junction: str) -> None:
        """Connect one junction, if no output is on."""
        self._interlock.check_connecting()
        self._select(junction)
        self._stress.select(junction)
