"""Whether the bits of a recording are those that were written: counts, ones and checksum of each block."""

from __future__ import annotations

import bisect
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import h5py
import numpy as np

from mtjlab.core import align_bits
from mtjlab.data.checking.block_checksum import block_checksum
from mtjlab.data.contents.layout import BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BlockFault", "block_faults", "checked_bytes", "checksums_in"]

_PIECE = 2**27
"""Bits that are read at a time, blocks permitting."""

_ROWS = 2**16
"""Rows of /blocks that are read at a time."""


class BlockFault(NamedTuple):
    """A block that is not as it was written."""

    block: int
    """Its number, from 0."""

    problem: str
    """What is wrong, in words."""

    def __str__(self) -> str:
        return f"block {self.block} {self.problem}"


def block_faults(
    file: h5py.File,
    blocks: range,
    bits: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[BlockFault]:
    """Give the faults of some blocks, as they are found.

    Parameters
    ----------
    file
        A recording.
    blocks
        Numbers of the blocks to check.
    bits
        Committed bits: no block may reach beyond them.
    progress
        Called with how many blocks are checked and how many there are to check.
    """
    table = file["blocks"]
    expected = None
    for start in range(blocks.start, blocks.stop, _ROWS):
        rows = table[start : min(start + _ROWS, blocks.stop)]
        for number, row, problem in _faults_of(file[BITS], rows, expected if start else 0, bits):
            yield BlockFault(start + number, f"(bits {row['first_bit']:,} and {row['count']:,} on) {problem}")
        expected = int(rows["first_bit"][-1]) + int(rows["count"][-1]) if len(rows) else expected
        progress(start + len(rows) - blocks.start, len(blocks))


def _faults_of(
    packed: h5py.Dataset, rows: NDArray[Any], begin: int | None, bits: int
) -> Iterator[tuple[int, NDArray[Any], str]]:
    first, count = rows["first_bit"].astype(np.uint64), rows["count"].astype(np.uint64)
    expected = np.concatenate((first[:1] if begin is None else np.array([begin], np.uint64), first[:-1] + count[:-1]))
    gaps = (first != expected).tolist()
    checksums = rows["checksum"].tolist() if "checksum" in (rows.dtype.names or ()) else [None] * len(rows)
    written = list(zip(rows["count"].tolist(), checksums, rows["ones"].tolist(), strict=True))
    for number, skip, piece in _pieces(packed, first, count, bits):
        if piece is None:
            yield number, rows[number], f"reaches beyond the {bits:,} bits that are committed"
            continue
        if gaps[number]:
            yield number, rows[number], f"should begin at bit {expected[number]:,}, where the one before ends"
        problem = _bits_fault(piece, skip, *written[number])
        if problem:
            yield number, rows[number], problem


def _bits_fault(packed: NDArray[np.uint8], skip: int, count: int, checksum: int | None, ones: int) -> str:
    """Say what of its row the bits of a block contradict, which begin after `skip` bits of `packed`."""
    block = align_bits(packed, skip, count)
    if checksum is not None and (found := zlib.crc32(block.data)) != checksum:
        return f"has checksum {found:08x}, and was written with {checksum:08x}"
    there = int(np.bitwise_count(block).sum(dtype=np.int64))
    return f"has {there:,} ones, and was written with {ones:,}" if there != ones else ""


def checked_bytes(file: h5py.File, start: int, stop: int) -> tuple[NDArray[np.uint8], BlockFault | None]:
    """Return the bytes that hold bits `start` to `stop`, and the first fault among the blocks that these are of."""
    table, packed = file["blocks"], file[BITS]
    if start >= stop:
        return np.empty(0, np.uint8), None
    begins = _Column(table, "first_bit", int(packed.attrs["blocks"]))
    first, last = bisect.bisect_right(begins, start) - 1, bisect.bisect_left(begins, stop)
    rows = table[max(first, 0) : last]
    begin = min(start, int(rows["first_bit"][0])) // 8
    end = max(stop, int(rows["first_bit"][-1]) + int(rows["count"][-1]))
    held = packed[begin : (end + 7) // 8]
    for number, row in enumerate(rows):
        at, length = int(row["first_bit"]) - 8 * begin, int(row["count"])
        checksum = int(row["checksum"]) if "checksum" in row.dtype.names else None
        problem = _bits_fault(held[at // 8 : (at + length + 7) // 8], at % 8, length, checksum, int(row["ones"]))
        if problem:
            return held, BlockFault(first + number, problem)
    return held[start // 8 - begin : (stop + 7) // 8 - begin], None


class _Column(Sequence[int]):
    """One field of a table, read number by number."""

    def __init__(self, table: h5py.Dataset, field: str, length: int) -> None:
        self._table, self._field, self._length = table, field, length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: Any) -> Any:
        return int(self._table[index][self._field])


def checksums_in(packed: h5py.Dataset, rows: NDArray[Any], bits: int) -> NDArray[np.uint32]:
    """Return the checksum that the bits of each block of `rows` have."""
    checksums = np.zeros(len(rows), np.uint32)
    first, count = rows["first_bit"].astype(np.uint64), rows["count"].astype(np.uint64)
    for number, skip, piece in _pieces(packed, first, count, bits):
        if piece is not None:
            checksums[number] = block_checksum(piece, skip, int(count[number]))
    return checksums


def _pieces(
    packed: h5py.Dataset, first: NDArray[np.uint64], count: NDArray[np.uint64], bits: int
) -> Iterator[tuple[int, int, NDArray[np.uint8] | None]]:
    """Give each block's number and the bytes that hold it, which begin with so many bits of the block before.

    Several blocks are read at once. A block that is not within the committed bits has None instead of bytes.
    """
    held, held_from, held_to = np.empty(0, np.uint8), 0, 0
    for number, (begin, length) in enumerate(zip(first.tolist(), count.tolist(), strict=True)):
        end = begin + length
        if end > bits:
            yield number, 0, None
            continue
        low, high = begin // 8, (end + 7) // 8
        if low < held_from or high > held_to:
            held_from, held_to = low, max(high, min(low + _PIECE // 8, (bits + 7) // 8))
            held = packed[held_from:held_to]
        yield number, begin % 8, held[low - held_from : high - held_from]
