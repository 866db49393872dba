"""A file that another process is writing, held still while HDF5 reads it.

HDF5 refuses such a file, and with its lock switched off it may read an index while that is being written and take
rows for zeros. A recording keeps all that its writer changes in place (counters, lengths, indices) in its first bytes,
and writes them after the data they speak of. So those bytes are copied once, when two reads of them agree: the copy is
the file as it was between two writes, which every recording can be read at. The rest is read from the file: what is
committed there does not change.
"""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

from mtjlab.data.recording_error import RecordingError

__all__ = ["LiveFile"]

_HELD = 2**18
"""Bytes that are held still: superblock, and headers and indices of some eighty growing datasets."""

_PATIENCE = 2.0
"""Time [s] in which the writer must leave those bytes alone once for as long as reading them takes."""


class LiveFile(io.RawIOBase):
    """Give h5py's file-object driver a file whose first bytes stand still.

    Parameters
    ----------
    path
        A recording.

    Raises
    ------
    RecordingError
        If the first bytes never stand still.
    OSError
        If the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = io.FileIO(path, "r")
        try:
            self._head = self._still(path)
        except BaseException:
            self._file.close()
            raise
        self._at = 0

    def _still(self, path: Path) -> bytes:
        deadline = time.monotonic() + _PATIENCE
        last: bytes | None = None
        while True:
            self._file.seek(0)
            head: bytes = self._file.read(_HELD)
            if head == last:
                return head
            last = head
            if time.monotonic() > deadline:
                raise RecordingError(path, "is changing faster than it can be read", "try again")

    @property
    def size(self) -> int:
        """Length of the file now [bytes]."""
        return os.fstat(self._file.fileno()).st_size

    def read_at(self, start: int, length: int) -> bytes:
        """Return so many bytes from a place; fewer at the end of the file."""
        buffer = bytearray(length)
        self._at = start
        return bytes(buffer[: self.readinto(buffer)])

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it has places: yes."""
        return True

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read as many bytes as the file has from here."""
        view = memoryview(buffer).cast("B")
        done = 0
        if self._at < len(self._head):
            held = self._head[self._at : self._at + len(view)]
            view[: len(held)] = held
            done = len(held)
        if done < len(view):
            self._file.seek(self._at + done)
            while done < len(view):
                count = self._file.readinto(view[done:])
                if not count:
                    break
                done += count
        self._at += done
        return done

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()
