"""Files that can be read from their beginning to their end."""

from __future__ import annotations

import os
from pathlib import Path

from mtjlab.core.errors import InputError

__all__ = ["refuse_irregular"]


def refuse_irregular(path: str | os.PathLike[str]) -> None:
    """Refuse pipes, sockets and devices: opening one waits for a writer that may never come.

    Raises
    ------
    InputError
        If the path exists and is neither a file nor a folder; what is missing, or a folder, is the caller's to refuse.
    """
    path = Path(path)
    if path.exists() and not path.is_file() and not path.is_dir():
        raise InputError(f"{path} is a pipe or a device: save what comes from it to a file, and name that file")
