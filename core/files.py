"""Files that get their name when they are complete and take no other unasked; and files that can be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mtjlab.core.errors import FileError, InputError

__all__ = ["new_file", "give_name", "temporary_name", "refuse_irregular"]


def temporary_name(path: Path) -> Path:
    """Return a hidden name beside `path` for a file that is not complete yet.

    Parameters
    ----------
    path
        Name that the complete file will have.
    """
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")


def give_name(temporary: Path, path: Path) -> None:
    """Rename a file, but never onto another one.

    Parameters
    ----------
    temporary
        File that is complete.
    path
        Name that it gets.

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
def new_file(path: Path, *, overwrite: bool = False, error: type[FileError] = FileError) -> Iterator[Path]:
    """Give a hidden name to write to; the file gets the name `path` when that is done, and is gone if it fails.

    Parameters
    ----------
    path
        Name of the file.
    overwrite
        Whether it may replace a file of that name.
    error
        Class of the error that is raised.

    Yields
    ------
    Path
        The hidden name.

    Raises
    ------
    FileError
        If there is a file of that name already, its folder does not exist or takes no file, or the disk is full.
    """
    if os.path.lexists(path) and not overwrite:
        raise _exists(path, error)
    if path.is_dir():
        raise error(path, "is a folder", "name a file in it")
    if not path.absolute().parent.is_dir():
        raise error(path, "lies in a folder that does not exist", "make the folder or choose another")
    temporary = temporary_name(path)
    try:
        yield temporary
        if overwrite:
            temporary.replace(path)
        else:
            give_name(temporary, path)
    except FileExistsError as refusal:
        raise _exists(path, error) from refusal
    except OSError as refusal:
        raise error(
            path,
            f"cannot be written ({refusal.strerror or refusal}); nothing of it is left",
            "make room, or choose another folder",
        ) from refusal
    finally:
        temporary.unlink(missing_ok=True)


def _exists(path: Path, error: type[FileError]) -> FileError:
    return error(path, "exists already", "choose another name, or say that it may be overwritten")


def refuse_irregular(path: str | os.PathLike[str]) -> None:
    """Refuse pipes, sockets and devices: opening one waits for a writer that may never come.

    Parameters
    ----------
    path
        What is to be read.

    Raises
    ------
    InputError
        If the path exists and is neither a file nor a folder; what is missing, or a folder, is the caller's to refuse.
    """
    path = Path(path)
    if path.exists() and not path.is_file() and not path.is_dir():
        raise InputError(f"{path} is a pipe or a device: save what comes from it to a file, and name that file")
