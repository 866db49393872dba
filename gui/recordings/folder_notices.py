"""Notices of the system that something changed in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable

from qtpy.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

__all__ = ["FolderNotices"]

MOST = 256
"""Folders that the system is asked to watch; of more, a look every few seconds finds what changed."""

SOON = 300
"""Time [ms] after a notice until it is passed on: a run writes several files at once."""


class FolderNotices(QObject):
    """Say when files appear or go away in the folders of a list."""

    changed = Signal()
    """Something changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(lambda: self.changed.emit())
        self._watcher.directoryChanged.connect(lambda: self._soon.start())

    def watch(self, folder: str, files: Iterable[str]) -> None:
        """Watch a folder, and those in which files of the list lie, in place of those before.

        Parameters
        ----------
        folder, files
            The folder, and paths of the files.
        """
        folders = {folder, *(path.rpartition(os.sep)[0] for path in files)}
        watched = set(self._watcher.directories())
        if gone := watched - folders:
            self._watcher.removePaths(sorted(gone))
        if new := sorted(folders - watched)[:MOST]:
            self._watcher.addPaths(new)
