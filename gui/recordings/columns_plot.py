"""Columns of one or several recordings against each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph
from qtpy.QtCore import QSignalBlocker, Signal
from qtpy.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mtjlab.gui.recordings.recorded_curves import Curve, Plottable

__all__ = ["ColumnsPlot"]

NO_COLOUR = "none"
"""Stands for no column in colour."""

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
"""Colours of Okabe and Ito, told apart by colour-blind people, on light and on dark."""

SYMBOLS = ("o", "s", "t", "d", "+", "x", "star", "p")

MOST_COLOURED = 5000
"""Points that get a colour each; of more, each so-manieth."""


class ColumnsPlot(QWidget):
    """Choose which columns are plotted; `wanted` asks for them, and `show_curves` draws what came."""

    wanted = Signal(str, object)
    """A table and columns of it, as a tuple: across, up, and perhaps in colour."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.across, self.up, self.colour = (QComboBox() for _ in range(4))
        self.joined = QCheckBox("Join the points")
        self.message = QLabel()
        """What could not be plotted."""
        self.message.setWordWrap(True)
        self.plot = pyqtgraph.PlotWidget()
        """The plot."""
        self._legend = self.plot.addLegend(offset=(-10, 10))
        self._bar: pyqtgraph.ColorBarItem | None = None
        self._plots: tuple[Plottable, ...] = ()
        self._drawn: tuple[tuple[Curve, ...], tuple[str, ...]] = ((), ())
        self._lay_out()
        self.table.currentTextChanged.connect(self._choose_table)
        for box in (self.across, self.up, self.colour):
            box.currentTextChanged.connect(self._ask)
        self.joined.toggled.connect(lambda: self._draw(*self._drawn))

    def set_choices(self, plots: tuple[Plottable, ...]) -> None:
        """Offer the columns of a recording; those that are chosen stay chosen if it has them too.

        Parameters
        ----------
        plots
            What can be plotted.
        """
        if plots == self._plots:
            self._ask()
            return
        self._plots = plots
        names = [plot.table for plot in plots]
        with QSignalBlocker(self.table):
            before = self.table.currentText()
            self.table.clear()
            self.table.addItems(names)
            self.table.setCurrentText(before if before in names else names[0] if names else "")
        self._choose_table()

    def show_curves(self, curves: Sequence[Curve], labels: Sequence[str], faults: str = "") -> None:
        """Draw.

        Parameters
        ----------
        curves
            One a recording.
        labels
            What the legend calls each.
        faults
            What could not be read.
        """
        self._drawn = tuple(curves), tuple(labels)
        thinned = max((curve.step for curve in curves), default=1)
        words = [f"of many rows, each {thinned:,}th is drawn"] if thinned > 1 else []
        self.message.setText("; ".join([*words, faults] if faults else words))
        self.message.setVisible(bool(self.message.text()))
        self._draw(*self._drawn)

    def set_colours(self, background: str, text: str) -> None:
        """Follow the theme.

        Parameters
        ----------
        background, text
            Colours, ``#rrggbb``.
        """
        self.plot.setBackground(background)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(text)
            axis.setTextPen(text)
        self._legend.setLabelTextColor(text)
        self._draw(*self._drawn)

    def _lay_out(self) -> None:
        choice = QGridLayout()
        named = {
            "Table": (self.table, "table of the recording"),
            "Colour": (self.colour, "column that colours the points, of one recording"),
            "Across": (self.across, "column that goes across"),
            "Up": (self.up, "column that goes up"),
        }
        for number, (name, (box, hint)) in enumerate(named.items()):
            label = QLabel(name)
            label.setBuddy(box)
            box.setAccessibleName(name)
            box.setToolTip(hint)
            box.setMinimumContentsLength(8)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            choice.addWidget(label, number // 2, number % 2 * 2)
            choice.addWidget(box, number // 2, number % 2 * 2 + 1)
        choice.setColumnStretch(1, 1)
        choice.setColumnStretch(3, 1)
        choice.addWidget(self.joined, 2, 0, 1, 4)
        self.joined.setToolTip("draw a line from each row to the next")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(6, 6, 6, 4)
        whole.addLayout(choice)
        whole.addWidget(self.plot, 1)
        whole.addWidget(self.message)
        self.message.hide()

    def _table(self) -> Plottable | None:
        return next((plot for plot in self._plots if plot.table == self.table.currentText()), None)

    def _choose_table(self) -> None:
        table = self._table()
        names = list(table.columns) if table else []
        first = dict(zip(("across", "up", ""), table.first if table else (), strict=False))
        for box, name in ((self.across, "across"), (self.up, "up"), (self.colour, "")):
            offered = names if name else [NO_COLOUR, *names]
            with QSignalBlocker(box):
                before = box.currentText()
                box.clear()
                box.addItems(offered)
                box.setCurrentText(before if before in offered else first.get(name, NO_COLOUR))
        self._ask()

    def _ask(self) -> None:
        table = self._table()
        if table is None:
            self.show_curves((), (), "this recording has no rows and no blocks: there is nothing to plot")
            return
        columns = [self.across.currentText(), self.up.currentText()]
        if self.colour.currentText() not in ("", NO_COLOUR):
            columns.append(self.colour.currentText())
        for side, name in (("bottom", columns[0]), ("left", columns[1])):
            unit = table.columns.get(name, "")
            axis = self.plot.getAxis(side)
            axis.enableAutoSIPrefix(bool(unit) and unit != "1")
            axis.setLabel(name.removesuffix(f"({unit})").strip(), units={"ohm": "Ω"}.get(unit, unit) or None)
            axis.setScale(1.0)
        self.wanted.emit(table.table, tuple(columns))

    def _draw(self, curves: Sequence[Curve], labels: Sequence[str]) -> None:
        self.plot.clear()
        self._legend.clear()
        if self._bar is not None:
            self.plot.getPlotItem().layout.removeItem(self._bar)
            self._bar.scene().removeItem(self._bar)
            self._bar = None
        self._legend.setVisible(len(curves) > 1)
        if len(curves) == 1 and len(curves[0].columns) > 2:
            self._draw_coloured(curves[0])
            return
        for number, (curve, label) in enumerate(zip(curves, labels, strict=True)):
            colour = SERIES[number % len(SERIES)]
            self.plot.plot(
                *_finite(curve.points[:2]),
                name=label,
                pen=pyqtgraph.mkPen(colour, width=1) if self.joined.isChecked() else None,
                symbol=SYMBOLS[number // len(SERIES) % len(SYMBOLS)],
                symbolSize=5,
                symbolBrush=colour,
                symbolPen=None,
            )

    def _draw_coloured(self, curve: Curve) -> None:
        points = _finite(curve.points)
        across, up, shade = points[:, :: max(1, -(-points.shape[1] // MOST_COLOURED))]
        if not len(shade):
            return
        low, high = float(shade.min()), float(shade.max())
        high = high if high > low else low + 1.0
        scale = pyqtgraph.colormap.get("viridis")
        self.plot.plot(
            across,
            up,
            pen=pyqtgraph.mkPen("#808080", width=1) if self.joined.isChecked() else None,
            symbol="o",
            symbolSize=6,
            symbolBrush=[pyqtgraph.mkBrush(each) for each in scale.map((shade - low) / (high - low), mode="qcolor")],
            symbolPen=None,
        )
        self._bar = pyqtgraph.ColorBarItem(
            values=(low, high), colorMap=scale, label=curve.columns[2], interactive=False
        )
        self.plot.getPlotItem().layout.addItem(self._bar, 2, 5)


def _finite(points: np.ndarray) -> np.ndarray:
    return points[:, np.isfinite(points).all(axis=0)]
