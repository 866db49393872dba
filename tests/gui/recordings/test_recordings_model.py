"""The list: order, what is not read yet, which columns there can be."""

from __future__ import annotations

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import Qt

from mtjlab.core import Quantity
from mtjlab.data import FactsFilter, FoundFile, RecordingFacts
from mtjlab.gui.recordings.recordings_model import RecordingsModel
from mtjlab.gui.recordings.recordings_table import value_text

FALLING, RISING = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder


def _facts(name, modified, **said):
    return RecordingFacts(f"/lab/{name}", 10, modified, **({"status": "finished", "begun": modified / 1e9} | said))


READ = [
    _facts("a.h5", 10**18, bits=500, ones=100, procedure="Bits", parameters={"amplitude": (1.25, "V")}),
    _facts("b.h5", 3 * 10**18, rows=7, procedure="Loops", results={"TMR": Quantity(0.96)}),
    _facts("c.h5", 2 * 10**18, bits=900, ones=810, procedure="Bits", parameters={"amplitude": (1.5, "V")}),
]


@pytest.fixture
def model(qapp):
    model = RecordingsModel()
    model.set_files([FoundFile(facts.path, facts.size, facts.modified) for facts in READ])
    return model


def _column(model, name):
    column = model.names.index(name)
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_names_and_dates_are_there_before_anything_is_read(model):
    assert _column(model, "file") == ["b.h5", "c.h5", "a.h5"]  # the newest first
    assert _column(model, "status") == ["…"] * 3
    assert (model.total, model.unread) == (3, 3)
    model.set_facts(READ)
    assert _column(model, "status") == ["finished"] * 3
    assert model.unread == 0


def test_rows_are_sorted_by_numbers_and_what_has_none_comes_last(model):
    model.set_facts(READ)
    for order, names in ((FALLING, ["c.h5", "a.h5", "b.h5"]), (RISING, ["a.h5", "c.h5", "b.h5"])):
        model.sort(model.names.index("P"), order)
        assert _column(model, "file") == names
    model.sort(model.names.index("P"), RISING)
    assert _column(model, "P") == ["0.2000", "0.9000", ""]


def test_parameters_and_results_may_be_columns(model):
    model.set_facts(READ)
    assert model.chosen() == {"TMR": "", "amplitude": "V"}
    model.set_columns(["file", "amplitude", "TMR"])
    assert model.headerData(1, Qt.Orientation.Horizontal) == "amplitude [V]"
    model.sort(1, FALLING)
    assert _column(model, "amplitude") == ["1.5", "1.25", ""]
    assert _column(model, "TMR") == ["", "", "0.96"]


def test_a_filter_hides_rows_and_files_that_go_away_are_gone(model):
    model.set_facts(READ)
    model.set_filter(FactsFilter("P>0.5"))
    assert (model.rowCount(), model.row_of("/lab/c.h5"), model.row_of("/lab/a.h5")) == (1, 0, None)
    model.set_files([FoundFile(READ[0].path, 10, 10**18)])
    assert (model.rowCount(), model.total) == (0, 1)
    model.set_filter(FactsFilter(""))
    assert model.facts_at(0) is READ[0]  # what was read of it stays


def test_a_broken_file_says_why_in_its_hint_and_a_killed_one_what_can_be_done(model):
    model.set_facts([_facts("a.h5", 1, status="broken", fault="is empty"), _facts("b.h5", 1, status="killed")])
    hints = {
        model.facts_at(row).path: model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
        for row in range(model.rowCount())
    }
    assert hints["/lab/a.h5"] == "is empty"
    assert hints["/lab/b.h5"] == "killed; it can be resumed"
    assert "killed ↻" in _column(model, "status")


def test_values_are_written_as_people_read_them():
    told = [value_text(value) for value in (None, True, False, 20_000, 1.25, 1e-8, "none", [1, 2])]
    assert told == ["", "yes", "no", "20,000", "1.25", "1e-08", "none", "[1, 2]"]
