"""The columns of a recording, in the order of its procedure."""

from __future__ import annotations

import h5py
import numpy as np

from mtjlab.data.contents.layout import COLUMNS
from mtjlab.data.contents.recording_attributes import from_stored, read_text

__all__ = ["column_links", "column_notes", "column_units", "link_name"]


def link_name(name: str) -> str:
    """Return the name of the object of a column: a slash, which separates groups in HDF5, becomes a division slash.

    >>> link_name("dI/dV")
    'dI∕dV'
    """
    return name.replace("/", "∕")


def column_links(group: h5py.Group) -> dict[str, str]:
    """Return for each column of /data, by the name that its procedure gave it, that of its object."""
    # HDF5 lists names by the alphabet. Older recordings keep the order in what they tell viewers to plot.
    plotted = [*np.atleast_1d(group.attrs.get(COLUMNS, []))]
    plotted += [*np.atleast_1d(group.attrs.get("axes", [])), group.attrs.get("signal", b"")]
    plotted += [*np.atleast_1d(group.attrs.get("auxiliary_signals", []))]
    named = [str(from_stored(name)) for name in plotted]
    ordered = [name for name in dict.fromkeys(named) if name in group]
    links = [*ordered, *(name for name in group if name not in named)]
    return {_label(group, link): link for link in links}


def column_units(group: h5py.Group) -> dict[str, str]:
    """Return the unit of each column of /data, by the name that its procedure gave it."""
    return {name: read_text(group[link], "units") for name, link in column_links(group).items()}


def column_notes(group: h5py.Group) -> dict[str, str]:
    """Return what the numbers of columns mean, for those of which /data says it."""
    return {
        name: read_text(group[link], "description")
        for name, link in column_links(group).items()
        if "description" in group[link].attrs
    }


def _label(group: h5py.Group, link: str) -> str:
    """Return the name behind that of the object."""
    if "∕" not in link:
        return link
    unit = read_text(group[link], "units")
    label = read_text(group[link], "long_name").removesuffix(f" [{unit}]")
    return label if link_name(label) == link else link
