"""Files that a killed process left under their hidden names, and the room that a new one needs."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from pathlib import Path
from stat import S_ISREG

__all__ = ["make_sure_of_room", "remove_stale_parts"]

_PART = re.compile(r"\..+\.h5\.[0-9a-f]{8}\.part")
_YOUNGEST = 5.0
"""Age [s] from which a file that nobody holds is stale: it is locked by then, if it is in use."""
_YOUNGEST_UNLOCKED = 86_400.0
"""The same [s] on a drive without locks."""
_ROOM = 2**22
"""Bytes that a recording needs to begin with."""


def make_sure_of_room(path: Path) -> float:
    """Take the room for a new file, and give it back: HDF5 does not survive a disk that is full.

    Returns
    -------
    float
        The time now [Unix s], by the clock of that drive.

    Raises
    ------
    OSError
        If the folder takes no file, or none of that size.
    """
    try:
        with path.open("xb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, _ROOM)
            except AttributeError:  # not on Windows, nor on macOS
                file.write(bytes(_ROOM))
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.ENODEV):
                    raise
                file.write(bytes(_ROOM))
        return path.stat().st_mtime
    finally:
        path.unlink(missing_ok=True)


def remove_stale_parts(folder: Path, now: float) -> None:
    """Remove what killed processes left in a folder under hidden names; what is in use stays."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(folder)):
            if not _PART.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):
                stat = entry.stat(follow_symlinks=False)
                if S_ISREG(stat.st_mode) and _is_stale(Path(entry.path), now - stat.st_mtime):
                    Path(entry.path).unlink()


def _is_stale(path: Path, age: float) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows removes no open file
        return age > _YOUNGEST
    if age <= _YOUNGEST:
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return age > _YOUNGEST_UNLOCKED
    return True
