"""A bench whose roles act on the simulated device themselves, for studies of many devices.

Interlock, procedures, wiring, clock, device and noise are those of the simulated bench; drivers, sockets and SCPI are
left out, which take nine tenths of its time.
"""

from types import MappingProxyType

from mtjlab.core.errors import InputError
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.direct_roles import DirectCoil, DirectPulseGenerator, DirectSourceMeter
from mtjlab.instruments.simulated.junction.junction import Junction
from mtjlab.instruments.simulated.simulated_bench import make_junction
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["open_direct_bench"]

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
        raise InputError(f"bench {description.name} is real: it can not be opened without its wires")
    if device is None:
        device = load_device(simulation.device)
    if isinstance(device, Device):
        junction: Junction = make_junction(device, device, simulation.model, seed, Effects.parse(simulation.effects))
    else:
        junction = device
    wiring = Wiring(junction, Clock(), None, description.wiring, simulation.line_frequency)
    instruments = {
        role: ROLES[role](Place(wiring, role, settings, description.wiring, seed + number))
        for number, (role, settings) in enumerate(description.roles)
        if role in ROLES
    }
    return Bench(description, instruments, {}, _StandIn(wiring, {"seed": seed, "model": simulation.model}))
