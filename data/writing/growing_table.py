"""A table that grows in place: one dataset for each field of its rows."""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np

from mtjlab.data.contents.table_rows import fields_of, row_type
from mtjlab.data.writing.growing_dataset import GrowingDataset

__all__ = ["GrowingTable"]


class GrowingTable:
    """Write rows field by field, each into a dataset of its own; see `GrowingDataset` for the methods.

    Parameters
    ----------
    group
        The table, open for writing.
    """

    def __init__(self, group: h5py.Group) -> None:
        self._fields = {name: GrowingDataset(group[name]) for name in fields_of(group)}
        self.dtype: np.dtype[Any] = row_type(group)
        """Type of one row, with the character sets of its texts."""
        self.chunk = min(field.chunk for field in self._fields.values())
        """Rows in a chunk."""
        self.grows = all(field.grows for field in self._fields.values())
        """Whether it can grow; see `GrowingDataset`."""

    def write(self, start: int, rows: np.ndarray[Any, Any]) -> None:
        """Put `rows` at index `start`; grow as needed.

        Raises
        ------
        OSError
            If the disk has no room for that.
        """
        for name, field in self._fields.items():
            field.write(start, np.ascontiguousarray(rows[name]))

    def read(self, start: int, count: int) -> np.ndarray[Any, Any]:
        """Return `count` rows from index `start`."""
        rows = np.empty(count, self.dtype)
        for name, field in self._fields.items():
            rows[name] = field.read(start, count)
        return rows

    def take_touched(self) -> list[tuple[int, int]]:
        """Return where in the file rows were written since the last call: first byte and number of bytes."""
        return [place for field in self._fields.values() for place in field.take_touched()]

    def last_place(self, count: int) -> tuple[int, int] | None:
        """Return where in the file those of the last of `count` rows lie that are farthest back; None if not known."""
        places = [field.last_place(count) for field in self._fields.values()]
        return max((place for place in places if place is not None), default=None)

    def clear(self, start: int) -> None:
        """Forget the rows from index `start` on, which nobody has committed."""
        for field in self._fields.values():
            field.clear(start)
