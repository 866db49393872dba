"""Choose the columns of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mtjlab.gui.recordings.recordings_table import FIXED

__all__ = ["ColumnsDialog"]


class ColumnsDialog(QDialog):
    """Tick the columns that the list shall have.

    Parameters
    ----------
    parent
        The window.
    shown
        Names of the columns that it has.
    chosen
        Parameters and results that it may have, each with its unit.
    """

    def __init__(self, parent: QWidget | None, shown: Iterable[str], chosen: Mapping[str, str]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Columns")
        self.search, self.list = QLineEdit(), QListWidget()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search columns")
        self.search.setToolTip("a part of the name")
        self.list.setAccessibleName("Columns")
        shown = list(shown)
        titles = {name: column.title for name, column in FIXED.items()}
        titles |= {name: f"{name} [{unit}]" if unit else name for name, unit in chosen.items()}
        titles |= {name: name for name in shown if name not in titles}
        for name, title in titles.items():
            item = QListWidgetItem(title, self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.search.textChanged.connect(self._find)
        whole = QVBoxLayout(self)
        for widget in (self.search, self.list, buttons):
            whole.addWidget(widget)
        self.resize(340, 480)

    @property
    def ticked(self) -> list[str]:
        """Names of the columns that are ticked, in the order of the list."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _find(self, words: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(words.lower() not in item.text().lower())
