"""A file that gets its name when it is complete, and takes no other file's name unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mtjlab.data.recording_error import RecordingError

__all__ = ["new_file", "give_name", "temporary_name"]


def temporary_name(path: Path) -> Path:
    """Return a hidden name beside `path` for a file that is not complete yet."""
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")


def give_name(temporary: Path, path: Path) -> None:
    """Rename a file, but never onto another one.

    Raises
    ------
    FileExistsError
        If there is something of that name.
    """
    if os.name == "nt":  # renames never onto an existing file, and has no such links everywhere
        temporary.rename(path)
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: take the name first, so that nobody else does
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        temporary.replace(path)
    temporary.unlink(missing_ok=True)


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a hidden name to write to; the file gets the name `path` when that is done, and is gone if it fails.

    Parameters
    ----------
    path
        Name of the file.
    overwrite
        Whether it may replace a file of that name.

    Raises
    ------
    RecordingError
        If there is a file of that name already, its folder does not exist or takes no file, or the disk is full.
    """
    if os.path.lexists(path) and not overwrite:
        raise _exists(path)
    if path.is_dir():
        raise RecordingError(path, "is a folder", "name a file in it")
    if not path.absolute().parent.is_dir():
        raise RecordingError(path, "lies in a folder that does not exist", "make the folder or choose another")
    temporary = temporary_name(path)
    try:
        yield temporary
        if overwrite:
            temporary.replace(path)
        else:
            give_name(temporary, path)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise RecordingError(
            path,
            f"cannot be written ({error.strerror or error}); nothing of it is left",
            "make room, or choose another folder",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _exists(path: Path) -> RecordingError:
    return RecordingError(path, "exists already", "choose another name, or say that it may be overwritten")
