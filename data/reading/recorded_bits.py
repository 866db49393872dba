"""The bits of a recording as arrays that stay in the file until they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mtjlab.core import InputError, align_bits

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["RecordedBits", "PackedBits", "RecordedResistances", "BitReader"]

_PIECE = 2**23
"""Bits unpacked at a time where a step leaves most of them out."""


class BitReader(Protocol):
    """What the arrays read from."""

    @property
    def committed(self) -> int:
        """Number of bits."""

    def read_packed(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the bytes that hold bits `start` to `stop`, the first and last of them as they are in the file."""

    def read_resistances(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the resistances read with bits `start` to `stop`."""


class _LazyArray:
    """A read-only one-dimensional array that is read piece by piece."""

    dtype: np.dtype[Any] = np.dtype(np.uint8)
    """Type of an element."""
    ndim = 1
    """Number of dimensions."""

    def __init__(self, reader: BitReader) -> None:
        self._reader = reader

    def __len__(self) -> int:
        raise NotImplementedError

    def _read(self, start: int, stop: int) -> NDArray[Any]:
        """Return the elements `start` to `stop`, which are there."""
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int]:
        """Length, as numpy says it."""
        return (len(self),)

    @property
    def size(self) -> int:
        """Length."""
        return len(self)

    def __getitem__(self, key: int | slice) -> Any:
        if isinstance(key, slice):
            return self._slice(*key.indices(len(self)))
        try:
            index = key.__index__()
        except AttributeError:
            raise TypeError(
                f"index {key!r:.60} is neither an integer nor a slice; read a slice, then index that"
            ) from None
        length = len(self)
        if not -length <= index < length:
            raise IndexError(f"index {index} is not there; choose within {-length} to {length - 1}")
        index %= length
        return self._read(index, index + 1)[0]

    def _slice(self, start: int, stop: int, step: int) -> NDArray[Any]:
        indices = range(start, stop, step)
        if not indices:
            return np.empty(0, self.dtype)
        if step == 1:
            return self._read(start, stop)
        first, last = min(indices[0], indices[-1]), max(indices[0], indices[-1])
        stride = abs(step)
        jump = max(1, _PIECE // stride) * stride
        chosen = np.concatenate(
            [
                self._read(at, min(at + jump - stride, last) + 1)[::stride].copy()  # a view would keep the whole piece
                for at in range(first, last + 1, jump)
            ]
        )
        return chosen if step > 0 else chosen[::-1]

    def __iter__(self) -> Iterator[Any]:
        for piece in self.pieces():
            yield from piece

    def pieces(self, length: int = _PIECE) -> Iterator[NDArray[Any]]:
        """Give the whole array, `length` elements at a time; the last piece may be shorter."""
        end = len(self)
        for start in range(0, end, length):
            yield self._read(start, min(start + length, end))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise InputError("the bits lie in a file: an array of them is always a copy")
        array: NDArray[Any] = self[:]
        return array if dtype is None else array.astype(dtype, copy=False)


class PackedBits(_LazyArray):
    """The bytes of the bits: eight a byte, the first in the most significant position; the last byte ends with zeros.

    >>> recording.bits.packed[:125_000]  # the first million bits  # doctest: +SKIP
    """

    def __len__(self) -> int:
        return (self._reader.committed + 7) // 8

    def __repr__(self) -> str:
        return f"<{len(self):,} bytes of packed bits; read with [start:stop]>"

    def _read(self, start: int, stop: int) -> NDArray[np.uint8]:
        bits = min(8 * stop, self._reader.committed) - 8 * start
        return align_bits(self._reader.read_packed(8 * start, 8 * start + bits), 0, bits)


class RecordedBits(_LazyArray):
    """The bits of a recording, 0 or 1, read as they are asked for.

    Slices work as in numpy, with negative indices and steps, and ``numpy.asarray`` reads all; `packed` gives the bytes.
    Memory goes with what is asked for, not with the file.

    Examples
    --------
    >>> recording.bits[1_000_000:2_000_000].mean()  # doctest: +SKIP
    0.500312
    >>> len(recording.bits), recording.bits[-1]  # doctest: +SKIP
    (5000000, 1)
    """

    @property
    def packed(self) -> PackedBits:
        """The bytes they lie in."""
        return PackedBits(self._reader)

    def __len__(self) -> int:
        return self._reader.committed

    def __repr__(self) -> str:
        return f"<{len(self):,} bits; read with [start:stop]>"

    def _read(self, start: int, stop: int) -> NDArray[np.uint8]:
        packed = self._reader.read_packed(start, stop)
        return np.unpackbits(packed, count=start % 8 + stop - start)[start % 8 :]


class RecordedResistances(_LazyArray):
    """The resistance read with each bit [Ω], float32."""

    dtype: np.dtype[Any] = np.dtype(np.float32)

    def __len__(self) -> int:
        return self._reader.committed

    def __repr__(self) -> str:
        return f"<{len(self):,} resistances [Ω]; read with [start:stop]>"

    def _read(self, start: int, stop: int) -> NDArray[np.float32]:
        return self._reader.read_resistances(start, stop)
