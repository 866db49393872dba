"""The files of a folder that may be recordings, by their names alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mtjlab.core import FileError

__all__ = ["FoundFile", "find_recordings"]

SUFFIXES = (".h5", ".hdf5", ".hdf")
"""How the name of a recording ends."""


class FoundFile(NamedTuple):
    """A file that may be a recording: what the system knows without opening it."""

    path: str
    """Where it is."""

    size: int
    """Length [bytes]."""

    modified: int
    """When it was last written [Unix ns]."""

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> FoundFile:
        """Ask the system about one file.

        Parameters
        ----------
        path
            The file.

        Returns
        -------
        FoundFile
            What it says.

        Raises
        ------
        OSError
            If there is none, or it cannot be reached.
        """
        stat = Path(path).stat()
        return cls(os.fspath(path), stat.st_size, stat.st_mtime_ns)


def find_recordings(folder: str | os.PathLike[str]) -> Iterator[FoundFile]:
    """Give the files of a folder and its subfolders whose names are those of recordings; none is opened.

    Hidden files and folders are left out, as are those that a link leads to; so is a subfolder that may not be read,
    and a file that goes away meanwhile.

    Parameters
    ----------
    folder
        The folder.

    Yields
    ------
    FoundFile
        One file after the other, in no order.

    Raises
    ------
    FileError
        If the folder itself is missing, is none, or cannot be reached.
    """
    try:
        top = os.scandir(folder)
    except NotADirectoryError as error:
        raise FileError(folder, "is not a folder", "choose the folder that it lies in") from error
    except FileNotFoundError as error:
        raise FileError(folder, "does not exist", "choose another folder, or connect the drive") from error
    except OSError as error:
        raise FileError(
            folder, f"cannot be read ({error.strerror or error})", "ask for the right, or check the drive"
        ) from error
    waiting = [top]
    while waiting:
        with waiting.pop() as entries:
            for entry in _entries(entries, Path(folder)):
                if entry.name.startswith("."):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(os.scandir(entry.path))
                    elif entry.name.lower().endswith(SUFFIXES) and entry.is_file():
                        stat = entry.stat()
                        yield FoundFile(entry.path, stat.st_size, stat.st_mtime_ns)
                except OSError:  # closed to this user, or gone since
                    continue


def _entries(entries: Iterator[os.DirEntry[str]], folder: Path) -> Iterator[os.DirEntry[str]]:
    """Give the entries until the drive goes away, which is an error where it takes the folder itself."""
    try:
        yield from entries
    except OSError as error:
        if not folder.is_dir():
            raise FileError(
                folder, f"went away ({error.strerror or error})", "connect the drive, or choose another folder"
            ) from error
