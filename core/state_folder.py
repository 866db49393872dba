"""Where what outlives a run is kept: locks of benches, logs of devices."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from mtjlab.core.errors import InputError

__all__ = ["state_folder", "writing_state"]

VARIABLE = "MTJLAB_STATE"


def state_folder() -> Path:
    """Folder for state: that of the environment variable ``MTJLAB_STATE``, or the user's own on this system."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_state_path("mtjlab", appauthor=False)


@contextlib.contextmanager
def writing_state(path: str | Path) -> Iterator[None]:
    """Say what to do where a file of the state folder cannot be written.

    Parameters
    ----------
    path
        File that the body writes.

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
            f"make its folder writable, or name another one in the environment variable {VARIABLE}"
        ) from error
