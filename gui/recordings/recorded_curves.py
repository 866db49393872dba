"""Columns of a recording as curves, in a number of points that a screen can show; read in another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError, MtjlabError
from mtjlab.data import Recording

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Curve", "Plottable", "plottable", "read_curve", "read_curves"]

ROW = "row"
"""Stands for the number of a row among the columns."""

MOST = 20_000
"""Points of a curve: a screen has fewer."""

_PIECE = 2**18
"""Rows that are read at a time."""


class Plottable(NamedTuple):
    """A table that can be plotted."""

    table: str
    """``data``, or ``blocks`` of a recording of bits."""

    columns: dict[str, str]
    """Unit of each column."""

    first: tuple[str, ...]
    """The columns that are plotted at first: across, up, and perhaps in colour."""


class Curve(NamedTuple):
    """Columns of one recording."""

    path: str
    """The file."""

    columns: tuple[str, ...]
    """Their names."""

    points: NDArray[np.float64]
    """Shape (columns, points)."""

    step: int
    """Each so-manieth row is here."""


def plottable(recording: Recording) -> tuple[Plottable, ...]:
    """Return the tables of a recording that have something to plot.

    Parameters
    ----------
    recording
        The recording; within ``with`` it is opened once.
    """
    found = []
    if recording.rows:
        units = dict(recording.table("data", 0, 0).attrs["units"])
        names = list(units)
        first = recording.summary().plotted or tuple(names[:2])
        if len(names) < 3 and "row_time" in names:  # one column alone
            first = ROW, names[0]
        found.append(Plottable("data", {ROW: "", **units}, first))
    if recording.length("blocks"):
        units = dict(recording.table("blocks", 0, 0).attrs["units"])
        units = {name: unit for name, unit in units.items() if name not in ("checksum",)}
        found.append(Plottable("blocks", {ROW: "", "P(1)": "", "time": "s", **units}, ("time", "P(1)")))
    return tuple(found)


def read_curve(path: str, table: str, columns: tuple[str, ...]) -> Curve:
    """Read columns of a table, each row or, of a long one, each so-manieth.

    Parameters
    ----------
    path
        The recording.
    table
        ``data`` or ``blocks``.
    columns
        Columns that `plottable` names.

    Returns
    -------
    Curve
        At most 20,000 points.

    Raises
    ------
    InputError
        If the recording has no such column, or it holds no numbers.
    RecordingError
        If the file is damaged.
    """
    with Recording(path) as recording:
        length = recording.length(table)
        step = max(1, -(-length // MOST))
        pieces = []
        for start in range(0, length, _PIECE):
            frame = recording.table(table, start, min(start + _PIECE, length))
            numbers = np.arange(start, start + len(frame))
            kept = slice(-start % step, None, step)
            pieces.append(np.array([_column(recording, table, frame, name, numbers)[kept] for name in columns]))
    points = np.concatenate(pieces, axis=1) if pieces else np.empty((len(columns), 0))
    return Curve(path, columns, points, step)


def read_curves(
    paths: tuple[str, ...], table: str, columns: tuple[str, ...]
) -> tuple[tuple[Curve, ...], dict[str, str]]:
    """Read the same columns of several recordings.

    Parameters
    ----------
    paths, table, columns
        As for `read_curve`.

    Returns
    -------
    tuple
        The curves, and why there is none of the others, by path.
    """
    curves, faults = [], {}
    for path in paths:
        try:
            curves.append(read_curve(path, table, columns))
        except (MtjlabError, OSError) as error:
            faults[path] = str(error)
    return tuple(curves), faults


def _column(
    recording: Recording, table: str, frame: pd.DataFrame, name: str, numbers: NDArray[np.int64]
) -> NDArray[np.float64]:
    if name == ROW:
        return numbers.astype(float)
    if table == "blocks" and name == "P(1)":
        return (frame["ones"] / frame["count"]).to_numpy(float)
    if table == "blocks" and name == "time":
        return frame["start"].to_numpy(float) - float(recording.table("blocks", 0, 1)["start"].iloc[0])
    if name not in frame:
        raise InputError(f"{recording.path.name} has no column {name!r:.60}; choose another column")
    try:
        return frame[name].to_numpy(float)
    except (TypeError, ValueError):
        raise InputError(f"column {name!r:.60} holds no numbers; choose another column") from None
