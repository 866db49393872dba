"""The choice of a procedure: found by a part of its name, in the groups of what it is for."""

import ast
from pathlib import Path

from pymeasure.experiment import Procedure
from qtpy.QtCore import QSignalBlocker, QSortFilterProxyModel, Qt, Signal
from qtpy.QtGui import QStandardItem, QStandardItemModel
from qtpy.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileDialog,
    QGridLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QWidget,
)

from mtjlab.gui.run.marking import mark_refused, say_quietly, say_refused
from mtjlab.procedures import procedure_names

__all__ = ["ProcedureChoice"]

TOPICS = {
    "Random bits": ("random-bitstream", "power-ups", "find-operating-point"),
    "Switching by voltage": ("switching-probability", "write-error-rate", "endurance", "calibrate-amplitude"),
    "The junction": (
        "contact-check", "resistance-against-field", "resistance-against-voltage", "resistance-noise", "retention",
    ),
    "Spin-orbit torque": (
        "pump-probe-switching", "current-switching-loop", "current-switching-map", "amr-loops", "amr-angle",
        "unidirectional-magnetoresistance", "harmonic-turn",
    ),
}  # fmt: skip
"""What the installed procedures are for, in the order of use; those of other packages come after them."""
OTHER = "Others"


class ProcedureChoice(QWidget):
    """A list of the procedures that one can type into, and the sentence on the chosen one."""

    chosen = Signal(str)
    """Another procedure was chosen: its name, or ``FILE.py:Class``."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        """The procedure that is chosen."""
        self._list = QComboBox()
        self._list.setEditable(True)
        self._list.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._list.setMaxVisibleItems(30)
        self._list.setModel(_procedures())
        self._list.setAccessibleName("Procedure")
        self._list.setToolTip("Type a part of its name, or FILE.py:Class for one of your own")
        self._list.setCompleter(self._completer())
        self._list.lineEdit().setAcceptDrops(False)
        self._list.textActivated.connect(self._take)
        self._list.lineEdit().editingFinished.connect(lambda: self._take(self._list.currentText()))
        self._own = QPushButton("Own procedure…")
        self._own.setToolTip("Choose a Python file with a PyMeasure procedure")
        self._own.clicked.connect(self._choose_file)
        self._said = QLabel()
        self._said.setWordWrap(True)
        title = QLabel("Procedure")
        title.setBuddy(self._list)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self._list, 0, 1)
        grid.addWidget(self._own, 0, 2)
        grid.addWidget(self._said, 1, 0, 1, 3)
        grid.setColumnStretch(1, 1)

    def show_chosen(self, name: str, kind: type[Procedure]) -> None:
        """Show which procedure is chosen; nothing is told of it.

        Parameters
        ----------
        name
            Its name, or ``FILE.py:Class``.
        kind
            Its class.
        """
        self.name = name
        with QSignalBlocker(self._list):
            self._list.setEditText(name)
        mark_refused(self._list, refused=False)
        say_quietly(self._said, _sentence(kind))

    def say_refused(self, reason: str) -> None:
        """Say in red why there is no such procedure.

        Parameters
        ----------
        reason
            One line.
        """
        mark_refused(self._list, refused=True)
        say_refused(self._said, reason)

    def _take(self, text: str) -> None:
        name = text.strip()
        if name and name != self.name and not name.startswith("—"):
            self.chosen.emit(name)

    def _completer(self) -> QCompleter:
        leaves = QSortFilterProxyModel(self)
        leaves.setSourceModel(self._list.model())
        leaves.setFilterRegularExpression("^[^—]")
        completer = QCompleter(leaves, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        return completer

    def _choose_file(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "File with a procedure", "", "Python (*.py)")
        if not file:
            return
        names = _classes_of(Path(file))
        if len(names) > 1:
            name, taken = QInputDialog.getItem(self, "Procedure", "Class", names, 0, False)
            names = [name] if taken else []
        elif not names:
            self.say_refused(f"{Path(file).name} defines no class: choose a file with a PyMeasure procedure")
        for name in names:
            self.chosen.emit(f"{file}:{name}")


def _procedures() -> QStandardItemModel:
    model = QStandardItemModel()
    installed = procedure_names()
    known = {name for names in TOPICS.values() for name in names}
    topics = TOPICS | {OTHER: tuple(name for name in installed if name not in known)}
    for topic, names in topics.items():
        there = [name for name in names if name in installed]
        if there:
            head = QStandardItem(f"— {topic} —")
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            model.appendRow(head)
        for name in there:
            model.appendRow(QStandardItem(name))
    return model


def _sentence(kind: type[Procedure]) -> str:
    for each in kind.__mro__:
        if each.__module__.startswith("pymeasure."):
            break
        if each.__doc__:
            return " ".join(each.__doc__.split("\n\n")[0].split())
    return ""


def _classes_of(file: Path) -> list[str]:
    """Name the classes of a file that have a base; the file is not run yet."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.bases]
