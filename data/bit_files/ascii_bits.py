"""Bits written as the characters 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["ascii_bits", "strange_character", "WHITE_SPACE", "DIGITS"]

WHITE_SPACE = np.frombuffer(b" \t\n\r\v\f", np.uint8)
"""What may stand between the digits."""

DIGITS = np.frombuffer(b"01", np.uint8)
"""What a bit is written with."""


def ascii_bits(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    r"""Return the bits of a text, without its white space.

    Parameters
    ----------
    data
        Bytes of the text, shape (N,).

    Raises
    ------
    ValueError
        If there is another character; the message says which and where.

    Examples
    --------
    >>> ascii_bits(np.frombuffer(b"01 1\n0", np.uint8))
    array([0, 1, 1, 0], dtype=uint8)
    """
    strange = strange_character(data)
    if strange:
        raise InputError(f"{strange}; ASCII bits are 0 and 1 with white space between: correct or convert it")
    bits: NDArray[np.uint8] = data[np.isin(data, DIGITS)] - DIGITS[0]
    return bits


def strange_character(data: NDArray[np.uint8]) -> str:
    """Say what and where the first byte is that is neither 0 or 1 nor white space; nothing if there is none."""
    strange = ~np.isin(data, np.append(WHITE_SPACE, DIGITS))
    if not strange.any():
        return ""
    where = int(strange.argmax())
    code = int(data[where])
    what = repr(chr(code)) if 0x20 <= code < 0x7F else f"byte {code}"
    before = data[:where].tobytes()
    return f"has {what} in line {before.count(10) + 1}, column {where - before.rfind(10)}"
