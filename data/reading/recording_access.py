"""How a reader holds the file of a recording: opened for each question, or for as long as somebody wants."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from mtjlab.data.checking.recording_verification import remarks_on
from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recording_attributes import read_text
from mtjlab.data.reading.recording_reading import OpenRecording, open_for_reading
from mtjlab.data.recording_error import RecordingError

__all__ = ["RecordingAccess"]


class RecordingAccess:
    """Open a recording for each question and close it after it, so that a resumed run is not kept out.

    Between `enter` and `leave` it stays open, and all questions find the same.

    Parameters
    ----------
    path
        The HDF5 file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: OpenRecording | None = None
        self._entered = 0
        self._looked_through: tuple[int, int, int] | None = None
        self._is_held = False

    def enter(self) -> None:
        """Keep the file open until `leave` is called as often as this."""
        self._open = self._open or self._open_file()
        self._entered += 1

    def leave(self) -> None:
        """Let go of the file, if nobody else entered."""
        self._entered -= 1
        if not self._entered:
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextmanager
    def opened(self) -> Iterator[h5py.File]:
        """Give the file for one question.

        Raises
        ------
        RecordingError
            If the file cannot be opened, or something in it cannot be read.
        """
        with self._opening() as opened:
            self._is_held = opened.held
            try:
                yield opened.file
            except (OSError, KeyError, RuntimeError, SystemError, TypeError) as error:  # as h5py says it cannot read
                raise RecordingError(
                    self._path, f"is damaged inside ({error})", "copy it again from where it was made"
                ) from error

    def remarks(self) -> list[str]:
        """Say what is unusual about the file without being wrong."""
        with self._opening() as opened:
            return remarks_on(opened.file, opened.structure(self._path))

    def status_in(self, file: h5py.File) -> Status:
        """Return what became of the run, of a file that `opened` gave: killed if it runs and nobody holds the file."""
        status = Status(read_text(file, "status"))
        return Status.KILLED if status is Status.RUNNING and not self._is_held else status

    @contextmanager
    def _opening(self) -> Iterator[OpenRecording]:
        opened = self._open or self._open_file()
        try:
            yield opened
        finally:
            if opened is not self._open:
                opened.close()

    def _open_file(self) -> OpenRecording:
        opened = open_for_reading(self._path, self._is_known)
        if opened.live is None:
            self._looked_through = _identity(self._path.stat())
        return opened

    def _is_known(self, stat: os.stat_result) -> bool:
        return self._looked_through == _identity(stat)


def _identity(stat: os.stat_result) -> tuple[int, int, int]:
    """Return what tells a file from another one, or from itself when it is changed."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
