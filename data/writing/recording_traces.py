"""What tells that a file still holds what was written into it: another program may have cut it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from stat import S_ISREG

from mtjlab.data.writing.file_space import FileSpace

__all__ = ["Traces"]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class Traces:
    """The length of a file, its first bytes and the last that were committed.

    A file never gets shorter under its writer. One that another program has cut gets longer again with the next
    write, with zeros in between: so the last committed bytes that are not all zero are compared, too.

    Parameters
    ----------
    space
        The room of the file, open for writing.
    """

    def __init__(self, space: FileSpace) -> None:
        self._space = space
        self._descriptor = space.descriptor
        self._last: tuple[int, bytes] | None = None
        self.take(None)

    def take(self, last: tuple[int, bytes] | None) -> None:
        """Take note of the file as it is now, and of committed bytes.

        Parameters
        ----------
        last
            Where such bytes lie in the file, and what was written there: what is there now may have been cut already.
        """
        self._space.look()
        self._last = last

    def are_there(self, written: Iterable[tuple[int, bytes]] = ()) -> bool:
        """Tell whether all of it still is there; True where the file cannot be asked.

        Parameters
        ----------
        written
            More bytes that must be there: their place, and what they are.
        """
        if self._descriptor is None:
            return True
        try:
            if not S_ISREG(os.fstat(self._descriptor).st_mode):
                return True
            if self._space.look():
                return False
            if os.pread(self._descriptor, len(_SIGNATURE), 0) != _SIGNATURE:
                return False
            known = [*written, *([self._last] if self._last else [])]
            return all(os.pread(self._descriptor, len(data), place) == data for place, data in known)
        except OSError:  # a drive that does not answer: writing will say
            return True
