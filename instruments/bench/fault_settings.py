"""A fault of a simulated instrument, as a bench file or a faults file describes it."""

from pathlib import Path
from typing import Literal, Self, get_args

import pydantic

from mtjlab.core import InputError, TomlDocument
from mtjlab.instruments.settings.section import Section

__all__ = ["FAULT_KINDS", "FaultSettings", "load_faults"]

FaultKind = Literal[
    "timeout",
    "drop",
    "half_open",
    "slow",
    "garbage",
    "truncated",
    "unsolicited",
    "overflow",
    "compliance",
    "error",
    "reboot",
    "stuck",
    "drift",
    "open",
    "short",
]
FAULT_KINDS: tuple[str, ...] = get_args(FaultKind)
"""All kinds of faults."""


class FaultSettings(Section):
    """One fault: what goes wrong, where, and when.

    A fault without `at_command`, `at_time` or `probability` strikes at the first message that fits.
    """

    kind: FaultKind
    """What goes wrong."""
    role: str = ""
    """Role of the instrument, such as ``source_meter``; any where left out."""
    pattern: str = ""
    """Messages it may strike, with ``*`` and ``?`` as in file names, such as ``:TRAC:DATA*``; any where left out."""
    at_command: pydantic.PositiveInt | None = None
    """Number of the message that it strikes, counted among those that fit, from 1."""
    at_time: pydantic.NonNegativeFloat | None = None
    """Time on the bench's clock from which it may strike [s]."""
    probability: float | None = pydantic.Field(default=None, gt=0, le=1)
    """Probability with which it strikes each message that fits; the seed of the bench decides which."""
    count: pydantic.NonNegativeInt = 1
    """How often it strikes; 0 is without end."""
    duration: pydantic.NonNegativeFloat = 0.5
    """How long an answer is late (slow), or the instrument away (reboot) [s of the wall clock]."""
    pulses: pydantic.PositiveInt = 5000
    """Pulses that a stuck device ignores."""
    size: float = pydantic.Field(default=0.2, gt=-1)
    """Relative step of the device's resistance (drift)."""
    number: int = -310
    """Number of the error that the instrument reports (error)."""
    after: bool = False
    """Whether the connection drops after the message was carried out instead of before it (drop)."""

    @pydantic.model_validator(mode="after")
    def _one_instant(self) -> Self:
        given = [name for name in ("at_command", "at_time", "probability") if getattr(self, name) is not None]
        if len(given) > 1:
            raise InputError(f"{' and '.join(given)} are both given: one of them says when the fault strikes")
        return self


class _FaultsFile(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")

    faults: tuple[FaultSettings, ...]


def load_faults(path: Path) -> tuple[FaultSettings, ...]:
    """Read a file of ``[[faults]]`` tables.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ValueError
        If there is no such file, or if it is wrong; the message names file, line and what is allowed.
    """
    return TomlDocument.read(path, "give the path of a TOML file with [[faults]] tables").validate(_FaultsFile).faults
