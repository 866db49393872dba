"""Show a file in the system's file manager."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from qtpy.QtCore import QUrl
from qtpy.QtGui import QDesktopServices

__all__ = ["reveal"]


def reveal(path: Path) -> bool:
    """Open the folder of a file, with the file selected where the system can do that.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bool
        Whether a file manager was found.
    """
    if sys.platform == "win32":
        subprocess.Popen(["explorer", "/select,", str(path)])
        return True
    if sys.platform == "darwin":
        subprocess.Popen(["open", "-R", str(path)])
        return True
    return bool(QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))))
