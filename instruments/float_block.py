"""A definite-length block of readings, taken byte by byte as IEEE 488.2 defines it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.connection_error import OutOfStepError

__all__ = ["read_float_block"]


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
        If what comes is not such a block.

    Notes
    -----
    IEEE 488.2-1992, section 8.7.9: ``#``, the number of digits, the length in bytes, the bytes.
    """
    size = str(4 * count)
    head = f"#{len(size)}{size}".encode()
    start = receive(len(head))
    if start != head:
        raise OutOfStepError(f"{start[:20]!r} came instead of a block of {count} readings")
    body = receive(4 * count + 1)
    if body[-1:] != b"\n":
        raise OutOfStepError(f"a block of {count} readings does not end where it should")
    return np.frombuffer(body, "<f4", count).astype(np.float64)
