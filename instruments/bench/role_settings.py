"""What every section ``[roles.*]`` of a bench file has: which driver plays the role, and where its instrument is."""

from typing import Literal

import pydantic

from mtjlab.core import InputError
from mtjlab.instruments.bench.section import Section
from mtjlab.instruments.visa.visa_library import VisaLibrary

__all__ = ["RoleSettings"]

Positive = pydantic.PositiveFloat


class RoleSettings(Section):
    """Which driver plays a role, and where its instrument is."""

    driver: str
    """Name of an entry point in the group ``mtjlab.drivers``."""
    resource: str = ""
    """VISA resource name; left out on a simulated bench, which knows its own."""
    visa_library: VisaLibrary = ""
    """VISA library that PyVISA opens it with: empty for the installed one, ``@py`` for pyvisa-py, or its path."""
    timeout: Positive = 5.0
    """Longest wait for an answer [s]."""
    read_termination: Literal["\n", "\r", "\r\n", ""] = "\n"
    """What ends an answer; empty where the interface itself marks the end (GPIB, USB, HiSLIP, VXI-11)."""
    write_termination: Literal["\n", "\r", "\r\n", ""] = "\n"
    """What ends a command; empty as above."""
    baud_rate: int | None = pydantic.Field(default=None, ge=50, le=10_000_000)
    """Speed of a serial line [baud]; left out, what the VISA library has, mostly 9600."""
    data_bits: Literal[5, 6, 7, 8] | None = None
    """Data bits of a character on a serial line; left out, mostly 8."""
    parity: Literal["none", "odd", "even", "mark", "space"] | None = None
    """Parity of a character on a serial line; left out, mostly ``none``."""
    stop_bits: float | None = pydantic.Field(default=None, json_schema_extra={"enum": [1, 1.5, 2]})
    """Stop bits of a character on a serial line: 1, 1.5 or 2; left out, mostly 1."""
    flow_control: Literal["none", "xon_xoff", "rts_cts", "dtr_dsr"] | None = None
    """Flow control of a serial line; left out, mostly ``none``."""
    identity: str = ""
    """Text that its answer to ``*IDN?`` holds, such as a serial number; without, any model of the driver will do. A
    simulated instrument of several models is the one named here, such as ``33622A``."""

    @pydantic.field_validator("stop_bits")
    @classmethod
    def _possible(cls, stop_bits: float | None) -> float | None:
        if stop_bits not in (None, 1, 1.5, 2):
            raise InputError(f"must be 1, 1.5 or 2 (found {stop_bits:g})")
        return stop_bits

    @property
    def off_at_end(self) -> bool:
        """Whether making the bench safe, as at its end, switches the output off."""
        return True
