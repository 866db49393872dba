"""What a simulated instrument is given: its wiring, its role and section of the bench file, a seed."""

import dataclasses

from mtjlab.core import InputError
from mtjlab.instruments import RoleSettings, Simulation, WiringSettings
from mtjlab.instruments.simulated.bar_wiring import BarWiring
from mtjlab.instruments.simulated.table_wiring import TableWiring
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["InstrumentContext"]


@dataclasses.dataclass(frozen=True)
class InstrumentContext:
    """What a simulated instrument is given: all it may know of the bench."""

    wiring: TableWiring
    """Device, trigger lines, coils and clock, shared by all instruments."""
    role: str
    """Role that it plays, such as ``source_meter``."""
    settings: RoleSettings
    """Section of the role in the bench file."""
    cables: WiringSettings
    """Section of the wiring in the bench file."""
    seed: int
    """Seed of its own noise."""
    simulation: Simulation | None = None
    """Section of the simulation in the bench file, for an instrument that brings its own devices."""

    @property
    def junction_wiring(self) -> Wiring:
        """The wiring of a junction, for instruments that nothing but a junction answers: pulses, states, positions.

        Raises
        ------
        InputError
            If the device is none.
        """
        if not isinstance(self.wiring, Wiring):
            raise InputError(
                f"[roles.{self.role}] driver = {self.settings.driver!r} is simulated with a junction only: take it off "
                "this bench, or name a junction as [simulation] device"
            )
        return self.wiring

    @property
    def bar(self) -> BarWiring | None:
        """The wiring of a bar, where the device is one."""
        return self.wiring if isinstance(self.wiring, BarWiring) else None
