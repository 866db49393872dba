"""What was committed, brought back when somebody removes, replaces or cuts the file under its writer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import h5py

from mtjlab.core import new_file
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.writing.recording_copy import copy_recording

__all__ = ["bring_back", "identity_of", "is_still_there", "rescue"]


def identity_of(file: h5py.File) -> tuple[int, int] | None:
    """Return what tells an open file from any other of its name; None where it cannot lose its name."""
    if file.driver != "sec2" or os.name == "nt":  # Windows removes no open file
        return None
    stat = os.fstat(file.id.get_vfd_handle())
    return stat.st_dev, stat.st_ino


def is_still_there(identity: tuple[int, int] | None, path: Path) -> bool:
    """Tell whether `path` still names the file of this identity; True where that cannot be told."""
    if identity is None:
        return True
    try:
        stat = path.stat()
    except FileNotFoundError:
        return False
    except OSError:  # a drive that does not answer: writing will say
        return True
    return (stat.st_dev, stat.st_ino) == identity


def rescue(file: h5py.File, path: Path) -> RecordingError:
    """Copy what was committed out of an open file that has lost its name, and return the error that says so.

    The copy gets the old name, or one beside it where another file has taken that.
    """
    problem = "was removed or replaced while it was being written"
    target = _free_name(path)
    try:
        with new_file(target, error=RecordingError) as unnamed:
            copy_recording(file, path, unnamed).file.close()
    except (RecordingError, OSError) as error:
        return RecordingError(path, f"{problem}, and could not be brought back ({error})", "look for its mirror")
    return RecordingError(path, problem, f"what was committed was brought back as {target}: resume that")


def bring_back(path: Path, mirror: Path | None) -> RecordingError:
    """Copy what was committed out of the mirror of a file whose bytes are gone, and return the error that says so."""
    problem = "was cut short or overwritten by another program while it was being written"
    if mirror is None:
        remedy = "bits that were committed are lost with it; keep a copy in a mirror, and find that program"
        return RecordingError(path, problem, remedy, argument="mirror")
    target = _free_name(path)
    try:
        with new_file(target, error=RecordingError) as unnamed:
            shutil.copyfile(mirror, unnamed)
    except (RecordingError, OSError):
        return RecordingError(path, problem, f"what was committed is in its mirror {mirror}: resume that")
    return RecordingError(
        path, problem, f"what was committed was brought back from its mirror as {target}: resume that"
    )


def _free_name(path: Path) -> Path:
    target, number = path, 0
    while os.path.lexists(target):
        number += 1
        target = path.with_name(f"{path.stem}-rescued{number if number > 1 else ''}{path.suffix}")
    return target
