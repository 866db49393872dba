"""What a simulated instrument is given: its wiring, its role and section of the bench file, a seed."""

import dataclasses

from mtjlab.instruments import RoleSettings, WiringSettings
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["InstrumentContext"]


@dataclasses.dataclass(frozen=True)
class InstrumentContext:
    """What a simulated instrument is given: all it may know of the bench."""

    wiring: Wiring
    """Device, trigger lines, coils and clock, shared by all instruments."""
    role: str
    """Role that it plays, such as ``source_meter``."""
    settings: RoleSettings
    """Section of the role in the bench file."""
    cables: WiringSettings
    """Section of the wiring in the bench file."""
    seed: int
    """Seed of its own noise."""
