"""Opening the HDF5 file of a recording, with every refusal in one clear line."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path

import h5py

from mtjlab.core import give_name, temporary_name
from mtjlab.data.contents.layout import METADATA_BLOCK
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.stale_parts import make_sure_of_room, remove_stale_parts

log = logging.getLogger(__name__)

__all__ = [
    "open_hdf5",
    "create_recording_file",
    "open_recording_file",
    "refuse_missing",
    "refuse_foreign",
    "is_written_here",
]

# The earliest format has no checksums to go stale and no consistency flag to be left set; metadata in blocks leaves
# HDF5's accumulator in one write. No chunk cache: bits go to the file at once, and only those that are new.
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
"""What a drive without locks answers."""

WRITING = {"libver": ("earliest", "latest"), "meta_block_size": METADATA_BLOCK, "rdcc_nbytes": 0}

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}
"""What a disk says that takes nothing more."""


def open_hdf5(path: Path, mode: str, metadata_block: int = METADATA_BLOCK) -> h5py.File:
    """Open with h5py: mode ``r``, ``r+`` or ``x``; what is written takes room for its metadata in such blocks [bytes].

    On a drive that has no locks the file is opened without one, and the log says so: nothing then keeps a second
    process from writing to it.
    """
    options = {} if mode == "r" else WRITING | {"meta_block_size": metadata_block}
    try:
        return h5py.File(path, mode, **options)
    except OSError as error:
        if not _has_no_locks(error):
            raise
    log.warning("%s lies on a drive without file locks: opened without one, so open it in one program at a time", path)
    if mode == "x":  # the first try has made the file before it asked for the lock
        path.unlink(missing_ok=True)
    return h5py.File(path, mode, locking=False, **options)


def _has_no_locks(error: OSError) -> bool:
    """Tell a drive that has no locks from a file that somebody else has locked."""
    return error.errno in _NO_LOCKS or any(f"errno = {number}," in str(error) for number in _NO_LOCKS)


def create_recording_file(path: Path, fill: Callable[[h5py.File], None]) -> h5py.File:
    """Make a file, let `fill` write its skeleton, and only then give it its name.

    Returns the file, open for writing.

    Raises
    ------
    RecordingError
        If there is something of that name, or the folder takes no file, or the disk is full. Nothing is left then.
    """
    if os.path.lexists(path):
        raise _exists(path)
    if not path.parent.is_dir():
        raise RecordingError(path, "lies in a folder that does not exist", "make the folder or choose another")
    temporary = temporary_name(path)
    try:
        remove_stale_parts(path.parent, make_sure_of_room(temporary))
        file = open_hdf5(temporary, "x")
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _not_created(path, error) from error
    try:
        fill(file)
        file.flush()
        return _name(file, temporary, path)
    except BaseException as error:
        with contextlib.suppress(OSError, RuntimeError):  # what cannot be written cannot be closed either
            file.close()
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, RecordingError):
            raise _not_created(path, error) from error
        raise


def _name(file: h5py.File, temporary: Path, path: Path) -> h5py.File:
    if os.name == "nt":  # renames no open file
        file.close()
    try:
        give_name(temporary, path)
    except FileExistsError as error:
        raise _exists(path) from error
    return open_hdf5(path, "r+") if os.name == "nt" else file


def _not_created(path: Path, error: OSError) -> RecordingError:
    remedy = "make room on the disk" if error.errno in _FULL else "choose a folder you can write to"
    return RecordingError(path, f"cannot be created ({_reason(error)})", remedy)


def _exists(path: Path) -> RecordingError:
    return RecordingError(path, "exists already", "choose another name, or resume that recording")


def refuse_missing(path: Path) -> None:
    """Raise RecordingError if there is no file of that name."""
    try:
        if path.is_dir():
            raise RecordingError(path, "is a folder", "name a file in it")
        path.stat()
        if not path.is_file():
            raise RecordingError(path, "is a pipe or a device", "save what comes from it to a file, and name that file")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RecordingError(path, "does not exist", "check the name") from error
    except PermissionError as error:
        raise RecordingError(path, "lies in a folder closed to this user", "ask for the right, or copy it") from error
    except OSError as error:  # a network drive that is gone
        raise RecordingError(path, f"cannot be reached ({_reason(error)})", "check the drive") from error


def open_recording_file(path: Path, mode: str) -> h5py.File:
    """Open an existing file, ``r`` or ``r+``.

    Raises
    ------
    RecordingError
        If it is missing, no HDF5, cut short, in use or closed to this user.
    """
    refuse_missing(path)
    try:
        return open_hdf5(path, mode)
    except BlockingIOError as error:
        raise RecordingError(path, "is being written by another process", "wait until that run has ended") from error
    except PermissionError as error:
        raise _closed(path) from error
    except OSError as error:
        refuse_foreign(path)
        raise RecordingError(
            path, f"cannot be read as HDF5 ({_reason(error)})", "copy it again from where it was made"
        ) from error


def is_written_here(file: h5py.File) -> bool:
    """Tell whether a file opened with ``r`` is open for writing elsewhere in this process.

    HDF5 then hands out the same open file once more, and that one says ``r+``.
    """
    return bool(file.mode == "r+")


def refuse_foreign(path: Path) -> None:
    """Raise RecordingError if the first bytes of a file show that it is no HDF5, or that it is shorter than it says."""
    try:
        with path.open("rb") as file:
            head = file.read(48)
    except PermissionError as error:
        raise _closed(path) from error
    except OSError as error:
        raise RecordingError(path, f"cannot be read ({_reason(error)})", "check the drive") from error
    size = path.stat().st_size
    if not size:
        raise RecordingError(path, "is empty", "nothing was recorded in it")
    if not head.startswith(b"\x89HDF\r\n\x1a\n"):
        raise RecordingError(path, "is not an HDF5 file", "name a file that mtjlab recorded")
    if head[8:9] == b"\0" and int.from_bytes(head[40:48], "little") > size:
        raise RecordingError(path, f"is cut short at {size} bytes", "copy it again from where it was made")


def _closed(path: Path) -> RecordingError:
    return RecordingError(path, "may not be opened by this user", "ask for the right, or copy it")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
