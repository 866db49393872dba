"""What a recording says of its bench: data to compare with, never anything to open.

A file that comes from elsewhere may say anything. So nothing that it names is loaded, neither a VISA library nor a
driver nor a path: a recording is resumed on the bench of the user's own bench file, or on a shipped one.
"""

import math
import tomllib
from collections.abc import Mapping
from typing import Any

from mtjlab.core import InputError
from mtjlab.data import Recording, RecordingError, RecordingWriter
from mtjlab.instruments import Bench, BenchFile, Limits, shipped_benches

__all__ = [
    "SOURCE",
    "bench_attributes",
    "bench_to_resume_on",
    "describe_instruments",
    "recorded_limits",
    "recorded_seed",
]

SOURCE = "source"
"""Attribute of a recording's bench: name of the shipped bench, or path of the bench file, for people to read."""
_LIMIT = "limit_"
_LARGEST_SEED = 2**63


def bench_attributes(bench: BenchFile) -> dict[str, float | int | str]:
    """Say for a recording where its bench comes from, and what its limits are."""
    limits = {f"{_LIMIT}{name}": value for name, value in bench.limits.model_dump().items()}
    return {**limits, SOURCE: bench.source}


def describe_instruments(bench: Bench, writer: RecordingWriter) -> None:
    """Write into a recording which instrument plays each role of a bench, with its settings as read back.

    Parameters
    ----------
    bench
        Opened bench.
    writer
        Writer of the recording.
    """
    for role, instrument in bench.roles.items():
        writer.add_instrument(
            role,
            idn=instrument.identify(),
            driver=getattr(bench.file.roles, role).driver,
            # A stand-in listens on a port of the system's choice, which says nothing when the run is over.
            resource="simulated" if bench.simulated else bench.resources[role],
            settings=dict(instrument.settings()),
        )


def bench_to_resume_on(recording: Recording) -> BenchFile:
    """Give the shipped bench that a recording was made on.

    Raises
    ------
    ValueError
        If it was made on another one: its bench file has to be given then.
    """
    source = recording.bench_attributes.get(SOURCE)
    shipped = shipped_benches()
    if source in shipped:
        return BenchFile.load(str(source))
    for name, text in shipped.items():
        if not source and _says(recording.bench) == _says(text):  # older recordings do not name it
            return BenchFile.load(name)
    where = f" {source!r:.200}" if source else ""
    raise InputError(
        f"{recording.path} was recorded on the bench of a bench file{where}: give that file; what a recording says "
        "of its bench is compared with it, and never opened",
        argument="bench",
    )


def recorded_limits(recording: Recording) -> Limits:
    """Give the limits that a recording was made within; a limit that it does not know of allows everything.

    Raises
    ------
    RecordingError
        If one of them is no number.
    """
    attributes = recording.bench_attributes
    stated: Mapping[str, Any] = _says(recording.bench).get("limits", {})
    found: dict[str, Any] = {}
    for name in Limits.model_fields:
        value = attributes.get(f"{_LIMIT}{name}", stated.get(name) if isinstance(stated, dict) else None)
        if value is None:
            value = math.inf
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
            raise RecordingError(
                recording.path, f"says that its limit {name} is {value!r:.40}", "begin a new recording"
            )
        found[name] = float(value)
    return Limits.model_construct(**found)


def recorded_seed(recording: Recording, otherwise: int | None) -> int | None:
    """Give the seed of the simulated bench that a recording was made on.

    Raises
    ------
    RecordingError
        If it is no whole number.
    """
    seed = recording.bench_attributes.get("seed", otherwise)
    if seed is None or (isinstance(seed, int) and 0 <= seed < _LARGEST_SEED):
        return seed
    raise RecordingError(recording.path, f"says that its seed is {seed!r:.40}", "begin a new recording")


def _says(text: str) -> dict[str, Any]:
    """Read what a bench file says, comments left out; nothing where it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # also of a number with thousands of digits
        return {}
