"""How long the readings of a procedure take, as far as its instruments have been asked."""

from pymeasure.experiment import Procedure

from mtjlab.instruments import Bench, Simulation, longest_reading

__all__ = ["START", "computed", "reading_time"]

START = 1.7
"""Time [s] to load the command, open a bench, set it up and find the levels of a device, about."""
IN_BLOCKS = {"tabulated": 1.3e-6, "rates": 1.3e-6, "macrospin": 1e-5}
"""Time [s] that a simulated bench computes for one pulse with its reading in a block, about, by the device's model."""
FOLLOWED = {"tabulated": 0.0, "rates": 0.0, "macrospin": 1.4e3}
"""Time that it computes for each second of the pulse: a magnetisation is followed through all of it."""
BY_COMMAND = 1.5e-3
"""Time [s] that a setting and a reading by commands take on a simulated bench, through drivers and sockets, about."""


def computed(procedure: Procedure) -> Simulation | None:
    """Give the simulation that stands in for instruments, where it takes the time that it computes; else None.

    A procedure without a bench may have been told of one that it will run on, in `simulation`.
    """
    bench: Bench | None = getattr(procedure, "bench", None)
    simulation: Simulation | None = bench.file.simulation if bench else getattr(procedure, "simulation", None)
    return None if simulation is None or simulation.real_time else simulation


def reading_time(
    procedure: Procedure, cycles: float, settle: float = 0.0, *, width: float = 0.0, by_command: bool = False
) -> float:
    """Give the time [s] that one reading takes on the bench of a procedure.

    Every estimate of a duration is a multiple of this: which frequency the mains have, and what the meter takes beside
    integration, the meter tells. A simulated bench takes as long as it computes.

    Parameters
    ----------
    procedure
        Procedure, with its bench or still without one: then the longest that it may take.
    cycles
        Integration time [power line cycles].
    settle
        Time before each reading [s].
    width
        Width of the pulse before each reading [s].
    by_command
        Whether each reading is asked for by itself, with a setting before it.
    """
    simulation = computed(procedure)
    if simulation is not None:
        return BY_COMMAND if by_command else IN_BLOCKS[simulation.model] + width * FOLLOWED[simulation.model]
    bench: Bench | None = getattr(procedure, "bench", None)
    return settle + (longest_reading if bench is None else bench.source_meter.reading_duration)(cycles)
