"""A copy of a recording, kept elsewhere while it is written.

The copy follows by bytes, not by HDF5: after each commit a thread copies what the commit wrote and then, in one write,
the headers that count it. So the copy is at every moment as the recording was between two writes, and a folder that
does not answer, a network drive whose cable is out, holds up neither HDF5 nor the run: it is given up.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mtjlab.core import temporary_name
from mtjlab.data.recording_error import RecordingError

__all__ = ["RecordingMirror", "refuse_mirror"]

_HEAD = 2**20 + 2**16
"""Bytes at the begin of the file among which everything lies that a commit changes in place."""

_PIECE = 2**22
"""Bytes copied at a time."""

_SLOWEST = 2e6
"""Bytes a second that are expected of the folder where a whole file is copied."""


def refuse_mirror(path: Path, folder: Path, *, replace: bool = False) -> None:
    """Raise RecordingError if `folder` takes no copy of `path`."""
    copy = folder / path.name
    if not folder.is_dir():
        raise RecordingError(copy, "lies in a folder that does not exist", "make the folder for the mirror first")
    if folder.resolve() == path.parent.resolve():
        raise RecordingError(copy, "is the recording itself", "choose another folder for the mirror")
    if os.path.lexists(copy) and not replace:
        raise RecordingError(copy, "exists already", "choose another folder for the mirror, or move that file")


class RecordingMirror:
    """Keep a copy of one file.

    Parameters
    ----------
    path
        The file that is written, complete but for what will be appended.
    folder
        Where the copy goes, under the same name.
    replace
        Whether a file of that name may be replaced.
    patience
        Longest time [s] that a commit waits for the copy.

    Raises
    ------
    RecordingError
        If the copy cannot be made. Later failures are said by `failure` and raise nothing.
    """

    def __init__(self, path: Path, folder: Path, *, replace: bool = False, patience: float = 5.0) -> None:
        self.path = folder / path.name
        """The copy."""
        self.failure = ""
        """Why the copy is no longer kept; empty while it is."""
        self._source = path
        self.patience = patience
        """Longest wait for the copy [s], beside the time for its bytes."""
        self._head = b""
        self._size = 0
        self._open: list[io.FileIO] = []
        refuse_mirror(path, folder, replace=replace)
        try:
            self._copy()
        except OSError as error:
            raise RecordingError(
                self.path, f"cannot be written ({error.strerror or error})", "choose another folder for the mirror"
            ) from error
        self._jobs: queue.SimpleQueue[tuple[Callable[[], None], threading.Event] | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="mirror", daemon=True).start()

    def follow(self, touched: Sequence[tuple[int, int]]) -> None:
        """Copy the bytes of a commit: each pair is where they begin and how many they are."""
        self._do(lambda: self._follow(touched))

    def copy_again(self) -> None:
        """Copy the whole file, where it was replaced or changed elsewhere than by a commit."""
        self._do(self._copy, self._source.stat().st_size)

    def close(self) -> None:
        """Make the copy the same as the closed file, and let go of both."""
        self._do(self._finish)
        self._jobs.put(None)

    def leave(self) -> None:
        """Let go of the copy as it is, where the file itself is none to follow any more."""
        self._jobs.put(None)

    def _do(self, work: Callable[[], None], size: int = 0) -> None:
        if self.failure:
            return
        done = threading.Event()
        self._jobs.put((work, done))
        patience = self.patience + size / _SLOWEST
        if not done.wait(patience):
            self.failure = f"{self.path} did not take what was recorded within {patience:.3g} s"

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, done = job
            try:
                if not self.failure:
                    work()
            except OSError as error:
                self.failure = f"{self.path} cannot be written ({error.strerror or error})"
            done.set()
        self._let_go()

    def _copy(self) -> None:
        """Copy the whole file under a hidden name, and give it its name when it is complete."""
        self._let_go()
        unnamed = temporary_name(self.path)
        self._in = io.FileIO(self._source, "r")
        self._open = [self._in]
        self._out = io.FileIO(unnamed, "x+")
        self._open.append(self._out)
        try:
            _lock(self._out)
            size = os.fstat(self._in.fileno()).st_size
            self._head = self._read(0, min(size, _HEAD))
            for start in range(0, size, _PIECE):
                self._write(start, self._read(start, min(_PIECE, size - start)))
            self._write(0, self._head)
            if os.name == "nt":  # renames no open file
                self._out.close()
                unnamed.replace(self.path)
                self._out = io.FileIO(self.path, "r+")
                self._open.append(self._out)
            else:
                unnamed.replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                self._let_go()
                unnamed.unlink(missing_ok=True)
            raise

    def _follow(self, touched: Sequence[tuple[int, int]]) -> None:
        end = os.fstat(self._in.fileno()).st_size
        if end > self._size:
            touched = [*touched, (self._size, end - self._size)]
        if not self.path.exists():  # writing on into a file that was removed would keep nothing
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        for start, size in touched:
            for begin in range(start, start + size, _PIECE):
                self._write(begin, self._read(begin, min(_PIECE, start + size - begin)))
        self._write_head()

    def _write_head(self) -> None:
        """Write what changed in the head, from the first such byte to the last, at once."""
        head = self._read(0, _HEAD)
        # It grows with a short file, and shrinks when room that was reserved is given back.
        common = min(len(head), len(self._head))
        new, old = np.frombuffer(head, np.uint8), np.frombuffer(self._head, np.uint8)
        changed = np.flatnonzero(new[:common] != old[:common])
        if len(changed):
            first, last = int(changed[0]), int(changed[-1])
            self._write(first, head[first : last + 1])
        self._head = head

    def _finish(self) -> None:
        size = os.fstat(self._in.fileno()).st_size
        self._write_head()
        self._out.truncate(size)

    def _read(self, start: int, size: int) -> bytes:
        self._in.seek(start)
        return self._in.read(size)

    def _write(self, start: int, data: bytes) -> None:
        self._out.seek(start)
        view = memoryview(data)
        while view:
            view = view[self._out.write(view) :]
        self._size = max(self._size, start + len(data))

    def _let_go(self) -> None:
        for file in self._open:
            file.close()


def _lock(file: io.FileIO) -> None:
    """Keep others from taking the copy for one that is finished, by the lock that HDF5 itself uses."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    with contextlib.suppress(OSError):  # not on every network drive
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
