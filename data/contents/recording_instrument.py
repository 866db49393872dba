"""An instrument as a recording keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import h5py

from mtjlab.data.contents.recording_attributes import checked_name, read_attributes, read_text, write_attributes

__all__ = ["RecordedInstrument", "write_instrument", "read_instruments"]


class RecordedInstrument(NamedTuple):
    """An instrument as it was when the recording began."""

    idn: str = ""
    """Its answer to ``*IDN?``."""

    driver: str = ""
    """Name of the driver; never imported by a reader."""

    resource: str = ""
    """VISA resource."""

    settings: Mapping[str, Any] = MappingProxyType({})
    """Settings as read back, in SI units."""


def write_instrument(instruments: h5py.Group, role: str, instrument: RecordedInstrument) -> str:
    """Write which instrument plays `role`, unless one is there already.

    Returns
    -------
    str
        How the one already there differs, in words; empty where nothing does.
    """
    new = {"idn": instrument.idn, "driver": instrument.driver, "resource": instrument.resource}
    if role in instruments:
        old = read_attributes(instruments[role])
        return ", ".join(f"{key} {old.get(key)!r} is now {new[key]!r}" for key in new if old.get(key) != new[key])
    group = instruments.create_group(checked_name(role, "role"))
    where = f"instrument {role!r}"
    write_attributes(group, {"NX_class": "NXcollection"} | new, where)
    write_attributes(group.create_group("settings"), instrument.settings, f"{where}: settings")
    return ""


def read_instruments(instruments: h5py.Group) -> dict[str, RecordedInstrument]:
    """Read the instrument in each role."""
    return {
        role: RecordedInstrument(
            read_text(group, "idn"),
            read_text(group, "driver"),
            read_text(group, "resource"),
            read_attributes(group["settings"]) if "settings" in group else {},
        )
        for role, group in instruments.items()
    }
