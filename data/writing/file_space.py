"""Room on the disk, made sure of before HDF5 counts on it."""

from __future__ import annotations

import errno
import os

import h5py

__all__ = ["descriptor_of", "reserve_space", "release_space"]

_SPARE = 2**20 + 2**16  # a block of metadata may be due at the same moment


def descriptor_of(file: h5py.File) -> int | None:
    """Return by what the operating system knows the open file; None where one cannot write by it (Windows).

    HDF5 copies all properties of the file to answer: ask once, not for every chunk.
    """
    return int(file.id.get_vfd_handle()) if file.driver == "sec2" and hasattr(os, "pwrite") else None


def reserve_space(file: h5py.File, descriptor: int | None, size: int) -> None:
    """Make the file, of this descriptor, long enough for `size` bytes more and some, so that a full disk is met here.

    HDF5 itself would raise after it has moved the end it notes in the superblock; that end reaches the file on closing,
    lies behind the real one, and the file never opens again.

    Raises
    ------
    OSError
        If the disk is full or a quota or limit is reached; the file is then as it was.
    """
    if descriptor is None:
        return
    end = os.fstat(descriptor).st_size
    missing = file.id.get_filesize() + size + _SPARE - end
    if missing <= 0:
        return
    try:
        _allocate(descriptor, end, missing)
    except OSError:
        os.ftruncate(descriptor, end)
        raise


def _allocate(descriptor: int, end: int, missing: int) -> None:
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, end, missing)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.ENODEV):
                raise
        else:
            return
    # A file system that can promise no room is made to give it: a hundred times slower.
    zeros = memoryview(bytes(missing))
    written = 0
    while written < missing:
        written += os.pwrite(descriptor, zeros[written:], end + written)


def release_space(file: h5py.File) -> None:
    """Flush, and give back what was reserved and not used."""
    file.flush()
    descriptor = descriptor_of(file)
    if descriptor is not None:
        os.ftruncate(descriptor, file.id.get_filesize())
