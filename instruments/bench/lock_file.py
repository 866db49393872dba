"""A small file that one process at a time holds, until it gives it back or ends; what is in it stays."""

import contextlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["LockFile", "alone_in"]

LONGEST = 65536
"""Bytes that are read at most: whoever may write the file is not trusted with our memory."""
FAR = 1 << 30
"""Where Windows locks a byte: what is locked there cannot be read either."""
PERMISSIONS = 0o666
"""Other users must be able to take it when it is free."""


class LockFile:
    """A file with a lock of the operating system, which frees it at the death of the process that holds it.

    Parameters
    ----------
    path
        The file; it is made when it is first opened, and never removed: whoever waits for it would hold another one.

    Notes
    -----
    The folder may belong to all users.  No link is followed, a file that another user owns is never opened as if it
    were to be made (which Linux refuses there), and what is read is data of a stranger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Hold it, and say whether that was possible.

        Raises
        ------
        OSError
            If it cannot be opened, or the drive has no locks.
        """
        descriptor = _opened(self.path)
        try:
            taken = _locked(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if not taken:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._descriptor is not None

    def release(self) -> None:
        """Give it back."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            if sys.platform == "win32":
                _unlocked(descriptor)
            os.close(descriptor)

    def read(self) -> dict[str, Any]:
        """Read its content; what is no JSON object was being written when its owner died, and says nothing."""
        try:
            descriptor = self._descriptor if self._descriptor is not None else os.open(self.path, _READ)
        except OSError:
            return {}
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            content = json.loads(os.read(descriptor, LONGEST).decode("utf-8", errors="replace"))
        except (OSError, ValueError, RecursionError):
            return {}
        finally:
            if descriptor != self._descriptor:
                os.close(descriptor)
        return content if isinstance(content, dict) else {}

    def write(self, content: dict[str, Any]) -> None:
        """Write the content of a file that is held."""
        assert self._descriptor is not None
        text = json.dumps(content).encode("utf-8")
        # The new text first, then its end: what is torn is no JSON, and never another content.
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, text)
        os.ftruncate(self._descriptor, len(text))


# Where a system has them: links are not followed, a pipe is not waited for, bytes stay as they are.
_PLAIN = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_READ, _WRITE = os.O_RDONLY | _PLAIN, os.O_RDWR | _PLAIN


def _opened(path: Path) -> int:
    try:
        descriptor = os.open(path, _WRITE)
    except FileNotFoundError:
        try:
            descriptor = os.open(path, _WRITE | os.O_CREAT | os.O_EXCL, PERMISSIONS)
        except FileExistsError:
            descriptor = os.open(path, _WRITE)
        else:
            if sys.platform != "win32":
                os.fchmod(descriptor, PERMISSIONS)  # past the umask
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(descriptor)
        raise OSError(f"{path} is not a regular file with a single link: remove it")
    return descriptor


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _unlocked(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, FAR, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time look at the files of a folder and take several of them."""
    descriptor = _opened(folder / "guard")
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if sys.platform == "win32":
            _unlocked(descriptor)
        os.close(descriptor)
