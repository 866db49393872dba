"""What the window shows of a table: rows in bounded memory, filled by the worker, read by the window."""

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.procedures import recorded_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LiveRows"]

MOST = 4000
"""Rows kept; beyond them every second one is dropped, again and again."""


class LiveRows:
    """Rows of a run, thinned evenly whenever they get too many for a plot.

    Parameters
    ----------
    columns
        Names of the columns.

    Examples
    --------
    >>> rows = LiveRows(["a", "b"])
    >>> rows.add({"a": 1.0, "b": 2.0})
    >>> rows.snapshot().tolist(), rows.total
    ([[1.0, 2.0]], 1)
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        """Names of the columns."""
        self.total = 0
        """Rows that came."""
        self._lock = threading.Lock()
        self._rows: list[NDArray[np.float64]] = []
        self._stride = 1

    def add(self, record: Mapping[str, Any]) -> None:
        """Take a row, or many as arrays; called in the worker's thread."""
        if not self.columns:
            return
        values = [np.atleast_1d(np.asarray(record.get(name, np.nan), float)) for name in self.columns]
        rows = np.stack(np.broadcast_arrays(*values), axis=1)
        with self._lock:
            first = -self.total % self._stride
            self._rows += list(rows[first :: self._stride])
            self.total += len(rows)
            while len(self._rows) > MOST:
                self._rows = self._rows[::2]
                self._stride *= 2

    def add_recorded(self, frame: "pd.DataFrame") -> None:
        """Take the rows of a recording, which may lack columns that its procedure has got since."""
        columns = recorded_columns(self.columns).items()
        if len(frame):
            self.add({text: frame[column.name].to_numpy(float) for text, column in columns if column.name in frame})

    def numbers(self) -> NDArray[np.float64]:
        """Give each row of the snapshot its number, from zero; called in the window's thread."""
        with self._lock:
            return np.arange(len(self._rows)) * float(self._stride)

    def snapshot(self) -> NDArray[np.float64]:
        """Copy what there is to draw, shape (rows, columns); called in the window's thread."""
        with self._lock:
            return np.array(self._rows).reshape(len(self._rows), len(self.columns))
