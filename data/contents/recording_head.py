"""What is known of a recording before its first bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from mtjlab.data.contents.recording_parameter import ParameterLike

__all__ = ["RecordingHead", "software", "utc_now"]


@cache  # the metadata are a file to be read and parsed
def software() -> str:
    """Name and version of what writes."""
    return f"mtjlab {version('mtjlab')}"


def utc_now() -> str:
    """Time now, ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class RecordingHead:
    """What is known of a recording before it begins."""

    procedure: str
    """Name of the procedure; never imported by a reader."""

    parameters: Mapping[str, ParameterLike] = field(default_factory=dict)
    """Parameters of the procedure, each with `value`, `unit` and `description`."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Unit of each column of rows."""

    bench: str = ""
    """Text of the bench.toml."""

    simulated: bool = False
    """Whether the bench is made of software."""

    bench_attributes: Mapping[str, float | int | str] = field(default_factory=dict)
    """What else is to be known of the bench: seed, device parameters, limits in force."""

    sample: Mapping[str, str] = field(default_factory=dict)
    """Wafer, die, device, operator, note."""

    plan: str | None = None
    """Text of the plan file."""

    resistance: bool = False
    """Whether the resistance read with each bit is kept, as float32; `Blocks` must then bring it."""

    plotted: tuple[str, ...] | None = None
    """Columns that viewers plot at first, across and up, or across, up and in colour; the first two unless given."""

    notes: Mapping[str, str] = field(default_factory=dict)
    """What the numbers of a column mean, by its name: ``0 parallel, 1 antiparallel``."""

    created: str = field(default_factory=utc_now)
    """When it was made, ISO 8601."""

    software: str = field(default_factory=software)
    """What made it."""
