"""Room on the disk, made sure of before HDF5 counts on it."""

from __future__ import annotations

import errno
import os

import h5py

__all__ = ["FileSpace"]

_SPARE = 2**20 + 2**16  # a block of metadata may be due at the same moment


class FileSpace:
    """The room that an open file has, and by what the operating system knows it.

    Parameters
    ----------
    file
        The file, open for writing.
    """

    def __init__(self, file: h5py.File) -> None:
        self.file = file
        """The file."""
        self.descriptor = _descriptor_of(file)
        """By what the operating system knows it; None where one cannot write by it (Windows)."""
        self.chunks_placed = 0
        """Chunks whose places in the file were learned."""
        self.has_grown = False
        """Whether it was made longer; whoever asks takes it back."""
        self._seen = 0
        self._was_cut = False

    def reserve(self, size: int) -> None:
        """Make the file long enough for `size` bytes more and some, so that a full disk is met here.

        HDF5 itself would raise after it has moved the end it notes in the superblock; that end reaches the file on
        closing, lies behind the real one, and the file never opens again.

        Parameters
        ----------
        size
            Bytes of the chunks that are to come.

        Raises
        ------
        OSError
            If the disk is full or a quota or limit is reached; the file is then as it was.
        """
        if self.descriptor is None:
            return
        end = os.fstat(self.descriptor).st_size
        self._was_cut |= end < self._least()  # made longer, it would hide that
        missing = self.file.id.get_filesize() + size + _SPARE - end
        if missing <= 0:
            return
        try:
            _allocate(self.descriptor, end, missing)
        except OSError:
            os.ftruncate(self.descriptor, end)
            raise
        self._seen = end + missing
        self.has_grown = True

    def look(self) -> bool:
        """Take note of how long the file is; return whether another program has cut it, now or at any time before."""
        if self.descriptor is not None:
            size = os.fstat(self.descriptor).st_size
            self._was_cut |= size < self._least()
            self._seen = size
        return self._was_cut

    def _least(self) -> int:
        """Return how long the file is at least: as long as it was, but for room that HDF5 gave back when it flushed."""
        return min(self._seen, int(self.file.id.get_filesize()))

    def release(self) -> None:
        """Flush, and give back what was reserved and not used."""
        self.file.flush()
        if self.descriptor is not None:
            os.ftruncate(self.descriptor, self.file.id.get_filesize())


def _descriptor_of(file: h5py.File) -> int | None:
    # HDF5 copies all properties of the file to answer: asked once a file, not for every chunk.
    return int(file.id.get_vfd_handle()) if file.driver == "sec2" and hasattr(os, "pwrite") else None


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
