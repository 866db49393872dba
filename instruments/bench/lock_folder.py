"""Where the locks of instruments are kept: one folder for all users of a computer."""

import logging
import os
import stat
import sys
from pathlib import Path

from mtjlab.core import InputError, state_folder

__all__ = ["lock_folder"]

VARIABLE = "MTJLAB_LOCKS"
SHARED_MODE = 0o1777
"""Everybody may write, and only the owner of a file may remove it."""

log = logging.getLogger(__name__)


def lock_folder() -> Path:
    """Folder for locks: that of the environment variable ``MTJLAB_LOCKS``, or one that all users of the computer share.

    It survives a restart of the computer, which does not switch off any instrument.  Where there is no such place, as
    in a read-only container, the user's own state folder is taken, and that is said: other users are not kept out then.

    Raises
    ------
    OSError
        If the named folder cannot be made.
    InputError
        If the folder is not one that is safe to share: a link, or a folder where anybody may remove anybody's files.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _shareable(Path(named))
    folder = _shared()
    try:
        _shareable(folder)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(f"{folder} cannot be written")
    except OSError as error:
        own = state_folder() / "locks"
        log.warning(
            "locks of instruments are kept in %s, which other users of this computer do not see (%s); %s names another "
            "folder",
            own,
            error,
            VARIABLE,
        )
        own.mkdir(parents=True, exist_ok=True)
        return own
    return folder


def _shareable(folder: Path) -> Path:
    """Make a folder for everybody, if it is not there yet."""
    try:
        folder.mkdir()
    except FileExistsError:
        pass
    else:
        if sys.platform != "win32":
            folder.chmod(SHARED_MODE)  # past the umask
    _refuse_unsafe(folder)
    return folder


def _shared() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "mtjlab-locks"
    return Path("/var/tmp/mtjlab-locks")


def _refuse_unsafe(folder: Path) -> None:
    """Refuse a folder that somebody has put there to lead others elsewhere."""
    if sys.platform == "win32":
        return
    found = folder.lstat()
    shared = bool(found.st_mode & stat.S_IWOTH)
    if not stat.S_ISDIR(found.st_mode) or (shared and not found.st_mode & stat.S_ISVTX):
        raise InputError(
            f"{folder} is not safe to keep locks in (it is a link, or anybody may remove anybody's files there): "
            f"remove it, or name another folder in the environment variable {VARIABLE}"
        )
