"""Folders of the user: for what can be made again, and for what outlives a run."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from mtjlab.core.errors import InputError

__all__ = [
    "CACHE_VARIABLE",
    "CONFIG_VARIABLE",
    "STATE_VARIABLE",
    "cache_folder",
    "config_folder",
    "state_folder",
    "writing_state",
]

CACHE_VARIABLE = "MTJLAB_CACHE"
"""Environment variable that names another folder for caches."""
CONFIG_VARIABLE = "MTJLAB_CONFIG"
"""Environment variable that names another folder for what the user sets up."""
STATE_VARIABLE = "MTJLAB_STATE"
"""Environment variable that names another folder for state."""


def cache_folder() -> Path:
    """Folder for what can be made again, such as switching tables and compiled kernels.

    Returns
    -------
    Path
        That of the environment variable ``MTJLAB_CACHE``, or the user's own on this system; it may not exist yet.
    """
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("mtjlab", appauthor=False)


def config_folder() -> Path:
    """Folder for what the user sets up: presets of the form.

    Returns
    -------
    Path
        That of the environment variable ``MTJLAB_CONFIG``, or the user's own on this system; it may not exist yet.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("mtjlab", appauthor=False)


def state_folder() -> Path:
    """Folder for what outlives a run: locks of benches, logs of devices, the queue.

    Returns
    -------
    Path
        That of the environment variable ``MTJLAB_STATE``, or the user's own on this system; it may not exist yet.
    """
    named = os.environ.get(STATE_VARIABLE)
    return Path(named) if named else platformdirs.user_state_path("mtjlab", appauthor=False)


@contextlib.contextmanager
def writing_state(path: str | Path) -> Iterator[None]:
    """Say what to do where a file of the state folder cannot be written.

    Parameters
    ----------
    path
        File that the body writes.

    Returns
    -------
    context manager
        Within it the file is written.

    Raises
    ------
    InputError
        In place of the system's error.
    """
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror or error}): locks of benches and logs of devices must be kept; "
            f"make its folder writable, or name another one in the environment variable {STATE_VARIABLE}"
        ) from error
