"""The columns of a recording, in the order of its procedure, and the time of each row beside them."""

from __future__ import annotations

from collections.abc import Iterable

import h5py
import numpy as np

from mtjlab.data.contents.layout import COLUMNS, ROW_TIME
from mtjlab.data.contents.recording_attributes import from_stored, read_text

__all__ = [
    "column_links",
    "column_notes",
    "column_units",
    "free_time_link",
    "link_name",
    "plotted_columns",
    "time_link",
]


def link_name(name: str) -> str:
    """Return the name of the object of a column: a slash, which separates groups in HDF5, becomes a division slash.

    Parameters
    ----------
    name
        Name of a column.

    Examples
    --------
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
    links = [*ordered, *(name for name in group if name not in named and name != time_link(group))]
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


def time_link(group: h5py.Group) -> str:
    """Return the name of the dataset of /data with the time of each row; empty where rows have none, as of old."""
    name = read_text(group, ROW_TIME) if ROW_TIME in group.attrs else ""
    return name if name in group else ""


def free_time_link(columns: Iterable[str]) -> str:
    """Return the name that the time of each row takes beside these columns.

    >>> free_time_link(["Voltage", "Current"])
    'row_time'
    """
    taken, name = {link_name(column) for column in columns}, ROW_TIME
    while name in taken:
        name += "_"
    return name


def plotted_columns(group: h5py.Group) -> tuple[str, ...] | None:
    """Return what viewers of /data plot at first, where it says so apart from the order of its columns.

    Parameters
    ----------
    group
        /data.
    """
    if COLUMNS not in group.attrs or "axes" not in group.attrs:
        return None
    labels = {link: name for name, link in column_links(group).items()}
    axes = [str(name) for name in from_stored(group.attrs["axes"])]
    return tuple(labels[name] for name in (*axes, str(from_stored(group.attrs["signal"]))))


def _label(group: h5py.Group, link: str) -> str:
    """Return the name behind that of the object."""
    if "∕" not in link:
        return link
    unit = read_text(group[link], "units")
    label = read_text(group[link], "long_name").removesuffix(f" [{unit}]")
    return label if link_name(label) == link else link
