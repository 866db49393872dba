"""A bench whose roles act on the simulated device themselves, for studies of many devices.

Interlock, procedures, wiring, clock, device and noise are those of the simulated bench; drivers, sockets and SCPI are
left out, which take nine tenths of its time.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments import STEP, Bench, BenchFile, CoilSettings, ComplianceError, Reading
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.keithley2400_readings import NOISE, OVERHEAD
from mtjlab.instruments.simulated.dialects.simulated_pulse_generator import open_circuit
from mtjlab.instruments.simulated.junction.fidelities import make_junction
from mtjlab.instruments.simulated.junction.junction import Junction
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["DirectCoil", "DirectPulseGenerator", "DirectSourceMeter", "open_direct_bench"]

DELAY = 1e-3  # s before a reading, as after *RST
EDGE = 1e-9  # s, the 81160A's


class _DirectRole:
    """What all of them share: an output, no settings to read back, no errors of their own."""

    def __init__(self, context: InstrumentContext) -> None:
        self._wiring, self._cables = context.junction_wiring, context.cables
        self._on = False

    def identify(self) -> str:
        """Answer to ``*IDN?``."""
        return f"mtjlab,{type(self).__name__},0,0"

    def settings(self) -> Mapping[str, float | str]:
        """Whether the output is on."""
        return {"output": str(self._on)}

    def errors(self) -> list[str]:
        """Nothing: there is no queue."""
        return []

    def recover(self) -> None:
        """Switch off, as a new connection finds it."""
        self.switch_off()

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def set_limit(self, limit: float) -> None:
        """Do nothing: the interlock has checked."""

    def switch_on(self) -> None:
        """Connect the output."""
        self._on = True
        self._changed()

    def switch_off(self) -> None:
        """Disconnect the output."""
        self._on = False
        self._changed()

    def _changed(self) -> None:
        """Let the device see the output."""


class DirectSourceMeter(_DirectRole):
    """The source-meter: the readings of the simulated Keithley 2400, noise and single precision included."""

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(context)
        self._random = np.random.default_rng(context.seed)
        self._bias, self._compliance, self._cycles, self._delay, self._count = 0.0, math.inf, 1.0, DELAY, 0

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Set bias [V] and compliance [A]."""
        self._bias, self._compliance = voltage, compliance
        self._changed()

    def set_integration(self, cycles: float) -> None:
        """Set the integration time in power line cycles."""
        self._cycles = cycles

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading integrates over."""
        return cycles / self._wiring.line_frequency

    def reading_duration(self, cycles: float) -> float:
        """Give the time [s] from one reading to the next."""
        return self.integration_time(cycles) + OVERHEAD

    def block_interval(self) -> float:
        """Give the time [s] from one reading of a block to the next."""
        return self._delay + self.reading_duration(self._cycles)

    def read(self) -> Reading:
        """Take one reading."""
        return Reading(self._bias, float(self._take(1, pulsed=False)[0]))

    def prepare_block(self, count: int, settle: float) -> None:
        """Set up `count` readings, each after a trigger and a settle time [s]."""
        self._count, self._delay = count, settle

    def start_block(self) -> None:
        """Do nothing: the block is taken as it is fetched."""

    def fetch_block(self) -> NDArray[np.float64]:
        """Take the block and return its currents [A], shape (count,)."""
        return self._take(self._count, pulsed=True)

    def _take(self, count: int, *, pulsed: bool) -> NDArray[np.float64]:
        wiring, window, gap = self._wiring, self.integration_time(self._cycles), self._delay + OVERHEAD
        if pulsed and self._cables.trigger_line:
            states = wiring.trigger(self._cables.trigger_line, count, gap, window)
        else:
            states = wiring.observe(count, gap, window)
        noise = self._random.standard_normal(count) / math.sqrt(self._cycles)
        currents = wiring.currents(states, self._bias, 1 / (2 * window)) + NOISE * noise
        wiring.clock.wait(count * (gap + window))
        if np.abs(currents).max() >= 0.999 * self._compliance:
            raise ComplianceError(f"a reading is at the compliance of {self._compliance:g} A; is the device shorted?")
        return currents.astype(np.float32).astype(np.float64)

    def _changed(self) -> None:
        self._wiring.bias = self._bias if self._on else 0.0


class DirectCoil(_DirectRole):
    """A coil whose field ramps in steps, as that of the simulated Yokogawa GS200."""

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(context)
        perpendicular = context.role == "perpendicular_coil"
        self._axis = "perpendicular_field" if perpendicular else "in_plane_field"
        self._ramp = context.settings.ramp if isinstance(context.settings, CoilSettings) else 1.0
        self._field = 0.0

    def set_field(self, field: float) -> None:
        """Ramp to a field [T]."""
        start = self._field
        seconds = abs(field - start) / self._ramp
        steps = int(seconds // STEP) + 1
        for step in range(1, steps + 1):
            self._wiring.clock.wait(seconds / steps)
            self._field = float(f"{start + (field - start) * step / steps:g}")
            self._changed()

    def field(self) -> float:
        """Field [T]; 0 with the output off."""
        return self._field if self._on else 0.0

    def switch_off(self) -> None:
        """Ramp to zero field, then disconnect."""
        if self._on:
            self.set_field(0.0)
        super().switch_off()

    def _changed(self) -> None:
        self._wiring.set_surroundings(**{self._axis: self.field()})


class DirectPulseGenerator(_DirectRole):
    """The pulse generator: the pulses of the simulated Keysight 81160A."""

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(context)
        self._pulse: Pulse | None = None
        self._external = False
        if context.cables.trigger_line:
            self._wiring.connect(context.cables.trigger_line, self._listen)

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Set amplitude [V] and width [s]."""
        self._pulse = Pulse(amplitude * open_circuit(self._cables.load), width, EDGE, EDGE)

    def arm_external(self) -> None:
        """Send a pulse at each trigger."""
        self._external = True

    def arm_manual(self) -> None:
        """Send a pulse at each call of `trigger`."""
        self._external = False

    def trigger(self) -> None:
        """Send one pulse."""
        self._send(1, 0.0)

    def _listen(self, count: int, interval: float) -> NDArray[np.uint8] | None:
        return self._send(count, interval) if self._external else None

    def _send(self, count: int, interval: float) -> NDArray[np.uint8] | None:
        if not self._on or self._pulse is None:
            return None
        return self._wiring.pulse(self._pulse, count, interval)


ROLES = MappingProxyType(
    {
        "source_meter": DirectSourceMeter,
        "coil": DirectCoil,
        "perpendicular_coil": DirectCoil,
        "pulse_generator": DirectPulseGenerator,
    }
)


class _StandIn:
    """The device with its wiring, in the place of the simulated instruments."""

    def __init__(self, wiring: Wiring, attributes: dict[str, float | int | str]) -> None:
        self.wiring = wiring
        self.attributes = attributes
        self.resources: dict[str, str] = {}

    @property
    def time(self) -> float:
        """Virtual time [s]."""
        return self.wiring.time

    def wait(self, duration: float) -> None:
        """Let so much time pass [s]."""
        self.wiring.clock.wait(duration)

    def close(self) -> None:
        """Do nothing: there are no servers."""


def open_direct_bench(file: str | BenchFile, device: Device | Junction | None = None, *, seed: int) -> Bench:
    """Open a simulated bench without its wires.

    Parameters
    ----------
    file
        Name or path of a simulated bench, or a bench file already read; roles other than source-meter, coils and pulse
        generator are left out.
    device
        Device on it, or a junction made already; the bench file's unless given.
    seed
        Seed of device and noise. What a procedure reads is what it reads over the wires with the same seed.

    Returns
    -------
    Bench
        With all outputs off; use it as a context manager.

    Raises
    ------
    ValueError
        If the bench is a real one.

    Examples
    --------
    >>> with open_direct_bench("simulated-loops", seed=1) as bench:
    ...     bench.source_meter.set_bias(0.02, 1e-5)
    ...     bench.source_meter.switch_on()
    ...     reading = bench.source_meter.read()
    >>> 50e3 < reading.voltage / reading.current < 53e3
    True
    """
    description = file if isinstance(file, BenchFile) else BenchFile.load(file)
    simulation = description.simulation
    if simulation is None:
        raise InputError(f"bench {description.name} is real: it cannot be opened without its wires")
    if device is None:
        device = load_device(simulation.device)
    if isinstance(device, Device):
        junction: Junction = make_junction(device, device, simulation.model, seed, Effects.parse(simulation.effects))
    else:
        junction = device
    wiring = Wiring(junction, Clock(), None, description.wiring, simulation.line_frequency)
    instruments = {
        role: ROLES[role](InstrumentContext(wiring, role, settings, description.wiring, seed + number))
        for number, (role, settings) in enumerate(description.roles)
        if role in ROLES
    }
    return Bench(description, instruments, {}, _StandIn(wiring, {"seed": seed, "model": simulation.model}))
