"""The rows of a table as they come: one column against another."""

import numpy as np
import pyqtgraph
from pymeasure.experiment import Procedure
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mtjlab.gui.procedure_run import ProcedureRun
from mtjlab.procedures.column import Column
from mtjlab.procedures.running.contract import member

__all__ = ["RowsView"]

ROW = "row"
"""Stands for the number of a row among the columns."""

BLUE, RED = "#1f5fa8", "#b3362c"


class RowsView(QWidget):
    """A plot of two columns, which are chosen above it; the latest row is marked.

    Parameters
    ----------
    kind
        Class of the procedure; `live_columns` says which two are shown at first.
    """

    def __init__(self, kind: type[Procedure]) -> None:
        super().__init__()
        # A column alone is drawn against the number of its row; without columns there is nothing to choose.
        columns = [ROW, *kind.DATA_COLUMNS]
        self.across, self.up = QComboBox(), QComboBox()
        first = columns[1:3] if len(columns) > 2 else [ROW, columns[-1]]
        shown = member(kind, "live_columns") or first
        for box, name in zip((self.across, self.up), shown, strict=True):
            box.addItems(columns)
            box.setCurrentText(name)
            box.currentTextChanged.connect(self._choose)
        self._plot = pyqtgraph.PlotWidget()
        self.points = self._plot.plot(pen=None, symbol="o", symbolSize=5, symbolBrush=BLUE, symbolPen=None)
        self._latest = self._plot.plot(pen=None, symbol="o", symbolSize=9, symbolBrush=RED, symbolPen=None)
        choice = QHBoxLayout()
        for word, box in (("across", self.across), ("up", self.up)):
            choice.addWidget(QLabel(word))
            choice.addWidget(box, 1)
        whole = QVBoxLayout(self)
        whole.addLayout(choice)
        whole.addWidget(self._plot)
        self._run: ProcedureRun | None = None
        self._choose()

    def draw(self, run: ProcedureRun) -> str:
        """Draw what has come; give it in words."""
        self._run = run
        rows = run.rows.snapshot()
        numbers = run.rows.numbers()[: len(rows)]
        rows = rows[: len(numbers)]  # one may have come in between
        x, y = (rows[:, box.currentIndex() - 1] if box.currentIndex() else numbers for box in (self.across, self.up))
        there = np.isfinite(x) & np.isfinite(y)
        self.points.setData(x[there], y[there])
        self._latest.setData(x[there][-1:], y[there][-1:])
        return f"{run.rows.total:,} rows" if run.rows.total else ""

    def _choose(self) -> None:
        for side, box in (("bottom", self.across), ("left", self.up)):
            column = Column.parse(box.currentText())
            unit = {"ohm": "Ω", "ohm**2/Hz": "Ω²/Hz"}.get(column.unit, column.unit)
            self._plot.setLabel(side, column.name, units=unit or None)
            self._plot.getAxis(side).enableAutoSIPrefix(bool(unit))
        if self._run is not None:
            self.draw(self._run)
