"""What every section ``[roles.*]`` of a bench file has: which driver plays the role, and where its instrument is."""

import re
from typing import Annotated, Any, Literal

import pydantic

from mtjlab.core import InputError, TomlDocument
from mtjlab.instruments.settings.section import Section

__all__ = [
    "BACKENDS",
    "RoleSettings",
    "SERIAL_KEYS",
    "VisaLibrary",
    "line_attributes",
    "names_a_file",
    "refuse_keys_of_other_lines",
]

BACKENDS = ("@ivi", "@py", "@sim")
"""Backends of PyVISA that a bench file may name: the installed VISA, pyvisa-py, pyvisa-sim."""

_LIBRARY = re.compile(r"[^@]*(\.dll|\.dylib|\.framework|\.so(\.\d+)*)", re.IGNORECASE)


def _checked(library: str) -> str:
    """Refuse what is neither a backend nor a library: PyVISA would import any module that follows an ``@``."""
    path, separator, backend = library.rpartition("@")
    path = path if separator else library
    known = not separator or f"@{backend}" in BACKENDS
    if known and (not path or _LIBRARY.fullmatch(path) or (backend == "sim" and path.endswith(".yaml"))):
        return library
    raise InputError(
        f"{library!r} is not a VISA library: leave it out for the installed one, give {', '.join(BACKENDS)}, or the "
        "path of the library (.so, .dll, .dylib)"
    )


VisaLibrary = Annotated[str, pydantic.AfterValidator(_checked)]
"""Name of a VISA library: empty, one of `BACKENDS`, or the path of a shared library."""


def names_a_file(library: str) -> bool:
    """Tell whether a library is a file that would be loaded; only a user's own bench file may name one."""
    return library not in ("", *BACKENDS)


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


SERIAL_KEYS = ("baud_rate", "data_bits", "parity", "stop_bits", "flow_control")
"""Keys that only a serial line has."""
TERMINATORS = ("read_termination", "write_termination")


def refuse_keys_of_other_lines(document: TomlDocument, role: str, settings: RoleSettings) -> None:
    """Refuse keys of a serial line where the resource is none, and a stream of bytes without terminators.

    A name without ``::`` is an alias of the VISA library's, which may be anything.

    Raises
    ------
    ValueError
        Naming file, line and key.
    """
    resource = settings.resource.upper()
    serial = resource.startswith("ASRL")
    for key in SERIAL_KEYS:
        if getattr(settings, key) is not None and "::" in resource and not serial:
            raise document.error(
                ("roles", role, key),
                f"only a serial line has this, and resource = {settings.resource!r} is none: leave it out, or name a "
                "serial resource such as ASRL3::INSTR or ASRL/dev/ttyUSB0::INSTR",
            )
    for key in TERMINATORS:
        if not getattr(settings, key) and (serial or resource.endswith("::SOCKET")):
            raise document.error(
                ("roles", role, key),
                f'only a terminator can end a line over resource = {settings.resource!r}: give "\\n", "\\r" '
                'or "\\r\\n"',
            )


def line_attributes(role: RoleSettings) -> dict[str, Any]:
    """Give the attributes of the PyVISA resource of a role: terminators, and what its serial line needs.

    Parameters
    ----------
    role
        Section of the role.
    """
    # PyVISA takes a fifth of a second, which a bench file that is only read does not need.
    from pyvisa.constants import ControlFlow, Parity, StopBits

    stops = {1.0: StopBits.one, 1.5: StopBits.one_and_a_half, 2.0: StopBits.two}
    # PyVISA's word for "to the end that the interface marks" is None.
    ends = {"read_termination": role.read_termination or None, "write_termination": role.write_termination}
    if "::" in role.resource and not role.resource.upper().startswith("ASRL"):
        return ends
    given = {
        "baud_rate": role.baud_rate,
        "data_bits": role.data_bits,
        "parity": None if role.parity is None else Parity[role.parity],
        "stop_bits": None if role.stop_bits is None else stops[role.stop_bits],
        "flow_control": None if role.flow_control is None else ControlFlow[role.flow_control],
    }
    return {**ends, **{name: value for name, value in given.items() if value is not None}}
