"""The columns of a recording, in the order of its procedure."""

from __future__ import annotations

import h5py
import numpy as np

from mtjlab.data.contents.recording_attributes import from_stored, read_text

__all__ = ["column_units"]


def column_units(group: h5py.Group) -> dict[str, str]:
    """Return the unit of each column of /data."""
    # HDF5 lists names by the alphabet; the attributes that tell viewers what to plot keep the procedure's order.
    plotted = [*np.atleast_1d(group.attrs.get("axes", [])), group.attrs.get("signal", b"")]
    plotted += [*np.atleast_1d(group.attrs.get("auxiliary_signals", []))]
    names = [str(from_stored(name)) for name in plotted]
    ordered = [name for name in dict.fromkeys(names) if name in group]
    return {
        name: read_text(group[name], "units") for name in [*ordered, *(name for name in group if name not in names)]
    }
