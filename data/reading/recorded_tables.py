"""The tables of a recording as pandas has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py

from mtjlab.core import InputError
from mtjlab.data.checking.recording_check import committed
from mtjlab.data.contents.layout import TABLES
from mtjlab.data.contents.recording_attributes import from_stored
from mtjlab.data.contents.recording_columns import column_links, column_units, time_link
from mtjlab.data.contents.table_rows import field_units, read_rows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["TABLE_NAMES", "bits_table", "checked_range", "read_table", "table_length"]

TABLE_NAMES = ("data", *TABLES, "bits")
"""The rows of the columns; blocks, segments, log, results; the bits, each with its resistance where that is kept."""

_COUNTED_BY = {"data": "rows"}


def table_length(file: h5py.File, name: str) -> int:
    """Return how many rows of a table are committed.

    Raises
    ------
    ValueError
        If a recording has no such table.
    """
    if name not in TABLE_NAMES:
        raise InputError(f"a recording has no table {name!r:.40}; choose one of {', '.join(TABLE_NAMES)}")
    return committed(file, _COUNTED_BY.get(name, name))


def checked_range(start: int, stop: int | None, length: int, what: str) -> tuple[int, int]:
    """Return `start` and `stop`, which must be there; None stands for the end."""
    stop = length if stop is None else stop
    if not 0 <= start <= stop <= length:
        raise InputError(f"{what} {start} to {stop} are not all there; choose within 0 to {length}")
    return start, stop


def read_table(file: h5py.File, name: str, start: int, stop: int, *, row_times: bool = True) -> pd.DataFrame:
    """Return rows of a table but that of bits; ``frame.attrs["units"]`` has the units of its columns.

    Parameters
    ----------
    file, name, start, stop
        The recording, and which rows of which of its tables.
    row_times
        Whether rows of the columns (`data`) are followed by the time of each, where that was kept.
    """
    import pandas as pd

    if name == "data":
        units, links = column_units(file["data"]), column_links(file["data"])
        if row_times and (times := time_link(file["data"])):
            units[times], links[times] = "s", times
        frame = pd.DataFrame(
            {name: file["data"][link][start:stop] for name, link in links.items()}, columns=list(units)
        )
    elif name not in file:  # version 1 had no results
        units = {field.name: field.unit for field in TABLES[name]}
        kinds = {field.name: "str" if field.kind[0] == "S" else field.kind for field in TABLES[name]}
        frame = pd.DataFrame({field: pd.Series(dtype=kind) for field, kind in kinds.items()})
    else:
        rows, units = read_rows(file, name, start, stop), field_units(file[name])
        names = rows.dtype.names
        frame = pd.DataFrame(
            {
                field: pd.Series(from_stored(rows[field]), dtype=str) if rows.dtype[field].kind == "S" else rows[field]
                for field in names
            }
        )
    frame.attrs["units"] = units
    return frame


def bits_table(bits: NDArray[np.uint8], resistances: NDArray[np.float32] | None) -> pd.DataFrame:
    """Return bits as a table, each with the resistance [Ω] read with it where that was kept."""
    import pandas as pd

    frame, units = pd.DataFrame({"bit": bits}), {"bit": ""}
    if resistances is not None:
        frame["resistance"], units["resistance"] = resistances, "Ω"
    frame.attrs["units"] = units
    return frame
