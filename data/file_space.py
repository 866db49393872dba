"""Room on the disk, made sure of before HDF5 counts on it."""

from __future__ import annotations

import os

import h5py

__all__ = ["reserve_space", "release_space"]

_SPARE = 2**20 + 2**16  # a block of metadata may be due at the same moment


def reserve_space(file: h5py.File, size: int) -> None:
    """Make the file long enough for `size` bytes more and some, so that a full disk is met here.

    HDF5 itself would raise after it has moved the end it notes in the superblock; that end reaches the file on closing,
    lies behind the real one, and the file never opens again.

    Raises
    ------
    OSError
        If the disk is full or a quota or limit is reached; the file is then as it was.
    """
    if not _has_descriptor(file):
        return
    descriptor = file.id.get_vfd_handle()
    end = os.fstat(descriptor).st_size
    zeros = memoryview(bytes(max(0, file.id.get_filesize() + size + _SPARE - end)))
    try:
        written = 0
        while written < len(zeros):
            written += os.pwrite(descriptor, zeros[written:], end + written)
    except OSError:
        os.ftruncate(descriptor, end)
        raise


def release_space(file: h5py.File) -> None:
    """Flush, and give back what was reserved and not used."""
    file.flush()
    if _has_descriptor(file):
        os.ftruncate(file.id.get_vfd_handle(), file.id.get_filesize())


def _has_descriptor(file: h5py.File) -> bool:
    return file.driver == "sec2" and hasattr(os, "pwrite")
