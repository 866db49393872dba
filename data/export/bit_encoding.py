"""Packed bits as other programs read them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.data.export.export_format import ExportFormat

__all__ = ["WORD_BITS", "PIECE", "bit_header", "encode_bits"]

WORD_BITS = {
    ExportFormat.PACKED: 8,
    ExportFormat.ASCII: 1,
    ExportFormat.DIEHARDER: 32,
    ExportFormat.DIEHARDER_RAW: 32,
    ExportFormat.PRACTRAND: 8,
}
"""Bits in the least that a format can hold. Bits that fill none are left out: made-up ones would be tested too."""

_LINE = 100
"""Bits a line of ASCII."""

PIECE = 8_000_000
"""Bits encoded at a time: whole words of every format, and whole lines."""

_REVERSED = np.packbits(np.unpackbits(np.arange(256, dtype=np.uint8)).reshape(256, 8)[:, ::-1]).ravel()
"""Each byte with its bits in the opposite order."""


def bit_header(format_: ExportFormat, count: int, origin: str) -> bytes:
    """Return what a file of `count` bits begins with; `origin` says where they come from, in one line.

    Parameters
    ----------
    format_
        A format of bits.
    count
        How many bits the file has.
    origin
        Where they come from, in one line.
    """
    if format_ is not ExportFormat.DIEHARDER:
        return b""
    rule = "#" + "=" * 66
    comment = " ".join(origin.split())
    # dieharder reads this header with fixed line buffers.
    return (f"{rule}\n# generator {comment:.60}\n{rule}\ntype: d\ncount: {count // 32}\nnumbit: 32\n").encode(
        "ascii", "replace"
    )


def encode_bits(format_: ExportFormat, packed: NDArray[np.uint8], count: int) -> bytes:
    r"""Return bits as a format has them.

    Parameters
    ----------
    format_
        A format of bits.
    packed
        The bits, eight a byte, the first in the most significant position.
    count
        How many: whole words of the format.

    Raises
    ------
    InputError
        If the format holds a table.

    Examples
    --------
    >>> bits = np.packbits([1, 0, 0, 0, 0, 0, 0, 0])
    >>> encode_bits(ExportFormat.PACKED, bits, 8), encode_bits(ExportFormat.PRACTRAND, bits, 8)
    (b'\x80', b'\x01')
    """
    match format_:
        case ExportFormat.PACKED:
            return packed.tobytes()
        case ExportFormat.PRACTRAND:
            return _REVERSED[packed].tobytes()
        case ExportFormat.DIEHARDER_RAW:
            return packed.view(">u4").astype("<u4").tobytes()
        case ExportFormat.DIEHARDER:
            return "".join(f"{word:>10}\n" for word in packed.view(">u4").tolist()).encode()
        case ExportFormat.ASCII:
            return _lines(np.unpackbits(packed, count=count))
    raise InputError(f"format {format_} holds a table, not bits alone; use export_table")


def _lines(bits: NDArray[np.uint8]) -> bytes:
    whole = len(bits) // _LINE * _LINE
    lines = np.full((whole // _LINE, _LINE + 1), ord("\n"), np.uint8)
    lines[:, :-1] = bits[:whole].reshape(-1, _LINE) + ord("0")
    rest = (bits[whole:] + ord("0")).tobytes()
    return lines.tobytes() + (rest + b"\n" if rest else b"")
