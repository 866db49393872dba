"""Columns of recordings as curves: long ones are thinned, what has no numbers is refused."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.core import InputError
from mtjlab.data import Recording, RecordingFacts, RecordingHead, RecordingWriter
from mtjlab.gui.recordings.curve_labels import curve_labels
from mtjlab.gui.recordings.recorded_curves import plottable, read_curve, read_curves


@pytest.fixture
def recording(tmp_path):
    """Write fifty thousand rows, and two blocks of bits of which a quarter and all are ones."""
    head = RecordingHead(
        procedure="Loops",
        columns={"loop": "", "field": "T", "resistance": "Ω"},
        plotted=("field", "resistance"),
    )
    numbers = np.arange(50_000.0)
    with RecordingWriter.create(tmp_path / "a.h5", head) as writer:
        writer.append(np.arange(800) % 4 == 0, {"loop": numbers // 100, "field": numbers, "resistance": -numbers})
        writer.append(np.ones(800, bool))
    return Recording(tmp_path / "a.h5")


def test_the_columns_that_its_procedure_plots_come_first(recording):
    data, blocks = plottable(recording)
    assert (data.table, data.first) == ("data", ("field", "resistance"))
    assert data.columns["resistance"] == "Ω"
    assert (blocks.table, blocks.first, blocks.columns["time"]) == ("blocks", ("time", "P(1)"), "s")


def test_a_long_table_is_thinned_evenly_and_a_short_one_whole(recording):
    curve = read_curve(str(recording.path), "data", ("row", "resistance"))
    assert curve.step == 3
    np.testing.assert_array_equal(curve.points[0], np.arange(0, 50_000, 3))
    np.testing.assert_array_equal(curve.points[1], -curve.points[0])
    blocks = read_curve(str(recording.path), "blocks", ("time", "P(1)"))
    assert (blocks.step, blocks.points[1].tolist()) == (1, [0.25, 1.0])
    assert blocks.points[0][0] == 0


def test_what_cannot_be_read_is_said_and_the_others_are_drawn(recording, tmp_path):
    with pytest.raises(InputError, match="has no column 'colour'; choose another column"):
        read_curve(str(recording.path), "data", ("colour", "field"))
    curves, faults = read_curves((str(recording.path), str(tmp_path / "b.h5")), "data", ("field", "loop"))
    assert [curve.path for curve in curves] == [str(recording.path)]
    assert "does not exist" in faults[str(tmp_path / "b.h5")]


def _facts(name, **parameters):
    return RecordingFacts(f"/lab/{name}.h5", 1, 1, "finished", parameters=parameters)


def test_a_legend_names_what_differs_unless_it_is_much():
    same = {"width": (1e-8, "s"), "mode": ("toggle", "")}
    two = [_facts("a", amplitude=(1.25, "V"), **same), _facts("b", amplitude=(1.5, "V"), **same)]
    assert curve_labels(two) == ["a: amplitude 1.25 V", "b: amplitude 1.5 V"]
    assert curve_labels([two[0], two[0]]) == ["a", "a"]
    assert curve_labels([two[0], None]) == ["a", "?"]
    many = [_facts(name, **dict.fromkeys("xyz", (name, ""))) for name in "ab"]
    assert curve_labels(many) == ["a", "b"]
    assert curve_labels([]) == []
