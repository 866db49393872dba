"""Bits out of a file of packed ones."""

from __future__ import annotations

import threading
import weakref
from typing import IO

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError, align_bits

__all__ = ["PackedBytes"]


class PackedBytes:
    """Any stretch of the bits of a file, eight a byte; for several threads at a time.

    Parameters
    ----------
    file
        The file, opened for reading bytes; it is closed when the last sequence that reads it is gone.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        weakref.finalize(self, file.close)
        self._lock = threading.Lock()

    def read(self, first: int, count: int) -> NDArray[np.uint8]:
        """Return `count` bits from bit `first` on, packed; what the last byte holds beyond them is not said.

        Raises
        ------
        ValueError
            If the file has fewer: it has been cut since it was looked at.
        """
        byte, skip = divmod(first, 8)
        size = (skip + count + 7) // 8
        with self._lock:
            self._file.seek(byte)
            data = np.frombuffer(self._file.read(size), np.uint8)
        if data.size < size:
            raise InputError(f"the file now ends after byte {byte + data.size:,}; leave it as it is while it is tested")
        return align_bits(data, skip, count) if skip else data
