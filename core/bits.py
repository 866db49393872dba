"""Bits as one value: packed, eight a byte, from the instrument's file to the pixel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np

from mtjlab.core.errors import InputError
from mtjlab.core.packed_bits import align_bits, checked_bits, count_ones, pack_bits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["Bits"]

_WORDS = (8, 16, 32, 64)
_SHOWN = 32


class Bits:
    """Bits that never change, eight a byte, the first in the most significant position, as they lie in a recording.

    They take an eighth of an array of 0 and 1. Whatever takes such an array takes these too: numpy unpacks them.

    Parameters
    ----------
    bits
        0 and 1, one-dimensional, integers or booleans.

    Raises
    ------
    InputError
        If the array has another shape or type, or holds anything but 0 and 1.

    Examples
    --------
    >>> bits = Bits([1, 0, 1, 1, 1])
    >>> len(bits), bits.ones(), bits[1:4], bits[-1]
    (5, 4, <3 bits: 011>, 1)
    >>> (bits + bits).words(8)
    array([189], dtype=uint8)
    """

    __slots__ = ("_count", "_packed")

    def __init__(self, bits: ArrayLike = ()) -> None:
        checked = checked_bits(bits)
        self._hold(pack_bits(checked), checked.size)

    @classmethod
    def of(cls, bits: ArrayLike | Bits) -> Bits:
        """Pack an array of 0 and 1; leave what is packed as it is.

        Parameters
        ----------
        bits
            0 and 1, shape (N,), or `Bits`.

        Returns
        -------
        Bits
            The bits.

        Raises
        ------
        InputError
            If the array has another shape or type, or holds anything but 0 and 1.
        """
        return bits if isinstance(bits, Bits) else cls(bits)

    @classmethod
    def packed(cls, packed: bytes | bytearray | memoryview | NDArray[np.uint8], count: int | None = None) -> Self:
        r"""Take bits that are packed already.

        Parameters
        ----------
        packed
            Bytes, the first bit in the most significant position; an array is uint8, one-dimensional. What can be
            written to is copied, so that the bits do not change; what cannot is not.
        count
            Number of bits; by default all.

        Returns
        -------
        Bits
            The first `count` of them.

        Raises
        ------
        InputError
            If the array is not of bytes, or holds fewer bits.

        Examples
        --------
        >>> Bits.packed(b"\xb8", 5)
        <5 bits: 10111>
        """
        given = packed if isinstance(packed, np.ndarray) else np.frombuffer(packed, np.uint8)
        if given.ndim != 1 or given.dtype != np.uint8:
            raise InputError(
                f"packed bits have shape {given.shape} and type {given.dtype}; give a one-dimensional uint8 array"
            )
        number = 8 * given.size if count is None else count
        if not 0 <= number <= 8 * given.size:
            raise InputError(f"count = {number:,}: expected 0 to {8 * given.size:,}, the bits in the bytes given")
        kept = given.copy() if given.flags.writeable else np.ascontiguousarray(given)
        return cls._from(kept, number)

    @classmethod
    def joined(cls, parts: Iterable[ArrayLike | Bits]) -> Self:
        """Put bits one after the other.

        Parameters
        ----------
        parts
            `Bits`, or arrays of 0 and 1.

        Returns
        -------
        Bits
            All of them, in this order.

        Raises
        ------
        InputError
            If an array holds anything but 0 and 1.
        """
        whole = [cls.of(part) for part in parts]
        joined = np.zeros((sum(map(len, whole)) + 7) // 8, np.uint8)
        count = 0
        for part in whole:
            byte, skip = divmod(count, 8)
            packed = part._packed
            joined[byte : byte + packed.size] |= packed >> skip
            if skip:
                following = joined[byte + 1 : byte + 1 + packed.size]
                following |= packed[: following.size] << (8 - skip)
            count += len(part)
        return cls._from(joined, count)

    @classmethod
    def _from(cls, packed: NDArray[np.uint8], count: int) -> Self:
        """Hold bytes that nobody else writes to."""
        bits = cls.__new__(cls)
        bits._hold(packed, count)
        return bits

    def _hold(self, packed: NDArray[np.uint8], count: int) -> None:
        # The bits after the last are zero, always: equality, checksums and counts of ones then need no mask.
        packed = packed[: (count + 7) // 8]
        if count % 8 and packed[-1] & (0xFF >> count % 8):
            packed = align_bits(packed, 0, count)
        self._packed = packed.view()
        self._packed.flags.writeable = False
        self._count = count

    @property
    def count(self) -> int:
        """Number of bits."""
        return self._count

    @property
    def size(self) -> int:
        """Number of bits, as numpy says it."""
        return self._count

    @property
    def shape(self) -> tuple[int]:
        """Number of bits, as numpy says it."""
        return (self._count,)

    @property
    def ndim(self) -> int:
        """Number of dimensions: 1."""
        return 1

    @property
    def dtype(self) -> np.dtype[np.uint8]:
        """Type of a bit when it is unpacked."""
        return np.dtype(np.uint8)

    @property
    def packed_bytes(self) -> NDArray[np.uint8]:
        """The bytes, read-only; the bits of the last byte after the last bit are zero."""
        return self._packed

    def unpacked(self) -> NDArray[np.uint8]:
        """Return the bits one a byte: uint8, 0 and 1, shape (N,); a new array."""
        return np.unpackbits(self._packed, count=self._count)

    def words(self, width: int = 16) -> NDArray[np.unsignedinteger[Any]]:
        r"""Return the bits as words, the first bit of each the most significant; nothing is copied.

        Parameters
        ----------
        width
            Bits a word: 8, 16, 32 or 64.

        Returns
        -------
        NDArray
            Big-endian unsigned integers, read-only, shape (N // width,); bits that fill no word are left out.

        Raises
        ------
        InputError
            If there are no words of that width.

        Examples
        --------
        >>> Bits.packed(b"\x01\x02\x03").words(16).tolist()
        [258]
        """
        if width not in _WORDS:
            raise InputError(f"words of {width} bits: expected one of {', '.join(map(str, _WORDS))}")
        each = width // 8
        words: NDArray[np.unsignedinteger[Any]] = self._packed[: self._count // width * each].view(f">u{each}")
        return words

    def ones(self) -> int:
        """Return how many bits are one; a million take 15 microseconds."""
        return count_ones(self._packed)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, key: int) -> int: ...

    @overload
    def __getitem__(self, key: slice) -> Bits: ...

    def __getitem__(self, key: int | slice) -> int | Bits:
        if isinstance(key, slice):
            start, stop, step = key.indices(self._count)
            return self._between(start, max(start, stop)) if step == 1 else type(self)(self.unpacked()[key])
        try:
            index = key.__index__()
        except AttributeError:
            raise TypeError(f"index {key!r:.60} is neither an integer nor a slice; unpack the bits first") from None
        if not -self._count <= index < self._count:
            raise IndexError(f"index {index} is not there; choose within {-self._count} to {self._count - 1}")
        byte, place = divmod(index % self._count, 8)
        return int(self._packed[byte]) >> (7 - place) & 1

    def _between(self, start: int, stop: int) -> Bits:
        byte, skip = divmod(start, 8)
        count = stop - start
        around = self._packed[byte : byte + (skip + count + 7) // 8]
        return self._from(align_bits(around, skip, count) if skip else around, count)

    def __iter__(self) -> Iterator[int]:
        return iter(self.unpacked().tolist())

    def __add__(self, other: ArrayLike | Bits) -> Bits:
        return type(self).joined((self, other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Bits):
            return NotImplemented
        return self._count == other._count and np.array_equal(self._packed, other._packed)

    def __hash__(self) -> int:
        return hash((self._count, self._packed.tobytes()))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise InputError("the bits are packed: an array of them is always a copy")
        unpacked: NDArray[Any] = self.unpacked()
        return unpacked if dtype is None else unpacked.astype(dtype, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).packed, (self._packed.tobytes(), self._count)

    def __repr__(self) -> str:
        shown = "".join(map(str, self[:_SHOWN])) + ("…" if self._count > _SHOWN else "")
        return f"<{self._count:,} bit{'' if self._count == 1 else 's'}{shown and ': ' + shown}>"
