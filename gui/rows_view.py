"""The rows of a table as they come: one column against another."""

from typing import Any

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from pymeasure.experiment import Procedure
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mtjlab.gui.procedure_run import ProcedureRun
from mtjlab.procedures import Column, measurement

__all__ = ["RowsView"]

ROW = "row"
"""Stands for the number of a row among the columns."""

BLUE, RED = "#1f5fa8", "#b3362c"

_SHADES = 32
_SCALE = pyqtgraph.ColorMap([0.0, 0.5, 1.0], [BLUE, "#d0d0d0", RED])


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
        seen = measurement(kind)
        shown = seen.live_columns or first
        for box, name in zip((self.across, self.up), shown, strict=True):
            box.addItems(columns)
            box.setCurrentText(name)
            box.currentTextChanged.connect(self._choose)
        self._plot = pyqtgraph.PlotWidget()
        self.points = self._plot.plot(pen=None, symbol="o", symbolSize=5, symbolBrush=BLUE, symbolPen=None)
        self._latest = self._plot.plot(pen=None, symbol="o", symbolSize=9, symbolBrush=RED, symbolPen=None)
        share = seen.live_share
        self._share = (
            None if share is None else tuple([kind.DATA_COLUMNS.index(name) for name in each] for each in share)
        )
        if self._share is not None:
            self._latest.setSymbolBrush(None)  # a ring: the point keeps its colour
            self._latest.setSymbolPen("k")
        choice = QHBoxLayout()
        for word, box in (("across", self.across), ("up", self.up)):
            choice.addWidget(QLabel(word))
            choice.addWidget(box, 1)
        if share is not None:
            choice.addWidget(QLabel(f"blue 0, red 1: {_words(share)}"))
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
        if self._share is None:
            self.points.setData(x[there], y[there])
        else:
            self.points.setData(x[there], y[there], symbolBrush=_colours(*self._shares(rows[there])))
        self._latest.setData(x[there][-1:], y[there][-1:])
        return f"{run.rows.total:,} rows" if run.rows.total else ""

    def _shares(self, rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the sums whose ratio colours each row."""
        of, among = (rows[:, columns].sum(axis=1) for columns in self._share or ([], []))
        return of, among

    def _choose(self) -> None:
        for side, box in (("bottom", self.across), ("left", self.up)):
            column = Column.parse(box.currentText())
            unit = {"ohm": "Ω", "ohm**2/Hz": "Ω²/Hz"}.get(column.unit, column.unit)
            self._plot.setLabel(side, column.name, units=unit or None)
            self._plot.getAxis(side).enableAutoSIPrefix(bool(unit))
        if self._run is not None:
            self.draw(self._run)


def _colours(of: NDArray[np.float64], among: NDArray[np.float64]) -> list[Any]:
    """Give a brush for each share, from blue at 0 to red at 1; one of nothing is grey as one half."""
    share = np.divide(of, among, out=np.full(len(of), 0.5), where=among > 0)
    brushes = [pyqtgraph.mkBrush(_SCALE.map(step / _SHADES, mode="qcolor")) for step in range(_SHADES + 1)]
    return [brushes[step] for step in np.clip(np.rint(share * _SHADES), 0, _SHADES).astype(int)]


def _words(share: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """Name a share by the first words that its columns have in common, as ``switched / pulses``."""
    return " / ".join(columns[0].split(" from ")[0].lower() for columns in share)
