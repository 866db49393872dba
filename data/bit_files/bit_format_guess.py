"""What a file of bits is, by its bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.data.bit_files.ascii_bits import DIGITS, WHITE_SPACE, strange_character
from mtjlab.data.bit_files.bit_format import BitFormat
from mtjlab.data.bit_files.byte_counts import byte_counts
from mtjlab.data.bit_files.marked_text import is_marked_text

__all__ = ["guess_bit_format", "integer_width", "HDF5_SIGNATURE"]

LEAST_TOLD = 64
"""Bytes from which integers are told from symbols."""

_ORDINAL = {2: "second", 4: "fourth", 8: "eighth"}

PRINTABLE = np.append(WHITE_SPACE, np.arange(0x20, 0x7F, dtype=np.uint8))

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""First bytes of an HDF5 file, and so of a recording."""

# Compressed bytes pass for random ones: a verdict on them would be one on the compressor.
FOREIGN = {
    b"\x1f\x8b\x08": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"PK\x03\x04": "a zip file",
    b"7z\xbc\xaf\x27\x1c": "a 7z file",
    b"\x89PNG\r\n\x1a\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"%PDF-": "a PDF document",
    b"\x93NUMPY": "a numpy file",
}


def guess_bit_format(data: NDArray[np.uint8]) -> BitFormat:
    """Tell how bits lie in a file, where its bytes leave no doubt.

    Parameters
    ----------
    data
        All bytes of the file, at least one.

    Raises
    ------
    ValueError
        If there is doubt; the message says why and lists the formats.
    """
    head = data[:8].tobytes()
    if head == HDF5_SIGNATURE:
        return BitFormat.RECORDING
    for signature, what in FOREIGN.items():
        if head.startswith(signature):
            raise InputError(f"begins like {what}; {_choice('unpack or export it first')}", argument="format")
    counts = byte_counts(data)
    blank, digits = counts[WHITE_SPACE].sum(), counts[DIGITS].sum()
    if blank == data.size:
        raise InputError("is white space only: there is no bit in it")
    if blank + digits == data.size:
        return BitFormat.ASCII
    if is_marked_text(data):
        return BitFormat.ASCII
    if counts[:2].sum() == data.size:
        width = integer_width(data)
        if width > 1:
            raise InputError(
                f"looks like {8 * width}-bit integers, of which only every {_ORDINAL[width]} byte is not zero; "
                + _choice("write one byte a bit (astype(numpy.uint8).tofile)"),
                argument="format",
            )
        return BitFormat.SYMBOLS
    if counts[PRINTABLE].sum() == data.size:
        raise InputError(
            f"is text, but {strange_character(data)}; {_choice('leave only 0, 1 and white space')}", argument="format"
        )
    if _fills_bytes(counts, data.size):
        return BitFormat.PACKED
    largest = int(np.flatnonzero(counts)[-1])
    raise InputError(
        f"may hold symbols or packed bits, its {np.count_nonzero(counts)} different bytes go up to {largest}; "
        f"{_choice()}",
        argument="format",
    )


def integer_width(data: NDArray[np.uint8]) -> int:
    """Tell integers of 2, 4 or 8 bytes that are 0 or 1 from symbols of one byte.

    Parameters
    ----------
    data
        Bytes, each 0 or 1.

    Returns
    -------
    int
        Bytes of an integer; 1 for symbols. Of n fair symbols the bytes at all but one place of each group are zero with
        a chance of 2^(-n/2) at most: below 64 bytes nothing is told.
    """
    for width in (8, 4, 2):
        if data.size < LEAST_TOLD:
            break
        groups = data[: data.size // width * width].reshape(-1, width)
        if groups.any() and np.count_nonzero(groups.any(axis=0)) == 1:
            return width
    return 1


def _fills_bytes(counts: NDArray[np.int64], size: int) -> bool:
    """Whether at least half as many bytes occur as among fair bits, the upper half of them included."""
    # Of 256 values, a fair one is missed with (1 - 1/256)^size.
    fair = 256 * (1 - (1 - 1 / 256) ** size)
    return bool(counts[128:].any() and np.count_nonzero(counts) >= fair / 2)


def _choice(first: str = "") -> str:
    remedy = f"name the format: {', '.join(BitFormat)}"
    return f"{first}, or {remedy}" if first else remedy
