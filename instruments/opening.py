"""Open a bench: the one place where drivers and the simulated bench are loaded, by entry point."""

from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.instruments.bench import Bench, StandIn
    from mtjlab.instruments.bench_file import BenchFile

__all__ = ["open_bench", "serve_bench"]


def open_bench(file: "str | Path | BenchFile" = "simulated", *, seed: int | None = None) -> "Bench":
    """Open the bench that a bench file describes.

    Parameters
    ----------
    file
        Name of a shipped bench, path of a bench file, or a bench file already read.
    seed
        Seed of the simulated device; overrides the file's. Refused on a real bench, which has none.

    Returns
    -------
    Bench
        With all outputs off; use it as a context manager.

    Raises
    ------
    ValueError
        If the file is wrong or names an unknown driver.
    InstrumentError
        If an instrument can not be reached.
    """
    # Pydantic and PyMeasure's drivers take most of a second, which `import mtjlab.instruments` must not.
    from mtjlab.instruments.bench import Bench
    from mtjlab.instruments.bench_file import BenchFile

    description = file if isinstance(file, BenchFile) else BenchFile.load(file)
    drivers = {role: _load("mtjlab.drivers", settings.driver) for role, settings in description.roles}
    stand_in: StandIn | None = None
    if description.simulation is not None:
        stand_in = _stand_in(description, seed)
    elif seed is not None:
        raise ValueError(f"seed = {seed}: bench {description.name} is real and has no seed; leave it out")
    instruments: dict[str, Any] = {}
    try:
        for role, settings in description.roles:
            resource = stand_in.resources[role] if stand_in else settings.resource
            opened = settings.model_copy(update={"resource": resource})
            instruments[role] = drivers[role](opened, description.wiring)
        resources = {role: instrument.resource for role, instrument in instruments.items()}
        bench = Bench(description, **instruments, resources=resources, stand_in=stand_in)
        bench.pulse_generator.set_limit(description.limits.pulse_amplitude)
    except BaseException:
        for instrument in instruments.values():
            instrument.close()
        if stand_in is not None:
            stand_in.close()
        raise
    return bench


def serve_bench(file: "str | Path | BenchFile" = "simulated", *, seed: int | None = None) -> "StandIn":
    """Start the simulated instruments of a bench without opening them, for any VISA client.

    Parameters
    ----------
    file
        Name of a shipped bench, path of a bench file, or a bench file already read.
    seed
        Seed of the simulated device; overrides the file's.

    Returns
    -------
    StandIn
        Its `resources` are the VISA resources by role; `close` stops it.

    Raises
    ------
    ValueError
        If the file is wrong, the bench is a real one, or a port is taken.
    """
    from mtjlab.instruments.bench_file import BenchFile

    description = file if isinstance(file, BenchFile) else BenchFile.load(file)
    if description.simulation is None:
        raise ValueError(f"bench {description.name} is real: only a bench with a [simulation] section can be served")
    return _stand_in(description, seed)


def _stand_in(description: "BenchFile", seed: int | None) -> "StandIn":
    simulation = description.simulation
    assert simulation is not None
    if seed is not None:
        simulation = simulation.model_copy(update={"seed": seed})
    stand_in: StandIn = _load("mtjlab.benches", "simulated")(simulation, description.roles, description.wiring)
    return stand_in


def _load(group: str, name: str) -> Any:
    known = {entry.name: entry for entry in entry_points(group=group)}
    if name not in known:
        raise ValueError(f"driver = {name!r} is not known; installed: {', '.join(sorted(known))}")
    return known[name].load()
