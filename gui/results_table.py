"""The results of a run as a table; a fit that does not match is red."""

from collections.abc import Mapping

from qtpy.QtGui import QColor
from qtpy.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from mtjlab.analysis import poor_fits
from mtjlab.analysis.plots import RED
from mtjlab.core import Quantity

__all__ = ["ResultsTable"]


class ResultsTable(QTableWidget):
    """Names and values."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setHorizontalHeaderLabels(["result", "value"])
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.setEditTriggers(QTableWidget.NoEditTriggers)

    def show_results(self, results: Mapping[str, Quantity]) -> None:
        """Show results, where there are more or fewer than before."""
        if self.rowCount() == len(results):
            return
        self.setRowCount(len(results))
        for row, (name, result) in enumerate(list(results.items())):
            words = "\n".join(poor_fits({name: result}))
            for column, text in enumerate((name, str(result))):
                item = QTableWidgetItem(text)
                if words:
                    item.setForeground(QColor(RED))
                    item.setToolTip(words)
                self.setItem(row, column, item)
