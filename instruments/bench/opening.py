"""Open a bench: the one place where drivers and the simulated bench are loaded, by entry point."""

import contextlib
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.core import InputError, MtjlabError, Registry
from mtjlab.instruments.instrument_error import WrongInstrumentError
from mtjlab.instruments.safety.emergency_shutdown import take_over_signals

if TYPE_CHECKING:
    from mtjlab.instruments.bench import Bench, StandIn
    from mtjlab.instruments.bench.fault_settings import FaultSettings
    from mtjlab.instruments.bench.file import BenchFile
    from mtjlab.instruments.bench.lock import BenchLock

__all__ = ["open_bench", "serve_bench"]

log = logging.getLogger(__name__)

take_over_signals()  # here, where the main thread comes by: it may let another one open the bench

BENCHES: "Registry[Any]" = Registry("mtjlab.benches", "bench")
"""Benches that stand in for instruments."""

REMEDY = "switch it off by hand, then confirm with mtjlab bench forget, on a bench that has it"


def open_bench(
    file: "str | Path | BenchFile" = "simulated",
    *,
    seed: int | None = None,
    missing: dict[str, MtjlabError] | None = None,
) -> "Bench":
    """Open the bench that a bench file describes.

    Parameters
    ----------
    file
        Name of a shipped bench, path of a bench file, or a bench file already read.
    seed
        Seed of the simulated device; overrides the file's. Refused on a real bench, which has none.
    missing
        Where the errors of instruments that do not open are put, by role; the bench is then opened without them. Left
        out, the first one is raised.

    Returns
    -------
    Bench
        With all outputs off; use it as a context manager.

    Raises
    ------
    ValueError
        If the file is wrong or names an unknown driver.
    InstrumentError
        If an instrument cannot be reached, or if another process holds the bench.
    """
    # Pydantic and PyMeasure's drivers take most of a second, which `import mtjlab.instruments` must not.
    from mtjlab.core import state_folder
    from mtjlab.instruments.bench.file import BenchFile
    from mtjlab.instruments.bench.lock import bench_lock

    description = file if isinstance(file, BenchFile) else BenchFile.load(file)
    drivers = {role: _driver(description, role, settings.driver) for role, settings in description.roles}
    if description.simulation is None and seed is not None:
        raise InputError(f"seed = {seed}: bench {description.name} is real and has no seed; leave it out")
    with contextlib.ExitStack() as opened:
        if description.simulation is not None:
            # It has instruments and a device of its own, which end with it: no lock, and no log of the device.
            stand_in = _stand_in(description, seed)
            opened.callback(stand_in.close)
            bench = _connected(description, drivers, stand_in.resources, opened, missing, stand_in=stand_in)
        else:
            resources = {role: settings.resource for role, settings in description.roles}
            lock = bench_lock(description.name, list(resources.values())).take()
            opened.callback(lock.release)
            folder = state_folder() / "devices"
            bench = _connected(description, drivers, resources, opened, missing, folder=folder, lock=lock)
            _clear_up(bench, lock)
        for role, instrument in list(bench.roles.items()):
            try:
                instrument.check_opened()
                instrument.set_backstop()
            except MtjlabError as error:
                if missing is None:
                    raise
                missing[role] = error
                del bench.roles[role]
        opened.pop_all()
    return bench


def _clear_up(bench: "Bench", lock: "BenchLock") -> None:
    """Switch off what a process that died has left on, and say what is not shown to be off."""
    left, elsewhere = lock.left_on, lock.elsewhere
    if not left and not elsewhere:
        return
    bench.make_safe()
    lock.shown_off(resource for role, resource in bench.resources.items() if role in bench.roles_off)
    for who in dict.fromkeys([*left.values(), *elsewhere.values()]):
        off = [resource for resource, by in left.items() if by == who and resource not in lock.left_on]
        on = [resource for resource in lock.left_on if left.get(resource) == who]
        away = [resource for resource, by in elsewhere.items() if by == who]
        said = "its outputs have been switched off" if not on and not away else f"{', '.join(off) or 'nothing'} is off"
        if on:
            said += f"; {', '.join(on)} is not shown to be off: {REMEDY}"
        if away:
            said += f"; {', '.join(away)} is not on bench {bench.file.name} and may still be on: {REMEDY}"
        log.warning("%s, which has ended: %s", who, said)


def _connected(
    description: "BenchFile",
    drivers: dict[str, Any],
    resources: dict[str, str],
    opened: contextlib.ExitStack,
    missing: dict[str, MtjlabError] | None,
    *,
    stand_in: "StandIn | None" = None,
    **kept: Any,
) -> "Bench":
    """Connect to the instruments and make a bench of them, which `opened` closes if anything fails later."""
    from mtjlab.instruments.bench import Bench

    instruments: dict[str, Any] = {}
    for role, settings in description.roles:
        # A simulated instrument has a line and an identity of its own.
        own = {"identity": "", "read_termination": "\n", "write_termination": "\n"} if stand_in is not None else {}
        settings = settings.model_copy(update={"resource": resources[role], **own})
        try:
            instrument = drivers[role](settings, description.wiring)
        except MtjlabError as error:
            told = _in_its_role(error, role, drivers)
            if missing is None:
                raise told from (error if told is not error else error.__cause__)  # no error is its own cause
            missing[role] = told
            continue
        instruments[role] = instrument
        opened.callback(instrument.close)
        if stand_in is not None and hasattr(instrument, "wait"):
            instrument.wait = stand_in.wait
    bench = Bench(description, instruments, resources=resources, stand_in=stand_in, **kept)
    opened.callback(bench.close)
    return bench


def _in_its_role(error: MtjlabError, role: str, drivers: dict[str, Any]) -> MtjlabError:
    """Say of an instrument that is none of the driver's whether it is another role's."""
    if not isinstance(error, WrongInstrumentError):
        return error
    others = [
        other
        for other, driver in drivers.items()
        if other != role and re.search(getattr(driver, "IDENTITIES", "") or r"\Z(?!)", error.answer, re.IGNORECASE)
    ]
    advice = f"it would fit {' or '.join(others)}; are the two swapped?" if others else ""
    return WrongInstrumentError(error.resource, error.answer, error.wanted, role, advice)


def serve_bench(
    file: "str | Path | BenchFile" = "simulated",
    *,
    seed: int | None = None,
    host: str | None = None,
    real_time: bool = False,
    faults: "tuple[FaultSettings, ...]" = (),
) -> "StandIn":
    """Start the simulated instruments of a bench without opening them, for any VISA client.

    Parameters
    ----------
    file
        Name of a shipped bench, path of a bench file, or a bench file already read.
    seed
        Seed of the simulated device; overrides the file's.
    host
        Address to listen on; overrides the file's.
    real_time
        Whether integration and settle times pass, whatever the file says.
    faults
        What goes wrong beside the file's faults.

    Returns
    -------
    StandIn
        Its `resources` are the VISA resources by role; `close` stops it.

    Raises
    ------
    ValueError
        If the file is wrong, the bench is a real one, a port is taken, or the address is not this machine's.
    """
    from mtjlab.instruments.bench.file import BenchFile

    description = file if isinstance(file, BenchFile) else BenchFile.load(file)
    simulation = description.simulation
    if simulation is None:
        raise InputError(f"bench {description.name} is real: only a bench with a [simulation] section can be served")
    changes = {
        "host": simulation.host if host is None else host,
        "real_time": simulation.real_time or real_time,
        "faults": simulation.faults + faults,
    }
    return _stand_in(description.model_copy(update={"simulation": simulation.model_copy(update=changes)}), seed)


def _stand_in(description: "BenchFile", seed: int | None) -> "StandIn":
    simulation = description.simulation
    assert simulation is not None
    if seed is not None:
        simulation = simulation.model_copy(update={"seed": seed})
    stand_in: StandIn = BENCHES.load("simulated")(simulation, description.roles, description.wiring)
    return stand_in


def _driver(description: "BenchFile", role: str, name: str) -> Any:
    """Load a driver and make sure that it can play the role."""
    from mtjlab.core import TomlDocument
    from mtjlab.instruments.bench.file import DRIVERS
    from mtjlab.instruments.safety.protocol_members import protocol_members

    driver = DRIVERS.load(name)
    guard = description.roles.table[role].guard
    members = protocol_members(guard.plays) - guard.optional
    lacking = sorted(member for member in members if getattr(driver, member, None) is None)
    if lacking:
        document = TomlDocument(f"bench {description.name}", description.text)
        raise document.error(
            ("roles", role, "driver"), f"{name!r} cannot play this role: it has no {', '.join(lacking)}"
        )
    return driver
