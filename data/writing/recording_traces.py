"""What tells that a file still holds what was written into it: another program may have cut it."""

from __future__ import annotations

import os
from stat import S_ISREG

import h5py

from mtjlab.data.writing.file_space import descriptor_of

__all__ = ["Traces"]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class Traces:
    """The length of a file, its first bytes and the last that were committed.

    A file never gets shorter under its writer. One that another program has cut gets longer again with the next
    write, with zeros in between: so the last committed bytes are compared, too.

    Parameters
    ----------
    file
        The file, open for writing.
    """

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._descriptor = descriptor_of(file)
        self._size = 0
        self._last: tuple[int, bytes] | None = None
        self.take(None)

    def take(self, place: tuple[int, int] | None) -> None:
        """Take note of the file as it is now, and of committed bytes: the first and their number."""
        if self._descriptor is None:
            return
        # Room that was reserved beyond HDF5's own end is given back now and then.
        self._size = min(os.fstat(self._descriptor).st_size, self._file.id.get_filesize())
        self._last = None
        if place is not None:
            self._last = place[0], os.pread(self._descriptor, place[1], place[0])

    def are_there(self) -> bool:
        """Tell whether all of it still is there; True where the file cannot be asked."""
        if self._descriptor is None:
            return True
        try:
            stat = os.fstat(self._descriptor)
            if not S_ISREG(stat.st_mode):
                return True
            if stat.st_size < self._size:
                return False
            if os.pread(self._descriptor, len(_SIGNATURE), 0) != _SIGNATURE:
                return False
            return self._last is None or os.pread(self._descriptor, len(self._last[1]), self._last[0]) == self._last[1]
        except OSError:  # a drive that does not answer: writing will say
            return True
