"""Where what can be made again is kept: switching tables."""

import os
from pathlib import Path

import platformdirs

__all__ = ["cache_folder"]

VARIABLE = "MTJLAB_CACHE"


def cache_folder() -> Path:
    """Folder for caches: that of the environment variable ``MTJLAB_CACHE``, or the user's own on this system."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("mtjlab", appauthor=False)
