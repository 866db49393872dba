"""The simulated bench: the instruments of a bench file as servers, around one device."""

import contextlib
import logging
import secrets
import socket
from collections.abc import Callable
from functools import lru_cache

from mtjlab.core import InputError, Registry
from mtjlab.instruments import BarMounting, MultiplexerSettings, Roles, Simulation, WiringSettings
from mtjlab.instruments.simulated.bar.simulated_bar import SimulatedBar
from mtjlab.instruments.simulated.bar_wiring import BarWiring
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_file import load_device_file
from mtjlab.instruments.simulated.device.draw_devices import draw_devices
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.junction.fidelities import make_junction
from mtjlab.instruments.simulated.junction.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.scpi.fault_injector import FaultInjector
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer
from mtjlab.instruments.simulated.table_wiring import TableWiring
from mtjlab.instruments.simulated.three_terminal import ThreeTerminalJunction
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["SimulatedBench", "mounted_bar"]

log = logging.getLogger(__name__)

MAKERS: Registry[Callable[[InstrumentContext], ScpiInstrument]] = Registry(
    "mtjlab.simulated_instruments", "simulated instrument"
)
"""Entry points of the simulated instruments, by the name of the driver that they answer."""


class SimulatedBench:
    """Serve the instruments of a bench.

    Parameters
    ----------
    simulation
        Device, fidelity, seed, faults, and where to listen.
    roles
        Which driver plays which role: each has its simulated instrument.
    wiring
        Trigger line between source-meter and generator.

    Raises
    ------
    ValueError
        If the device is unknown, a driver has no simulated instrument, or a port is taken.
    """

    def __init__(self, simulation: Simulation, roles: Roles, wiring: WiringSettings) -> None:
        self.seed = simulation.seed if simulation.seed is not None else secrets.randbits(32)
        self.clock = Clock(real_time=simulation.real_time)
        self.wiring, about = _table(simulation, roles, wiring, self.clock, self.seed)
        self.faults = FaultInjector(simulation.faults, self.clock, self.seed)
        """What goes wrong; `inject` adds a fault while the bench is running."""
        self.faults.fail_device = self.wiring.fail
        self.instruments: dict[str, ScpiInstrument] = {}
        """The simulated instruments by role."""
        self.servers: dict[str, ScpiServer] = {}
        """The servers that the instruments are reached at, by role; one that is closed is a lost instrument."""
        # An address that stands for all of the machine's is no address to connect to.
        name = socket.gethostname() if simulation.host in ("", "0.0.0.0") else simulation.host
        self.resources: dict[str, str] = {}
        try:
            for number, (role, settings) in enumerate(roles):
                context = InstrumentContext(self.wiring, role, settings, wiring, self.seed + number, simulation)
                instrument = self.instruments[role] = _maker(role, settings.driver)(context)
                port = simulation.port + number if simulation.port else 0
                server = ScpiServer(instrument, role, self.faults, port, simulation.host)
                self.servers[role] = server
                self.resources[role] = f"TCPIP::{name}::{server.port}::SOCKET"
        except ValueError:
            self.close()
            raise
        if not (simulation.host.startswith("127.") or simulation.host == "localhost"):
            log.warning(
                "the simulated instruments listen on %s: whoever reaches this address can talk to them, without a "
                "password",
                simulation.host or "all addresses",
            )
        self.attributes: dict[str, float | int | str] = {
            "seed": self.seed,
            **about,
        }

    @property
    def time(self) -> float:
        """Virtual time [s]; 0 as long as nothing has happened to the device."""
        return self.wiring.time

    def wait(self, duration: float) -> None:
        """Let so much time pass on the bench [s].

        Parameters
        ----------
        duration
            Time [s].
        """
        with self.clock.lock:
            self.clock.wait(duration)

    def close(self) -> None:
        """Stop the servers."""
        self.clock.stop()
        for server in self.servers.values():
            with contextlib.suppress(OSError):
                server.close()


Attributes = dict[str, float | int | str]


def _table(
    simulation: Simulation, roles: Roles, cables: WiringSettings, clock: Clock, seed: int
) -> tuple[TableWiring, Attributes]:
    """Put the device of the bench file between the instruments; give the wiring, and what recordings keep of it."""
    device = load_device_file(simulation.device)
    if isinstance(device, BarParameters) and device.junction is not None:
        return _three_terminals(device, simulation, cables, clock, seed)
    if isinstance(device, BarParameters):
        mounted = mounted_bar(device, simulation.bar or BarMounting())
        about: Attributes = {f"device_{name}": value for name, value in mounted.flat().items()}
        return BarWiring(SimulatedBar(mounted, seed), clock, cables, simulation.line_frequency), about
    effects = Effects.parse(simulation.effects)
    wafer = _wafer(device, effects, roles.multiplexer, simulation.model, seed)

    def junction(position: int) -> SimulatedJunction:
        return make_junction(wafer[position - 1], device, simulation.model, seed + position - 1, effects)

    _compile(wafer[0], device, simulation.model, effects)
    first = junction(1)
    about = {
        "model": simulation.model,
        "effects": str(effects),
        **first.attributes,
        **{f"device_{name}": value for name, value in device.flat().items()},
    }
    return Wiring(first, clock, junction, cables, simulation.line_frequency), about


def _three_terminals(
    bar: BarParameters, simulation: Simulation, cables: WiringSettings, clock: Clock, seed: int
) -> tuple[TableWiring, Attributes]:
    """Put a junction on a bar in the place of a junction: the generator's pulses go through the bar."""
    effects = Effects.parse(simulation.effects)

    def junction(position: int) -> ThreeTerminalJunction:
        return ThreeTerminalJunction(bar, seed + position - 1, effects)

    about: Attributes = {
        "model": "macrospin",
        "effects": str(effects),
        **{f"device_{name}": value for name, value in bar.flat().items()},
    }
    return Wiring(junction(1), clock, junction, cables, simulation.line_frequency), about


def mounted_bar(bar: BarParameters, mounting: BarMounting) -> BarParameters:
    """Give a bar as it is turned and contacted on the bench.

    Parameters
    ----------
    bar
        The bar of the device file.
    mounting
        Section ``[simulation.bar]`` of the bench file; angles add up, leads exchanged twice are as they were.
    """
    contacts, exchanged = bar.contacts, mounting.reversed_leads
    turned = {
        "field_tilt": contacts.field_tilt + mounting.misalignment,
        "current_polarity": contacts.current_polarity * (-1 if exchanged in ("current", "both") else 1),
        "voltage_polarity": contacts.voltage_polarity * (-1 if exchanged in ("voltage", "both") else 1),
    }
    changed = bar.model_dump() | {"contacts": {**contacts.model_dump(), **turned}}
    if mounting.fault != "none":
        changed["fault"] = {**bar.fault.model_dump(), "kind": mounting.fault}
    return BarParameters.model_validate(changed)


@lru_cache(64)
def _compile(device: Device, nominal: Device, model: str, effects: Effects) -> None:
    """Use a junction once in a process, so that no client's query waits for the compiler until it times out."""
    scratch = make_junction(device, nominal, model, 0, effects)
    width = 2e-9 if model == "macrospin" else 200e-9
    scratch.read(scratch.pulse_train(Pulse(1.0, width, 1e-9, 1e-9), 1), 1e-3, 1e3)
    scratch.read(scratch.observe(1, 1e-3, 1e-3, 1e-3), 1e-3, 1e3)


def _maker(role: str, driver: str) -> Callable[[InstrumentContext], ScpiInstrument]:
    known = MAKERS.names()
    if driver not in known:
        raise InputError(
            f"[roles.{role}] driver = {driver!r} has no simulated instrument; there are: {', '.join(known)}"
        )
    return MAKERS.load(driver)


def _wafer(
    device: Device, effects: Effects, multiplexer: MultiplexerSettings | None, model: str, seed: int
) -> list[Device]:
    """Give the device at each position: behind a multiplexer they differ from one another, alone it is the file's."""
    count = len(multiplexer.junctions) if multiplexer is not None else 1
    if multiplexer is None or "spread" not in effects:
        return [device] * count
    drawn = draw_devices(device, count, seed)
    if model == "tabulated":
        # The table holds for the file's magnetic layers; the barrier may differ.
        return [device.model_copy(update={"resistance_area": one.resistance_area}) for one in drawn]
    return drawn
