"""The columns of a recording, in the order of its procedure."""

from __future__ import annotations

import h5py
import numpy as np

from mtjlab.data.contents.recording_attributes import from_stored, read_text

__all__ = ["column_links", "column_units", "link_name"]


def link_name(name: str) -> str:
    """Return the name of the object of a column: a slash, which separates groups in HDF5, becomes a division slash.

    >>> link_name("dI/dV")
    'dI∕dV'
    """
    return name.replace("/", "∕")


def column_links(group: h5py.Group) -> dict[str, str]:
    """Return for each column of /data, by the name that its procedure gave it, that of its object."""
    # HDF5 lists names by the alphabet; the attributes that tell viewers what to plot keep the procedure's order.
    plotted = [*np.atleast_1d(group.attrs.get("axes", [])), group.attrs.get("signal", b"")]
    plotted += [*np.atleast_1d(group.attrs.get("auxiliary_signals", []))]
    named = [str(from_stored(name)) for name in plotted]
    ordered = [name for name in dict.fromkeys(named) if name in group]
    links = [*ordered, *(name for name in group if name not in named)]
    return {_label(group, link): link for link in links}


def column_units(group: h5py.Group) -> dict[str, str]:
    """Return the unit of each column of /data, by the name that its procedure gave it."""
    return {name: read_text(group[link], "units") for name, link in column_links(group).items()}


def _label(group: h5py.Group, link: str) -> str:
    """Return the name behind that of the object."""
    if "∕" not in link:
        return link
    unit = read_text(group[link], "units")
    label = read_text(group[link], "long_name").removesuffix(f" [{unit}]")
    return label if link_name(label) == link else link
