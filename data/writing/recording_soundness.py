"""Whether a recording may be appended to where it lies."""

from __future__ import annotations

from pathlib import Path

import h5py

from mtjlab.core import temporary_name
from mtjlab.data.checking.recording_check import check_agreement, check_recording, committed, is_up_to_date
from mtjlab.data.checking.recording_probe import probe
from mtjlab.data.checking.recording_structure import look_through_file
from mtjlab.data.contents.table_rows import read_rows
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import is_written_here, open_recording_file, refuse_foreign, refuse_missing
from mtjlab.data.writing.recording_copy import copy_recording

__all__ = ["make_sound", "is_copy_of"]


def make_sound(path: Path) -> float:
    """Check a recording, and replace it by a copy where appending to it in place would not be safe.

    Safe is a file of the present format with the structure that mtjlab writes, and nothing else.

    Returns
    -------
    float
        When the recording was last written [Unix s].

    Raises
    ------
    RecordingError
        If the file is no recording, is being written, or does not agree with itself; it is then left untouched.
    """
    refuse_missing(path)
    refuse_foreign(path)
    structure = look_through_file(path)
    if structure.strange:
        probe(path)
    with open_recording_file(path, "r") as file:
        if is_written_here(file):
            raise RecordingError(path, "is being written by this process", "close that writer first")
        check_recording(file, path)
        check_agreement(file, path)
        last_written = path.stat().st_mtime
        if is_up_to_date(file) and structure.complete and not structure.strange:
            return last_written
        copy = temporary_name(path)
        try:
            copy_recording(file, path, copy).file.close()
        except OSError as error:
            raise RecordingError(
                path,
                f"must be copied before it is resumed, which fails ({error.strerror or error})",
                "make room for a copy",
            ) from error
    copy.replace(path)
    return last_written


def is_copy_of(path: Path, file: h5py.File) -> bool:
    """Tell whether `path` is an older copy of the recording `file`: begun with it, and no longer than it."""
    try:
        with open_recording_file(path, "r") as other:
            check_recording(other, path)
            ours, theirs = read_rows(file, "segments", 0, 1)[0], read_rows(other, "segments", 0, 1)[0]
            same = all(ours[name] == theirs[name] for name in ("start", "process", "host"))
            return same and committed(other) <= committed(file)
    except RecordingError:
        return False
