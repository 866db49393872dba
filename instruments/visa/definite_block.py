"""The blocks of bytes of IEEE 488.2, taken as they come."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.instrument_error import OutOfStepError

__all__ = ["read_block", "read_float_block"]

LONGEST_HEADER = 16
"""Characters that an instrument may put before a block, such as ``DESC,``."""


def read_block(receive: Callable[[int], bytes]) -> bytes:
    """Read a block of whatever length it says, and the end of the line after it.

    Line ends before it are those that an earlier block left: some instruments end a block with two.

    Parameters
    ----------
    receive
        Waits for a number of bytes and returns them.

    Returns
    -------
    bytes
        The bytes of the block.

    Raises
    ------
    OutOfStepError
        If what comes is not such a block.

    Notes
    -----
    IEEE 488.2-1992, section 8.7.9: ``#``, the number of digits, the length in bytes, the bytes.
    """
    before = b""
    while (byte := receive(1)) != b"#":
        before += byte
        if (byte == b"\n" and before.strip()) or len(before) > LONGEST_HEADER:
            raise OutOfStepError(f"{before!r} came instead of a block")
    digits = receive(1)
    length = receive(int(digits)) if digits.isdigit() and digits != b"0" else b""
    if not length.isdigit():
        raise OutOfStepError(f"{b'#' + digits + length!r} came instead of the length of a block")
    body = receive(int(length) + 1)
    end = body[-1:] if body[-1:] != b"\r" else receive(1)
    if end != b"\n":
        raise OutOfStepError(f"a block of {int(length)} bytes does not end where it should")
    return body[:-1]


def read_float_block(receive: Callable[[int], bytes], count: int) -> NDArray[np.float64]:
    """Read a block of little-endian 32-bit floats and the newline after it.

    Parameters
    ----------
    receive
        Waits for a number of bytes and returns them.
    count
        Number of readings.

    Raises
    ------
    OutOfStepError
        If what comes is not such a block, or one of another length.

    Notes
    -----
    Keithley's instruments send a block of indefinite length: ``#0``, the bytes, a newline (2400 series user's manual,
    p. 18-48 to 18-50; 2450 reference manual, p. 6-30; IEEE 488.2-1992, section 8.7.10).  It says nothing of its length
    and may hold newlines, so that its end is known from the number of readings that were asked for.  A block of
    definite length, as others send it, is taken too if it has that length.
    """
    head = receive(2)
    if head[:1] != b"#" or not head[1:].isdigit():
        raise OutOfStepError(f"{head!r} came instead of a block of {count} readings")
    if digits := int(head[1:]):
        length = receive(digits)
        if not length.isdigit() or int(length) != 4 * count:
            raise OutOfStepError(f"{head + length!r} came instead of the head of a block of {count} readings")
    body = receive(4 * count + 1)
    if body[-1:] != b"\n":
        raise OutOfStepError(f"a block of {count} readings does not end where it should")
    return np.frombuffer(body, "<f4", count).astype(np.float64)
