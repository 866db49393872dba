"""The presets of the chosen procedure: taken, saved and deleted; and what else the form may be filled from."""

from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from mtjlab.gui.run.presets import Presets

__all__ = ["PresetBar"]


class PresetBar(QWidget):
    """A list of presets that one can type a new name into, and buttons.

    Parameters
    ----------
    presets
        Where they are kept.
    """

    taken = Signal(Path)
    """The file of the preset that is to be shown."""
    save_asked = Signal(str)
    """The name under which the form is to be saved."""
    refused = Signal(str)
    """Why something cannot be done."""

    def __init__(self, presets: Presets) -> None:
        super().__init__()
        self._presets, self._procedure = presets, ""
        self._list = QComboBox()
        self._list.setEditable(True)
        self._list.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._list.setAccessibleName("Preset")
        self._list.setToolTip("Choose a preset, or type a name and save the form under it")
        self._list.lineEdit().setAcceptDrops(False)
        self._list.lineEdit().setPlaceholderText("none")
        self._list.textActivated.connect(self._take)
        self._list.editTextChanged.connect(self._enable)
        self._save = QPushButton("Save")
        self._save.setToolTip("Save parameters, sweeps and options under this name")
        self._save.setAccessibleName("Save preset")
        self._save.clicked.connect(lambda: self.save_asked.emit(self.name))
        self._delete = QPushButton("Delete")
        self._delete.setAccessibleName("Delete preset")
        self._delete.setToolTip("Delete this preset")
        self._delete.clicked.connect(self._remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        title = QLabel("Preset")
        title.setBuddy(self._list)
        row.addWidget(title)
        row.addWidget(self._list, 1)
        row.addWidget(self._save)
        row.addWidget(self._delete)
        self._enable()

    @property
    def name(self) -> str:
        """What stands in the list."""
        return str(self._list.currentText()).strip()

    def show_presets(self, procedure: str, name: str = "") -> None:
        """List the presets of a procedure.

        Parameters
        ----------
        procedure
            Its name.
        name
            The preset that is shown; empty for none.
        """
        self._procedure = procedure
        self._list.clear()
        self._list.addItems(self._presets.names(procedure))
        self._list.setCurrentIndex(self._list.findText(name))
        self._list.setEditText(name)
        self._enable()

    def _take(self, name: str) -> None:
        if name in self._presets.names(self._procedure):
            self.taken.emit(self._presets.path(self._procedure, name))

    def _remove(self) -> None:
        try:
            self._presets.delete(self._procedure, self.name)
        except (ValueError, OSError) as error:
            self.refused.emit(str(error))
        self.show_presets(self._procedure)

    def _enable(self) -> None:
        self._save.setEnabled(bool(self.name))
        self._delete.setEnabled(self.name in self._presets.names(self._procedure) if self._procedure else False)
