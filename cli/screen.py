"""Whether a window can be opened."""

import contextlib
import os
import sys
from collections.abc import Iterator

from mtjlab.core import InputError

__all__ = ["needs_screen", "needs_qt"]


def needs_screen(otherwise: str) -> None:
    """Refuse to continue where there is no screen; `otherwise` says what does without one."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & set(os.environ):
        raise InputError(f"there is no screen to open a window on: set DISPLAY, or use {otherwise}")


@contextlib.contextmanager
def needs_qt() -> Iterator[None]:
    """Say in one line why Qt cannot be loaded, if so."""
    try:
        yield
    except ImportError as error:
        raise InputError(
            f"the window cannot be opened ({error}): Qt wants the system packages named in the README"
        ) from error
