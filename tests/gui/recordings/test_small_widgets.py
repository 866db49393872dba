"""The parts of the room by themselves: dialogs, the plot, calls of which the newest counts."""

from __future__ import annotations

import operator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import Qt

from mtjlab.data import RecordingFacts
from mtjlab.gui.recordings.background_calls import BackgroundCalls
from mtjlab.gui.recordings.columns_dialog import ColumnsDialog
from mtjlab.gui.recordings.columns_plot import ColumnsPlot
from mtjlab.gui.recordings.export_dialog import ExportDialog
from mtjlab.gui.recordings.recorded_curves import Curve, Plottable

DATA = Plottable("data", {"row": "", "voltage": "V", "resistance": "Ω"}, ("voltage", "resistance"))
BLOCKS = Plottable("blocks", {"row": "", "P(1)": "", "time": "s"}, ("time", "P(1)"))


def _curve(columns, points, step=1):
    return Curve("/lab/a.h5", columns, np.array(points, float), step)


def test_bits_are_offered_of_a_recording_that_has_bits_and_tables_of_any(qtbot):
    both = RecordingFacts("/lab/a.h5", 1, 1, "finished", bits=8000, rows=3)
    dialog = ExportDialog(None, both)
    qtbot.addWidget(dialog)
    assert dialog.format.findText("practrand") >= 0
    assert dialog.chosen == (Path("/lab/a.h5"), Path("/lab/a.csv"), "csv", "data", False)
    dialog.format.setCurrentText("ascii")
    assert not dialog.table.isEnabled()
    assert dialog.chosen[1:3] == (Path("/lab/a.txt"), "ascii")
    rows = ExportDialog(None, RecordingFacts("/lab/a.h5", 1, 1, "finished", rows=3))
    qtbot.addWidget(rows)
    assert rows.format.findText("practrand") < 0
    rows.table.setCurrentText("log")
    assert rows.chosen[1] == Path("/lab/a.log.csv")


def test_columns_are_searched_and_ticked(qtbot):
    dialog = ColumnsDialog(None, ["file", "amplitude"], {"amplitude": "V", "width": "s"})
    qtbot.addWidget(dialog)
    assert dialog.ticked == ["file", "amplitude"]
    qtbot.keyClicks(dialog.search, "wid")
    shown = [dialog.list.item(row) for row in range(dialog.list.count()) if not dialog.list.item(row).isHidden()]
    assert [item.text() for item in shown] == ["width [s]"]
    shown[0].setCheckState(Qt.CheckState.Checked)
    assert dialog.ticked == ["file", "amplitude", "width"]


def test_the_plot_asks_for_the_columns_that_are_chosen(qtbot):
    plot = ColumnsPlot()
    qtbot.addWidget(plot)
    asked = []
    plot.wanted.connect(lambda table, columns: asked.append((table, columns)))
    plot.set_choices((DATA, BLOCKS))
    assert asked[-1] == ("data", ("voltage", "resistance"))
    plot.colour.setCurrentText("row")
    assert asked[-1] == ("data", ("voltage", "resistance", "row"))
    plot.up.setCurrentText("voltage")
    plot.set_choices((DATA,))  # another recording of the same procedure: what was chosen stays
    assert asked[-1] == ("data", ("voltage", "voltage", "row"))
    plot.set_choices((BLOCKS,))
    assert asked[-1] == ("blocks", ("time", "P(1)", "row"))


def test_the_plot_says_what_it_left_out(qtbot):
    plot = ColumnsPlot()
    qtbot.addWidget(plot)
    plot.set_choices((DATA,))
    plot.show_curves([_curve(("voltage", "resistance"), [[0, 1, np.nan], [5, 6, 7]], step=4)], ["a"], "b is broken")
    (drawn,) = plot.plot.getPlotItem().listDataItems()
    assert drawn.getData()[1].tolist() == [5, 6]  # a point without a place is none
    assert plot.message.text() == "of many rows, each 4th is drawn; b is broken"
    plot.set_choices(())
    assert "nothing to plot" in plot.message.text()
    assert plot.plot.getPlotItem().listDataItems() == []


def test_points_are_joined_on_demand_and_one_colour_is_no_division_by_zero(qtbot):
    plot = ColumnsPlot()
    qtbot.addWidget(plot)
    plot.set_choices((DATA,))
    plot.show_curves([_curve(("voltage", "resistance"), [[0, 1], [5, 6]])] * 2, ["a", "b"])
    plot.joined.setChecked(True)
    pens = [item.opts["pen"] for item in plot.plot.getPlotItem().listDataItems()]
    assert len({pen.color().name() for pen in pens}) == 2
    plot.show_curves([_curve(("voltage", "resistance", "row"), [[0, 1], [5, 6], [3, 3]])], ["a"])
    assert len(plot.plot.getPlotItem().listDataItems()) == 1


def test_of_calls_of_one_kind_the_newest_is_answered(qtbot):
    calls = BackgroundCalls()
    answers, refusals = [], []
    calls.answered.connect(lambda kind, answer: answers.append((kind, answer)))
    calls.refused.connect(lambda kind, words: refusals.append((kind, words)))
    for number in range(5):
        calls.ask("sum", operator.add, number, 1)
    calls.ask("quotient", operator.truediv, 1, 0)
    calls.ask("file", Path.stat, Path("/nowhere/at all"))
    qtbot.waitUntil(lambda: len(refusals) == 2, timeout=60_000)
    assert answers[-1] == ("sum", 5)
    assert refusals[0] == ("quotient", "ZeroDivisionError: division by zero")
    assert "No such file" in refusals[1][1]
    calls.stop()
