"""The simulated bench: the instruments of a bench file as servers, around one device."""

import contextlib
import secrets
import threading
from collections.abc import Callable

from mtjlab.instruments.bench_file import Roles, Simulation, WiringSettings
from mtjlab.instruments.simulated.device import Device, load_device
from mtjlab.instruments.simulated.junction import Junction
from mtjlab.instruments.simulated.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi_server import ScpiServer
from mtjlab.instruments.simulated.simulated_keithley2400 import SimulatedKeithley2400
from mtjlab.instruments.simulated.simulated_keysight81160a import SimulatedKeysight81160A
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["SimulatedBench"]


class SimulatedBench:
    """Serve the instruments of a bench on 127.0.0.1.

    Parameters
    ----------
    simulation
        Device, fidelity and seed.
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
        device = load_device(simulation.device)
        self.seed = simulation.seed if simulation.seed is not None else secrets.randbits(32)
        self.wiring = Wiring(_junction(device, simulation.model, self.seed))
        makers: dict[str, Callable[[], ScpiInstrument]] = {
            "keithley2400": lambda: SimulatedKeithley2400(self.wiring, self.seed),
            "keysight81160a": lambda: SimulatedKeysight81160A(self.wiring, wiring.trigger_line),
        }
        for role, settings in roles:
            if settings.driver not in makers:
                raise ValueError(
                    f"[roles.{role}] driver = {settings.driver!r} has no simulated instrument; "
                    f"there are: {', '.join(makers)}"
                )
        lock = threading.RLock()
        self._servers: dict[str, ScpiServer] = {}
        try:
            for number, (role, settings) in enumerate(roles):
                port = simulation.port + number if simulation.port else 0
                self._servers[role] = ScpiServer(makers[settings.driver](), lock, port)
        except ValueError:
            self.close()
            raise
        self.resources = {role: server.resource for role, server in self._servers.items()}
        self.attributes: dict[str, float | int | str] = {
            "seed": self.seed,
            "model": simulation.model,
            **{f"device_{name}": value for name, value in device.flat().items()},
        }

    def close(self) -> None:
        """Stop the servers."""
        for server in self._servers.values():
            with contextlib.suppress(OSError):
                server.close()


def _junction(device: Device, model: str, seed: int) -> Junction:
    if model == "macrospin":
        from mtjlab.instruments.simulated.macrospin_junction import MacrospinJunction

        return MacrospinJunction(device, seed)
    from mtjlab.instruments.simulated.switching_table import SwitchingTable
    from mtjlab.instruments.simulated.tabulated_junction import TabulatedJunction

    return TabulatedJunction(device, SwitchingTable.shipped(device), seed)
