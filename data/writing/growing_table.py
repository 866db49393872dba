"""A table that grows in place: one dataset for each field of its rows."""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np

from mtjlab.data.contents.layout import FILLED_IN_LATER
from mtjlab.data.contents.table_rows import field_datasets
from mtjlab.data.writing.file_space import FileSpace
from mtjlab.data.writing.growing_dataset import GrowingDataset

__all__ = ["GrowingTable"]


class GrowingTable:
    """Write rows field by field, each into a dataset of its own; see `GrowingDataset` for the methods.

    Parameters
    ----------
    group
        The table, open for writing.
    space
        The room of its file.
    """

    def __init__(self, group: h5py.Group, space: FileSpace) -> None:
        self._fields = {name: GrowingDataset(dataset, space) for name, dataset in field_datasets(group).items()}
        self.dtype: np.dtype[Any] = np.dtype([(name, field.dtype) for name, field in self._fields.items()])
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

    def last_bytes(self, count: int) -> tuple[int, bytes] | None:
        """Return those of the last of `count` rows that lie farthest back in the file; see `GrowingDataset`.

        Fields that are filled in later are left out.
        """
        fields = [field.last_bytes(count) for name, field in self._fields.items() if name not in FILLED_IN_LATER]
        return max((last for last in fields if last is not None and last[1].strip(b"\0")), default=None)

    def farthest(self) -> int:
        """Return where in the file the chunk lies that is farthest back; 0 where none is known."""
        return max(field.farthest() for field in self._fields.values())

    def written_bytes(self) -> list[tuple[int, bytes]]:
        """Return where in the file the rows lie that were written last, and what was written, field by field."""
        return [last for field in self._fields.values() for last in field.written_bytes()]

    def clear(self, start: int) -> None:
        """Forget the rows from index `start` on, which nobody has committed."""
        for field in self._fields.values():
            field.clear(start)
