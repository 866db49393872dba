"""A one-dimensional dataset that grows in place."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

from mtjlab.data.writing.file_space import FileSpace

__all__ = ["GrowingDataset"]

_COMPARED = 64
"""Bytes by which the end of a dataset is known again: so many random bits are not all zero."""

_REMEMBERED = 64
"""Writes remembered for a mirror, more than a commit has; without a mirror nobody asks."""


class GrowingDataset:
    """Write rows into a resizable dataset, quickly and without ever moving what is there.

    HDF5 makes room and puts the first rows into a chunk. A chunk is plain bytes that never move and that nobody keeps
    in memory (the file has no chunk cache), so later rows go straight to their place in the file: 5 microseconds a
    write, where HDF5's own takes 60 for the row of a table and h5py's indexing 150.

    Parameters
    ----------
    dataset
        A one-dimensional dataset, open for writing.
    space
        The room of its file.
    scale
        A dataset without values that is kept as long as this one: by it netCDF-4 knows the dimension.
    """

    def __init__(self, dataset: h5py.Dataset, space: FileSpace, scale: h5py.Dataset | None = None) -> None:
        self._scale = None if scale is None else scale.id
        self._id = dataset.id
        self._space = space
        self._length = int(dataset.shape[0])
        chunks = dataset.chunks
        self.grows = chunks is not None
        """Whether it can grow; one of a recording that was made short when it ended has its length and no chunks."""
        self.chunk: int = int(chunks[0]) if chunks else max(1, self._length)
        """Rows in a chunk; all there are where it does not grow."""
        self.dtype: np.dtype[Any] = dataset.dtype
        """Type of one row, with the character sets of its texts."""
        self._row_bytes: int = self.dtype.itemsize
        self._type = dataset.id.get_type()  # that of the file: nothing is converted on the way
        self._touched: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED)
        self._addresses: dict[int, int] = {}
        self._compared = max(1, _COMPARED // self._row_bytes)
        self._written = 0, b""  # the row after the last that was written, and the last rows before it

    def chunks(self, count: int) -> int:
        """Return how many chunks hold `count` rows."""
        return -(-count // self.chunk)

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
            fresh = self.chunks(start + count) - self.chunks(self._length)
            if fresh:
                self._space.reserve(fresh * self.chunk * self._row_bytes)
            self._resize(start + count)
        place = self._straight_place(start, count)
        chunks = range(start // self.chunk, self.chunks(start + count))
        if place is not None:
            self._put(place, rows)
        elif self._is_straight() and all(chunk in self._addresses for chunk in chunks):
            for chunk, first, last in self._pieces(start, count):
                self._put(self._place(chunk, first), rows[first - start : last - start])
        else:
            there = self._id.get_space()
            there.select_hyperslab((start,), (count,))
            self._id.write(h5py.h5s.create_simple((count,)), there, rows, self._type)
            for chunk in chunks:
                self._learn_address(chunk)
        self._touched.append((start, count))
        self._written = start + count, rows[-self._compared - 1 :].tobytes()

    def read(self, start: int, count: int) -> np.ndarray[Any, Any]:
        """Return `count` rows from index `start`."""
        rows = np.empty(count, self.dtype)
        place = self._straight_place(start, count) if count and self.grows else None
        if place is not None:
            assert self._space.descriptor is not None
            data = bytearray(os.pread(self._space.descriptor, count * self._row_bytes, place))
            if len(data) == count * self._row_bytes:
                return np.frombuffer(data, self.dtype)
        if count:
            there = self._id.get_space()
            there.select_hyperslab((start,), (count,))
            self._id.read(h5py.h5s.create_simple((count,)), there, rows, self._type)
        return rows

    def take_touched(self) -> list[tuple[int, int]]:
        """Return where in the file rows were written since the last call: first byte and number of bytes."""
        size = self._row_bytes
        places = [
            (self._place(chunk, first), (last - first) * size)
            for start, count in self._touched
            for chunk, first, last in self._pieces(start, count)
        ]
        self._touched.clear()
        return places

    def last_bytes(self, count: int) -> tuple[int, bytes] | None:
        """Return where in the file the last of `count` rows lie, and what was written there, `_COMPARED` at most.

        None where they are not among those that were written last.
        """
        end, rows = self._written
        chunk = (count - 1) // self.chunk
        there = len(rows) // self._row_bytes - (end - count)  # rows of `rows` up to the last of `count`
        if count < 1 or count > end or there < 1 or chunk not in self._addresses:
            return None
        kept = min(there, self._compared, count - chunk * self.chunk)
        piece = rows[(there - kept) * self._row_bytes : there * self._row_bytes]
        return self._place(chunk, count - kept), piece

    def farthest(self) -> int:
        """Return where in the file the chunk lies that is farthest back; 0 where none is known."""
        return max(self._addresses.values(), default=0)

    def written_bytes(self) -> list[tuple[int, bytes]]:
        """Return where in the file the rows lie that were written last, and what was written, as `last_bytes` does."""
        last = self.last_bytes(self._written[0])
        return [] if last is None else [last]

    def _is_straight(self) -> bool:
        """Tell whether rows may go straight to their place in the file."""
        return self._space.descriptor is not None and bool(self._id.valid)

    def _straight_place(self, start: int, count: int) -> int | None:
        """Return where in the file rows of one chunk lie; None where there are more, or HDF5 must do it."""
        chunk = start // self.chunk
        if chunk not in self._addresses or start + count > (chunk + 1) * self.chunk or not self._is_straight():
            return None
        return self._place(chunk, start)

    def _resize(self, length: int) -> None:
        self._id.set_extent((length,))
        if self._scale is not None:
            self._scale.set_extent((length,))
        self._length = length

    def _pieces(self, start: int, count: int) -> Iterator[tuple[int, int, int]]:
        """Divide rows by chunks: the chunk, its first row of these, and the one after its last."""
        for chunk in range(start // self.chunk, self.chunks(start + count)):
            yield chunk, max(start, chunk * self.chunk), min(start + count, (chunk + 1) * self.chunk)

    def _place(self, chunk: int, row: int) -> int:
        """Return where in the file a row of this chunk lies."""
        return self._addresses[chunk] + (row - chunk * self.chunk) * self._row_bytes

    def _learn_address(self, chunk: int) -> None:
        if chunk in self._addresses:
            return
        if self.grows:
            self._addresses[chunk] = int(self._id.get_chunk_info_by_coord((chunk * self.chunk,)).byte_offset)
        else:
            self._addresses[chunk] = int(self._id.get_offset())
        self._space.chunks_placed += 1

    def _put(self, place: int, rows: np.ndarray[Any, Any]) -> None:
        assert self._space.descriptor is not None
        data = np.ascontiguousarray(rows).view(np.uint8).data
        while data:
            written = os.pwrite(self._space.descriptor, data, place)
            data, place = data[written:], place + written

    def clear(self, start: int) -> None:
        """Forget the rows from index `start` on, which nobody has committed.

        They become zero, and the dataset shorter where that frees no chunk: freeing one could cut the end off the file
        before its superblock knows, and a kill between the two would leave a file that does not open.
        """
        for begin in range(start, self._length, self.chunk):
            self.write(begin, np.zeros(min(self.chunk, self._length - begin), self.dtype))
        if 0 < start < self._length and (start - 1) // self.chunk == (self._length - 1) // self.chunk:
            self._resize(start)
