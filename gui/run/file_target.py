"""A widget that takes recordings and plans that are dropped on it, or asks for one."""

from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QFileDialog, QWidget

__all__ = ["FileTarget"]

SUFFIXES = (".h5", ".toml")


class FileTarget(QWidget):
    """Where a recording or a plan may be dropped."""

    file_given = Signal(Path)
    """The file that was dropped or chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def ask_for_file(self, folder: Path) -> None:
        """Let a person choose a file.

        Parameters
        ----------
        folder
            Where to look first.
        """
        names = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self, "Take the form from", str(folder), f"Recordings and plans ({names})"
        )
        if name:
            self.file_given.emit(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take recordings and plans."""
        if _file_of(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell of the file."""
        path = _file_of(event)
        if path is not None:
            event.acceptProposedAction()
            self.file_given.emit(path)


def _file_of(event: QDropEvent) -> Path | None:
    for url in event.mimeData().urls():
        path = Path(url.toLocalFile())
        if path.suffix in SUFFIXES:
            return path
    return None
