"""A recording's file, opened to be read: whole, strange, or being written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import h5py

from mtjlab.data.checking.recording_probe import probe
from mtjlab.data.checking.recording_structure import Structure, look_through, look_through_file
from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recording_attributes import read_text
from mtjlab.data.reading.live_file import LiveFile
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import is_written_here, open_recording_file, refuse_foreign, refuse_missing

__all__ = ["OpenRecording", "open_for_reading"]

_ATTEMPTS = 20


class OpenRecording(NamedTuple):
    """An open file."""

    file: h5py.File
    """The file."""

    live: LiveFile | None = None
    """What stands for a file that is being written, or was when its writer was killed."""

    held: bool = False
    """Whether somebody has it open for writing."""

    def structure(self, path: Path) -> Structure:
        """Look through the structure of the file, which is at `path`."""
        return look_through_file(path) if self.live is None else look_through(self.live.read_at, self.live.size)

    def close(self) -> None:
        """Let go of it."""
        self.file.close()
        if self.live is not None:
            self.live.close()


def open_for_reading(path: Path, trusted: Callable[[os.stat_result], bool] = lambda _: False) -> OpenRecording:
    """Open a recording after looking through its structure.

    A file with the structure that mtjlab writes is opened at once, another one first in a process of its own, and one
    that is being written as it was between two writes.

    Parameters
    ----------
    path
        The file.
    trusted
        Says of a file that it has been looked through before.

    Raises
    ------
    RecordingError
        If it is missing, no HDF5, damaged or closed to this user.
    """
    refuse_missing(path)
    if _is_locked(path):
        return _open_live(path, held=True)
    strange = ""
    try:
        if not trusted(path.stat()):
            refuse_foreign(path)
            strange = look_through_file(path).strange
            if strange:
                probe(path)
        file = open_recording_file(path, "r")
    except RecordingError as error:
        if not isinstance(error.__cause__, BlockingIOError):
            raise
        return _open_live(path, held=True)  # a writer came in between, or this system has no such locks to ask for
    if is_written_here(file):
        file.close()
        return _open_live(path, held=True)
    if read_text(file, "status") == Status.RUNNING and not strange:
        # Its writer was killed; or it is at work on a drive that has no locks.
        file.close()
        return _open_live(path, held=False)
    return OpenRecording(file)


def _is_locked(path: Path) -> bool:
    """Tell whether somebody has the file open for writing, by the lock that HDF5 takes."""
    try:
        import fcntl
    except ImportError:  # not on Windows: HDF5 will say
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no right to read, or no locks on this drive: HDF5 will say
        return False
    return False


def _open_live(path: Path, *, held: bool) -> OpenRecording:
    for attempt in range(_ATTEMPTS):
        live = LiveFile(path)
        strange = look_through(live.read_at, live.size).strange
        if not strange:
            try:
                return OpenRecording(h5py.File(live, "r"), live, held)
            except OSError as error:
                strange = str(error)
        live.close()
        if attempt == _ATTEMPTS - 1:
            raise RecordingError(
                path, f"is being written, and not as mtjlab does ({strange})", "wait until that has ended"
            )
    raise AssertionError  # the last attempt has returned or raised
