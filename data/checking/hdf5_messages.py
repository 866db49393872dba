"""Messages of HDF5 object headers, as far as recordings have them: what each says, if it is sound."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

__all__ = ["Strange", "need", "dataspace", "datatype", "attribute", "fill_value"]

_LARGEST_ATTRIBUTE = 2**16
_LARGEST_ELEMENT = 2**16


class Strange(Exception):  # noqa: N818 - it is no error: a strange file may be a good one
    """What of a file is not as mtjlab writes it."""


def need(true: bool, strange: str) -> None:
    """Raise `Strange` unless something holds."""
    if not true:
        raise Strange(strange)


def dataspace(data: bytes) -> tuple[int, bool]:
    """Return the number of elements, and whether it is that of one dimension without end."""
    version, rank, flags = data[:3]
    if (version, rank, data[3]) == (2, 0, 2):  # of nothing: a parameter that is not set
        return 0, False
    need(version == 1 and rank <= 4 and flags in (0, 1), "a dataspace is of another version")
    dimensions = struct.unpack_from(f"<{rank}Q", data, 8)
    largest = struct.unpack_from(f"<{rank}Q", data, 8 + 8 * rank) if flags else dimensions
    need(all(d <= m and d < 2**62 for d, m in zip(dimensions, largest, strict=True)), "a dimension exceeds its limit")
    return math.prod(dimensions), rank == 1 and largest == (2**64 - 1,)


def datatype(data: bytes, depth: int = 0) -> tuple[int, int, bool]:
    """Return the size of an element, the bytes that the message takes, and whether elements lie in a heap."""
    version, kind, size = data[0] >> 4, data[0] & 0x0F, struct.unpack_from("<I", data, 4)[0]
    need(version in (1, 2, 3) and depth < 4, "a type is of another version")
    need(0 < size <= _LARGEST_ELEMENT, "a type is too large")
    if kind == 0:  # an integer
        need(size in (1, 2, 4, 8) and struct.unpack_from("<HH", data, 8) == (0, 8 * size), "an integer is odd")
        return size, 12, False
    if kind == 1:  # a floating-point number: offset, precision, then places and sizes of exponent and mantissa
        offset, precision, exponent, exponents, mantissa, mantissas = struct.unpack_from("<HHBBBB", data, 8)
        need(size in (2, 4, 8, 16) and (offset, precision) == (0, 8 * size), "a number is odd")
        need(exponent + exponents <= precision and mantissa + mantissas <= precision, "a number is odd")
        return size, 20, False
    if kind in (3, 7):  # text of fixed length; a reference to an object
        need(kind == 3 or (size == 8 and data[1] & 0x0F == 0), "a reference is not one to an object")
        need(kind == 7 or (data[1] & 0x0F < 3 and data[1] >> 4 < 2), "a text is in no encoding")
        return size, 8, False
    if kind == 6:
        return size, _compound(data, version, size, depth), False
    if kind == 8:
        return size, _enumeration(data, version, size, depth), False
    if kind == 9:  # references of variable number: the heap's address and a number
        need(size == 16 and data[1] & 0x0F == 0, "a text has variable length")
        base, taken, nested = datatype(data[8:], depth + 1)
        need(base == 8 and not nested, "a list in a heap is not one of references")
        return size, 8 + taken, True
    raise Strange(f"a type is of class {kind}")


def _name(data: bytes, at: int, version: int) -> int:
    """Return where the name at `at` ends; until version 3 it is padded to eight bytes."""
    length = data.index(b"\0", at) + 1 - at
    return at + (length if version == 3 else -(-length // 8) * 8)


def _compound(data: bytes, version: int, size: int, depth: int) -> int:
    at, end = 8, 0
    for _ in range(struct.unpack_from("<H", data, 1)[0]):
        at = _name(data, at, version)
        if version == 3:
            width = (size.bit_length() + 7) // 8
            offset = int.from_bytes(data[at : at + width], "little")
            at += width
        else:
            (offset,) = struct.unpack_from("<I", data, at)
            if version == 1:
                need(data[at + 4] == 0, "a field has dimensions")
            at += 32 if version == 1 else 4
        member, taken, nested = datatype(data[at:], depth + 1)
        need(not nested and end <= offset and offset + member <= size, "fields overlap")
        at, end = at + taken, offset + member
    need(end > 0, "a row has no fields")
    return at


def _enumeration(data: bytes, version: int, size: int, depth: int) -> int:
    base, taken, nested = datatype(data[8:], depth + 1)
    members: int = struct.unpack_from("<H", data, 1)[0]
    need(base == size and not nested and 0 < members < 256, "an enumeration is odd")
    at = 8 + taken
    for _ in range(members):
        at = _name(data, at, version)
    need(at + members * base <= len(data), "an enumeration is cut short")
    return at + members * base


def attribute(data: bytes, in_heap: Callable[[int, int, int], None]) -> None:
    """Check an attribute; `in_heap` checks what it has in a heap, by address, number and length."""
    version, _, name, type_size, space_size = struct.unpack_from("<BBHHH", data)
    need(version in (1, 3) and data[1] == 0, "an attribute is of another version")

    def padded(length: int) -> int:
        return -(-length // 8) * 8 if version == 1 else length

    at = 8 if version == 1 else 9
    need(name > 0 and at + name <= len(data) and data[at + name - 1] == 0, "an attribute has no name")
    at += padded(name)
    element, taken, nested = datatype(data[at : at + type_size])
    need(taken <= type_size, "an attribute's type is cut short")
    at += padded(type_size)
    space = data[at : at + space_size]
    elements = dataspace(space)[0]
    at += padded(space_size)
    need(elements * element <= _LARGEST_ATTRIBUTE and at + elements * element <= len(data), "an attribute is cut short")
    if nested:
        for number in range(elements):
            length, address, index = struct.unpack_from("<IQI", data, at + 16 * number)
            in_heap(address, index, 8 * length)


def fill_value(kind: int, data: bytes, element: int) -> None:
    """Check the value that fills what was not written: an old message (4) or a newer one (5)."""
    if kind == 4:
        (size,) = struct.unpack_from("<I", data)
        need(size in (0, element) and 4 + size <= len(data), "a fill value is of another size")
        return
    version, defined = data[0], data[3]
    need(version in (1, 2), "a fill value is of another version")
    if defined or version == 1:
        (size,) = struct.unpack_from("<I", data, 4)
        need(size in (0, element, 2**32 - 1) and (size == 2**32 - 1 or 8 + size <= len(data)), "a fill value is odd")
