"""A one-dimensional dataset that grows in place."""

from __future__ import annotations

from collections import deque
from typing import Any

import h5py
import numpy as np

from mtjlab.data.writing.file_space import reserve_space

__all__ = ["GrowingDataset"]

_REMEMBERED = 64
"""Writes remembered for a mirror, more than a commit has; without a mirror nobody asks."""


class GrowingDataset:
    """Write rows into a resizable dataset, quickly and without ever moving what is there.

    h5py's own indexing costs 50 microseconds a call, and 100 more to make an HDF5 type from numpy's type of a row; the
    handles kept here bring a write to a fifth of that.

    Parameters
    ----------
    dataset
        A chunked one-dimensional dataset, open for writing.
    """

    def __init__(self, dataset: h5py.Dataset) -> None:
        self._id = dataset.id
        self._file = dataset.file
        self._chunk = int(dataset.chunks[0])
        self._length = int(dataset.shape[0])
        self.dtype: np.dtype[Any] = dataset.dtype
        """Type of one row, with the character sets of its texts."""
        self._type = dataset.id.get_type()  # that of the file: nothing is converted on the way
        self._touched: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED)
        self._addresses: dict[int, int] = {}

    def chunks(self, count: int) -> int:
        """Return how many chunks hold `count` rows."""
        return -(-count // self._chunk)

    def write(self, start: int, rows: np.ndarray[Any, Any]) -> None:
        """Put `rows`, an array of the dataset's type, at index `start`; grow as needed.

        Raises
        ------
        OSError
            If the disk has no room for that.
        """
        count = len(rows)
        if not count:
            return
        if start + count > self._length:
            chunks = self.chunks(start + count) - self.chunks(self._length)
            if chunks:
                reserve_space(self._file, chunks * self._chunk * self.dtype.itemsize)
            self._id.set_extent((start + count,))
            self._length = start + count
        there = self._id.get_space()
        there.select_hyperslab((start,), (count,))
        self._id.write(h5py.h5s.create_simple((count,)), there, rows, self._type)
        self._touched.append((start, count))

    def read(self, start: int, count: int) -> np.ndarray[Any, Any]:
        """Return `count` rows from index `start`."""
        rows = np.empty(count, self.dtype)
        if count:
            there = self._id.get_space()
            there.select_hyperslab((start,), (count,))
            self._id.read(h5py.h5s.create_simple((count,)), there, rows, self._type)
        return rows

    def take_touched(self) -> list[tuple[int, int]]:
        """Return where in the file rows were written since the last call: first byte and number of bytes."""
        places = []
        size = self.dtype.itemsize
        for start, count in self._touched:
            for chunk in range(start // self._chunk, self.chunks(start + count)):
                first, last = max(start, chunk * self._chunk), min(start + count, (chunk + 1) * self._chunk)
                places.append((self._address(chunk) + (first - chunk * self._chunk) * size, (last - first) * size))
        self._touched.clear()
        return places

    def _address(self, chunk: int) -> int:
        if chunk not in self._addresses:  # a chunk never moves
            self._addresses[chunk] = int(self._id.get_chunk_info_by_coord((chunk * self._chunk,)).byte_offset)
        return self._addresses[chunk]

    def clear(self, start: int) -> None:
        """Forget the rows from index `start` on, which nobody has committed.

        They become zero, and the dataset shorter where that frees no chunk: freeing one could cut the end off the file
        before its superblock knows, and a kill between the two would leave a file that does not open.
        """
        for begin in range(start, self._length, self._chunk):
            self.write(begin, np.zeros(min(self._chunk, self._length - begin), self.dtype))
        if 0 < start < self._length and (start - 1) // self._chunk == (self._length - 1) // self._chunk:
            self._id.set_extent((start,))
            self._length = start
