"""What instruments VISA finds, and what they answer."""

import contextlib
import dataclasses
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pyvisa

from mtjlab.instruments.visa.recognition import EXAMPLES, is_resource_name

__all__ = ["Discovery", "Found", "discover"]

PATIENCE = 2000
"""Longest wait for an answer [ms]; an instrument that is on answers ``*IDN?`` in a few."""


@dataclasses.dataclass(frozen=True)
class Found:
    """A resource and what came of asking it."""

    resource: str
    """VISA resource name."""
    answer: str
    """Answer to ``*IDN?``; empty where none came."""
    trouble: str
    """Why none came."""


@dataclasses.dataclass(frozen=True)
class Discovery:
    """What was found by which VISA library."""

    library: str
    """VISA library that was used; empty where there is none."""
    found: tuple[Found, ...]
    """Resources."""
    advice: str
    """What to do where nothing was found, else empty."""


def discover(
    library: str = "", *, also: Mapping[str, Mapping[str, Any]] = MappingProxyType({}), serial: bool = False
) -> Discovery:
    """List the resources that VISA finds and ask each for its identity.

    Parameters
    ----------
    library
        VISA library: empty for the installed one, or pyvisa-py where there is none; ``@py`` for pyvisa-py.
    also
        Resources to ask as well, with the attributes of their lines by PyVISA's names: those of a bench file, since a
        raw socket cannot be discovered, nor the speed of a serial line.
    serial
        Whether serial ports are asked too; what is behind one may not be an instrument, and takes ``*IDN?`` for
        something else.
    """
    manager, name, trouble = _manager(library)
    if manager is None:
        return Discovery(
            "",
            (),
            f"no VISA library can be loaded ({trouble}): install NI-VISA, Keysight IO Libraries, "
            "or pyvisa-py with pip install pyvisa-py",
        )
    try:
        with warnings.catch_warnings():
            # pyvisa-py tells of packages with which it would find more; `advice` says so where it matters.
            warnings.simplefilter("ignore")
            listed = [name for name in manager.list_resources("?*") if not name.upper().endswith("::INTFC")]
    # Backends raise their own errors; one that cannot list can still open what is named.
    except Exception as error:
        listed, trouble = [], str(error)
    names = list(dict.fromkeys([*listed, *also]))
    found = tuple(
        Found(resource, "", "a serial port, which is asked only on request")
        if "ASRL" in resource.upper() and not serial and resource not in also
        else _ask(manager, resource, also.get(resource, {}))
        for resource in names
    )
    advice = "" if any(entry.answer for entry in found) else _advice(name, trouble)
    return Discovery(name, found, advice)


def _advice(library: str, trouble: str) -> str:
    return (
        f"{library} finds no instrument that answers{f' ({trouble})' if trouble else ''}: is one on and connected? "
        "GPIB and USB need drivers of their own (pyvisa-info says which are missing); LAN instruments may have to be "
        "named: TCPIP::192.168.0.5::INSTR in a bench file, whose instruments are then asked too"
    )


def _manager(library: str) -> tuple[Any, str, str]:
    """Open a resource manager: the asked one, else the installed one, else pyvisa-py."""
    trouble = ""
    for choice in [library] if library else ["", "@py"]:
        try:
            manager = pyvisa.ResourceManager(choice)
        except Exception as error:  # each backend has its own way of not being there
            trouble = str(error)
        else:
            # Without an installed VISA, PyVISA's empty choice is already pyvisa-py.
            name = str(manager.visalib).split(" at ", 1)[-1]
            return manager, {"py": "pyvisa-py"}.get(name, name), ""
    return None, "", trouble


def _ask(manager: Any, resource: str, line: Mapping[str, Any]) -> Found:
    attributes = {"read_termination": "\n", "write_termination": "\n", **line}
    try:
        connection = manager.open_resource(resource, timeout=PATIENCE, open_timeout=PATIENCE, **attributes)
    except Exception as error:
        if not is_resource_name(resource):
            return Found(resource, "", f"not a VISA resource name such as {EXAMPLES}")
        return Found(resource, "", f"cannot be opened: {' '.join(str(error).split())}")
    try:
        return Found(resource, str(connection.query("*IDN?")).strip(), "")
    except Exception as error:
        return Found(resource, "", f"does not answer *IDN?: {error}")
    finally:
        with contextlib.suppress(Exception):
            connection.close()
