"""Room on the disk, made sure of before HDF5 counts on it."""

from __future__ import annotations

import os

import h5py

__all__ = ["reserve_space"]

_SPARE = 2**20 + 2**16  # a block of metadata may be due at the same moment


def reserve_space(file: h5py.File, size: int) -> None:
    """Make the file longer by `size` bytes and some, so that a full disk is met here.

    HDF5 itself would raise after it has moved the end it notes in the superblock; that end reaches the file on closing,
    lies behind the real one, and the file never opens again. What is reserved too much goes with the next flush.

    Raises
    ------
    OSError
        If the disk is full or a quota or limit is reached; the file is then as it was.
    """
    if file.driver != "sec2" or not hasattr(os, "pwrite"):  # no descriptor to write through
        return
    descriptor = file.id.get_vfd_handle()
    end = os.fstat(descriptor).st_size
    zeros = memoryview(bytes(size + _SPARE))
    try:
        written = 0
        while written < len(zeros):
            written += os.pwrite(descriptor, zeros[written:], end + written)
    except OSError:
        os.ftruncate(descriptor, end)
        raise
