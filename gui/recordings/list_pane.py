"""The list of recordings: the folder, the filter, the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qtpy.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal
from qtpy.QtGui import QColor, QFontMetrics, QKeySequence, QPaintEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QShortcut,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mtjlab.core import InputError
from mtjlab.data import FactsFilter, FoundFile, RecordingFacts
from mtjlab.gui.recordings.columns_dialog import ColumnsDialog
from mtjlab.gui.recordings.recordings_model import RecordingsModel

__all__ = ["ListPane"]

TYPING = 150
"""Time [ms] after the last letter of a filter until it acts."""

ARRANGING = 400
"""Time [ms] between two sortings while recordings are read."""

FEW = 500
"""Recordings that are sorted in no time."""

WIDTHS = {
    "status": "finished ↻",
    "file": "switching-map-17.h5",
    "procedure": "ResistanceAgainst",
    "count": "5,000 of 10,000",
    "P": "0.5000",
    "date": "2026-12-01 00:00",
    "sample": "W3 B4 device",
    "tags": "#paper #good",
}
"""Words that a column has room for."""

FILTER_HINT = (
    "Words that must all be found, anywhere or in one field:\n"
    "killed   wafer:W3   procedure:map   tag:paper   bits>1e6   P<0.49   date>=2026-11   amplitude=1.25   -tag:bad\n"
    'Numbers are in SI units; "two words" belong together; a minus sign before a word leaves out what it finds.'
)


class _Table(QTableView):
    """Draw the list with Python's lock held.

    Qt asks the model for seven roles of each cell. Where it draws by itself, each of those thousand questions waits
    for the lock, 5 ms if a run or a reader is at work in another thread: seconds in all. From here they have it.
    """

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw."""
        super().paintEvent(event)


class ListPane(QWidget):
    """Show recordings, those that a filter finds, and which are selected."""

    selection_changed = Signal()
    """Other recordings are selected, or more is known of them."""
    folder_wanted = Signal()
    """Another folder is to be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.model = RecordingsModel(self)
        """The recordings."""
        self.view = _Table()
        self.search = QLineEdit()
        """The filter."""
        self.count, self.folder = QLabel(), QLabel()
        self.message = QLabel()
        """What is wrong with the folder or the filter."""
        self._paths: list[str] = []
        self._typing, self._arranging = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._lay_out()
        self._typing.timeout.connect(self._apply_filter)
        self._arranging.timeout.connect(self._arrange)
        self.search.textChanged.connect(lambda: self._typing.start(TYPING))
        self.search.returnPressed.connect(self._apply_filter)
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.modelReset.connect(self._restore)
        self.view.selectionModel().selectionChanged.connect(lambda: self.selection_changed.emit())

    @property
    def selected(self) -> list[RecordingFacts]:
        """The recordings that are selected, from the top."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self.model.facts_at(row) for row in rows]

    @property
    def on_screen(self) -> list[str]:
        """Paths of the recordings that are in view."""
        first = max(0, self.view.rowAt(0))
        last = self.view.rowAt(self.view.viewport().height() - 1)
        last = self.model.rowCount() - 1 if last < 0 else last
        return [self.model.facts_at(row).path for row in range(first, last + 1)]

    def show_folder(self, folder: Path) -> None:
        """Show the name of the folder, and no recordings yet."""
        metrics = QFontMetrics(self.folder.font())
        self.folder.setText(metrics.elidedText(str(folder), Qt.TextElideMode.ElideMiddle, 380))
        self.folder.setToolTip(str(folder))
        self.model.set_files(())
        self.count.setText("Reading the folder…")

    def show_files(self, files: Sequence[FoundFile]) -> None:
        """Show the recordings that are there."""
        self.model.set_files(files)
        self._say_count()

    def show_facts(self, facts: Sequence[RecordingFacts]) -> None:
        """Show what was read of them; they are sorted and filtered again a little later."""
        self.model.set_facts(facts)
        if not self._arranging.isActive():
            self._arranging.start(ARRANGING if self.model.total > FEW else 0)
        if {each.path for each in self.selected} & {each.path for each in facts}:
            self.selection_changed.emit()

    def select(self, path: str) -> bool:
        """Select a recording; tell whether it is shown."""
        row = self.model.row_of(path)
        if row is None:
            return False
        self.view.selectRow(row)
        self.view.scrollTo(self.model.index(row, 0))
        return True

    def set_colours(self, warning: str, muted: str) -> None:
        """Follow the theme.

        Parameters
        ----------
        warning, muted
            Colours of broken and failed recordings, and of those that can be resumed, ``#rrggbb``.
        """
        self.model.colours = {"broken": QColor(warning), "failed": QColor(warning), "killed": QColor(muted)}
        self.model.colours |= {"aborted": QColor(muted)}
        self.message.setStyleSheet(f"color: {warning}")
        self.view.viewport().update()

    def say(self, words: str) -> None:
        """Say what is wrong with the folder; nothing takes it away."""
        self.message.setText(words)
        self.message.setVisible(bool(words))

    def _arrange(self) -> None:
        self.model.arrange()
        self._say_count()

    def _apply_filter(self) -> None:
        self._typing.stop()
        try:
            words = FactsFilter(self.search.text())
        except InputError as error:
            self.say(str(error))  # the list stays as it is until the word is complete
            return
        self.say("")
        self.model.set_filter(words)
        self._say_count()

    def _say_count(self) -> None:
        shown, total, unread = self.model.rowCount(), self.model.total, self.model.unread
        words = f"{total:,} recordings" if shown == total else f"{shown:,} of {total:,} recordings"
        if not total:
            words = "No recordings here: choose another folder, or start a run."
        elif not shown:
            words += ": nothing matches the filter"
        self.count.setText(words + (f", {unread:,} to be read" if unread else ""))

    def _remember(self) -> None:
        self._paths = [self.model.path_at(index.row()) for index in self.view.selectionModel().selectedRows()]
        self._at = self.view.verticalScrollBar().value()

    def _restore(self) -> None:
        chosen = QItemSelection()
        last = self.model.columnCount() - 1
        for path in self._paths:
            row = self.model.row_of(path)
            if row is not None:
                chosen.select(self.model.index(row, 0), self.model.index(row, last))
        flags = QItemSelectionModel.SelectionFlag
        if chosen.count():
            self.view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        self.view.verticalScrollBar().setValue(self._at)
        if self._paths and not chosen.count():
            self.selection_changed.emit()

    def _choose_columns(self) -> None:
        dialog = ColumnsDialog(self, self.model.names, self.model.chosen())
        dialog.accepted.connect(lambda: self.set_columns(dialog.ticked))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def set_columns(self, names: Sequence[str]) -> None:
        """Show other columns: those of every recording, and parameters and results by name."""
        self.model.set_columns(names)
        self._set_widths()

    def _set_widths(self) -> None:
        metrics = QFontMetrics(self.view.font())
        for number, name in enumerate(self.model.names):
            words = max(WIDTHS.get(name, "0.123456"), self.model.title(number), key=len)
            self.view.setColumnWidth(number, metrics.horizontalAdvance(words) + 18)

    def _lay_out(self) -> None:
        choose, columns = QPushButton("Folder…"), QPushButton("Columns…")
        choose.setToolTip("show the recordings of another folder")
        choose.clicked.connect(lambda: self.folder_wanted.emit())
        columns.setToolTip("choose the columns; parameters and results may be some")
        columns.clicked.connect(self._choose_columns)
        self.search.setPlaceholderText("Filter: killed   wafer:W3   bits>1e6   -tag:bad")
        self.search.setAccessibleName("Filter")
        self.search.setToolTip(FILTER_HINT)
        self.search.setClearButtonEnabled(True)
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self)
        shortcut.activated.connect(self.search.setFocus)
        top, second = QHBoxLayout(), QHBoxLayout()
        top.addWidget(choose)
        top.addWidget(self.folder, 1)
        top.addWidget(self.count)
        second.addWidget(self.search, 1)
        second.addWidget(columns)
        self.message.setWordWrap(True)
        self.message.setAccessibleName("Message")
        self.message.hide()
        self._lay_out_table()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addLayout(second)
        whole.addWidget(self.message)
        whole.addWidget(self.view, 1)

    def _lay_out_table(self) -> None:
        self.view.setModel(self.model)
        self.view.setAccessibleName("Recordings")
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setAlternatingRowColors(True)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setSortingEnabled(True)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        # Of one height: a table that asks each row for its own takes a second for ten thousand.
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.verticalHeader().setDefaultSectionSize(QFontMetrics(self.view.font()).height() + 8)
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.sortByColumn(self.model.names.index("date"), Qt.SortOrder.DescendingOrder)
        self._set_widths()
