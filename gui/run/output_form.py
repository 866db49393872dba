"""Where the recording goes: the folder, and the name in it."""

from datetime import datetime
from pathlib import Path

from qtpy.QtCore import QSignalBlocker, Qt, Signal
from qtpy.QtWidgets import QFileDialog, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from mtjlab.core import InputError
from mtjlab.gui.run.marking import mark_refused, say_refused

__all__ = ["OutputForm"]


class OutputForm(QWidget):
    """The folder, which is always shown, and the name of the next recording; of several runs, what names them.

    Parameters
    ----------
    folder
        The folder.
    """

    changed = Signal()
    """Folder or name are others."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder.absolute()
        self._stem, self._several, self._typed = "run", False, False
        self._shown = QLabel()
        self._shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._shown.setAccessibleName("Folder")
        self._shown.setWordWrap(True)
        self._choose = QPushButton("Choose folder…")
        self._choose.clicked.connect(self._ask)
        self._title = QLabel("File")
        self._name = QLineEdit()
        self._name.setAccessibleName("File name")
        self._name.setAcceptDrops(False)
        self._name.textEdited.connect(self._edited)
        self._name.textChanged.connect(self._check)
        self._title.setBuddy(self._name)
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(QLabel("Folder"), 0, 0)
        grid.addWidget(self._shown, 0, 1)
        grid.addWidget(self._choose, 0, 2)
        grid.addWidget(self._title, 1, 0)
        grid.addWidget(self._name, 1, 1, 1, 2)
        grid.addWidget(self._said, 2, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        self.set_folder(folder)

    @property
    def folder(self) -> Path:
        """The folder."""
        return self._folder

    @property
    def name(self) -> str:
        """Name of the recording, ending in .h5; of several runs, what names them."""
        word = str(self._name.text()).strip()
        return word if self._several or word.endswith(".h5") else f"{word}.h5"

    @property
    def is_valid(self) -> bool:
        """Whether there may be such a recording."""
        return not self._reason()

    def set_folder(self, folder: Path) -> None:
        """Let recordings go somewhere else.

        Parameters
        ----------
        folder
            The folder.
        """
        self._folder = folder.absolute()
        self._shown.setText(str(self._folder).replace("/", "/\u200b"))  # so that a long one may be wrapped
        self._shown.setToolTip(str(self._folder))
        self._check()

    def propose(self, stem: str, *, several: bool = False, anew: bool = False) -> None:
        """Propose a name, unless somebody typed one.

        Parameters
        ----------
        stem
            What it begins with, such as the name of the procedure.
        several
            Whether there is more than one run.
        anew
            Whether what was typed has been used.
        """
        if several != self._several or stem != self._stem or anew:
            self._typed = False
        self._stem, self._several = stem, several
        self._title.setText("Files" if several else "File")
        self._name.setToolTip(
            "Names of the recordings: {run}, {repeat}, {procedure} and every parameter may be in them, "
            "such as {amplitude:.3f}V-{run:03}; / makes folders"
            if several
            else "Name of the recording in the folder"
        )
        if not self._typed:
            with QSignalBlocker(self._name):
                self._name.setText(self._proposal())
            self._check()

    def _proposal(self) -> str:
        base = f"{self._stem}-{datetime.now():%Y%m%d-%H%M%S}"
        if self._several:
            return f"{base}/{{run:03}}"
        number, name = 1, f"{base}.h5"
        while (self._folder / name).exists():
            number += 1
            name = f"{base}-{number}.h5"
        return name

    def _reason(self) -> str:
        if not self._folder.is_dir():
            return f"The folder {self._folder} is not there: choose another."
        name = self.name
        if name in ("", ".h5"):
            return "Give a name."
        try:
            path = self._folder / name
            forbidden = set('\0\n\r*?"<>|\\') if self._several else set('\0\n\r:*?"<>|\\')
            if set(name) & forbidden or len(path.name.encode()) > 200 or ".." in Path(name).parts:
                raise InputError
        except ValueError:
            return 'A file name has no : * ? " < > | or \\, has at most 200 bytes and stays in the folder.'
        if self._several:
            return ""
        if path.exists():
            return f"{name} exists: choose another name, or resume it from the Recordings."
        return "" if path.parent.is_dir() else f"The folder {path.parent} is not there: make it, or choose another."

    def _edited(self) -> None:
        self._typed = True

    def _check(self) -> None:
        reason = self._reason()
        mark_refused(self._name, refused=bool(reason))
        self._said.setVisible(bool(reason))
        if reason:
            say_refused(self._said, reason)
        self.changed.emit()

    def _ask(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of the recordings", str(self._folder))
        if name:
            self.set_folder(Path(name))
