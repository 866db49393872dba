"""The list of recordings: which are shown, in which order."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qtpy.QtGui import QBrush, QColor

from mtjlab.data import FactsFilter, FoundFile, RecordingFacts
from mtjlab.gui.recordings.recordings_table import FIXED, ListColumn, chosen_column

__all__ = ["RecordingsModel"]

NOT_READ = ""
"""Status of a recording that is not read yet."""


class RecordingsModel(QAbstractTableModel):
    """Recordings as rows; `arrange` sorts and filters them, and `facts_at` says which one a row is.

    Filtering and sorting ten thousand in Python takes 20 ms; Qt's own proxy asks for each cell through Python, and
    takes a second.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facts: dict[str, RecordingFacts] = {}
        self._shown: list[str] = []
        self._rows: dict[str, int] = {}
        self._names = ["status", "file", "procedure", "count", "P", "date", "sample", "tags", "note"]
        self._columns: list[ListColumn] = [FIXED[name] for name in self._names]
        self._filter = FactsFilter("")
        self._sort = ("date", True)
        self.colours: dict[str, QColor] = {}
        """Colour of each status that has one."""

    # what it holds

    @property
    def total(self) -> int:
        """Number of recordings, shown or not."""
        return len(self._facts)

    @property
    def unread(self) -> int:
        """Number of recordings that are not read yet."""
        return sum(facts.status == NOT_READ for facts in self._facts.values())

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self._names)

    def title(self, column: int) -> str:
        """Return what stands above a column."""
        return self._columns[column].title

    def set_files(self, files: Iterable[FoundFile]) -> None:
        """Show these files and no others; what was read of them before stays.

        Parameters
        ----------
        files
            All that were found.
        """
        before = self._facts
        with _no_collection():
            self._facts = {file.path: before.get(file.path) or RecordingFacts.unread(file) for file in files}
        self.arrange()

    def set_facts(self, read: Iterable[RecordingFacts]) -> None:
        """Show what was read; rows keep their places until `arrange` is called.

        Parameters
        ----------
        read
            Facts of files that are in the list.
        """
        changed = []
        for facts in read:
            if facts.path in self._facts and self._facts[facts.path] is not facts:
                self._facts[facts.path] = facts
                if facts.path in self._rows:
                    changed.append(self._rows[facts.path])
        if changed:
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), len(self._columns) - 1))

    def arrange(self) -> None:
        """Filter and sort."""
        name, is_falling = self._sort
        key = self._column(name).key
        finds = self._filter.finds
        keyed = [(key(facts), facts.path) for facts in self._facts.values() if finds(facts)]
        # What has nothing to sort by comes last, whichever way the others stand.
        empty = sorted(path for value, path in keyed if value is None)
        full = sorted(((value, path) for value, path in keyed if value is not None), reverse=is_falling)
        shown = [path for _, path in full] + empty
        if shown == self._shown:
            return
        self.beginResetModel()
        self._shown = shown
        self._rows = {path: row for row, path in enumerate(shown)}
        self.endResetModel()

    def set_filter(self, words: FactsFilter) -> None:
        """Show only what a filter finds."""
        self._filter = words
        self.arrange()

    def set_columns(self, names: Iterable[str]) -> None:
        """Show these columns: those of every recording, and parameters and results by name."""
        self.beginResetModel()
        self._names = list(names)
        self._columns = [self._column(name) for name in self._names]
        self.endResetModel()

    def chosen(self) -> dict[str, str]:
        """Return the parameters and results that may be columns, each with its unit, as far as they are read."""
        found: dict[str, str] = {}
        kinds: set[str] = set()
        for facts in self._facts.values():
            # Recordings of one procedure have the same parameters: a few tell all.
            if facts.status and facts.procedure not in kinds:
                kinds.add(facts.procedure)
                found |= {name: unit for name, (_, unit) in facts.parameters.items()}
                found |= {name: result.unit for name, result in facts.results.items()}
        return {name: unit for name, unit in sorted(found.items()) if name not in FIXED}

    def facts_at(self, row: int) -> RecordingFacts:
        """Return the recording in a row."""
        return self._facts[self._shown[row]]

    def path_at(self, row: int) -> str:
        """Return the path of the recording in a row."""
        return self._shown[row]

    def facts_of(self, path: str) -> RecordingFacts | None:
        """Return what is known of a recording; None where it is not in the list."""
        return self._facts.get(path)

    def row_of(self, path: str) -> int | None:
        """Return the row of a recording; None where it is not shown."""
        return self._rows.get(path)

    def _column(self, name: str) -> ListColumn:
        return FIXED[name] if name in FIXED else chosen_column(name, self.chosen().get(name, ""))

    # what Qt asks

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802
        """Return the number of rows that are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex | None = None) -> int:  # noqa: N802
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        if 0 <= column < len(self._names):
            self._sort = self._names[column], order == Qt.SortOrder.DescendingOrder
            self.arrange()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return what stands above a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return self._columns[section].hint if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell says."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        facts, name = self.facts_at(index.row()), self._names[index.column()]
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "…" if name == "status" and facts.status == NOT_READ else column.text(facts)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and name == "status" and facts.status in self.colours:
            return QBrush(self.colours[facts.status])
        if role == Qt.ItemDataRole.ToolTipRole:
            return facts.fault or (_resumable(facts) if name == "status" else facts.path if name == "file" else None)
        return None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: ten thousand new objects make Python look through all there are, for 150 ms."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _resumable(facts: RecordingFacts) -> str | None:
    return f"{facts.why or facts.status}; it can be resumed" if facts.can_resume else facts.why or None
