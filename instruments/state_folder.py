"""Where what outlives a run is kept: locks of benches, logs of devices."""

import os
from pathlib import Path

import platformdirs

__all__ = ["state_folder"]

VARIABLE = "MTJLAB_STATE"


def state_folder() -> Path:
    """Folder for state: that of the environment variable ``MTJLAB_STATE``, or the user's own on this system."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_state_path("mtjlab", appauthor=False)
