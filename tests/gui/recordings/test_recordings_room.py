"""What a person sees and does in the Recordings room."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QListWidget

from mtjlab.data import Recording, RecordingWriter, annotate, read_facts

SHIFT = Qt.KeyboardModifier.ControlModifier


def test_the_list_says_what_each_recording_is(person):
    assert sorted(person.names) == ["biased.h5", "cut.h5", "fair.h5", "killed.h5"]
    status, name, procedure, count, share, _, sample, *_ = person.row("biased.h5")
    assert (status, name, procedure) == ("finished", "biased.h5", "AcquireBits")
    assert (count, share, sample) == ("8,000 of 10,000", "0.2500", "W7 4")
    assert "4 recordings" in person.said


def test_a_filter_finds_by_words_and_by_fields(person):
    for words, found in (
        ("killed", ["killed.h5"]),
        ("wafer:W7", ["biased.h5"]),
        ("P<0.4", ["biased.h5"]),
        ("-status:broken amplitude=1.25", ["fair.h5", "killed.h5"]),
        ("TMR>0.9 -sub", ["fair.h5"]),
    ):
        person.type("Filter", words)
        assert sorted(person.names) == found
        assert f"{len(found)} of 4 recordings" in person.said
    person.type("Filter", "nothing-of-this-name")
    assert "nothing matches the filter" in person.said


def test_half_a_filter_is_refused_in_its_place_and_the_list_stays(person):
    person.type("Filter", "bits>")
    assert "write a field and a value" in person.said
    assert len(person.names) == 4


def test_a_click_resumes_a_killed_recording_and_no_finished_one(person, qtbot):
    person.click("killed.h5")
    with qtbot.waitSignal(person.room.resume_requested) as asked:
        person.press("Resume")
    assert asked.args == [person.folder / "killed.h5"]
    person.click("fair.h5")
    assert not person.button("Resume").isEnabled()


def test_a_recording_is_sent_to_the_other_rooms(person, qtbot):
    person.click("fair.h5")
    for text, signal in (
        ("To the form", person.room.parameters_requested),
        ("Fit again…", person.room.fit_requested),
        ("Randomness", person.room.randomness_requested),
        ("Images", person.room.images_requested),
    ):
        with qtbot.waitSignal(signal) as asked:
            person.press(text)
        assert asked.args == [person.folder / "fair.h5"]


def test_a_broken_file_is_listed_with_the_reason(person):
    assert person.row("cut.h5")[0] == "broken"
    person.click("cut.h5")
    person.wait(lambda: "is cut short at 20000 bytes" in person.page)
    assert not any(person.button(text).isEnabled() for text in ("Resume", "To the form", "Export…", "Randomness"))


def test_a_file_that_breaks_while_it_is_listed_is_said_to_be_broken(person):
    (person.folder / "fair.h5").write_bytes(b"overwritten")
    person.room.look()
    person.wait(lambda: person.row("fair.h5")[0] == "broken")


def test_a_folder_that_goes_away_is_said_and_taken_up_again(person):
    away = person.folder.rename(person.folder.with_name("away"))
    person.room.look()
    person.wait(lambda: "does not exist" in person.said)
    assert len(person.names) == 4  # nothing that was known is lost
    away.rename(person.folder)
    person.room.look()
    person.wait(lambda: "does not exist" not in person.said)


def test_a_new_recording_appears_and_a_removed_one_is_gone(person):
    shutil.copy(person.folder / "fair.h5", person.folder / "sub" / "new.h5")
    (person.folder / "cut.h5").unlink()
    person.wait(lambda: "new.h5" in person.names and "cut.h5" not in person.names)
    person.wait(lambda: person.row("new.h5")[0] == "finished")


def test_a_recording_that_is_being_written_grows_and_takes_no_note(person):
    writer = RecordingWriter.resume(person.folder / "killed.h5")
    person.room.look()
    person.wait(lambda: person.row("killed.h5")[0] == "running")
    writer.append(np.ones(1000, bool))
    person.room.look()
    person.wait(lambda: person.row("killed.h5")[3] == "9,000 of 10,000")
    person.click("killed.h5")
    assert not person.named(QLineEdit, "Tags").isEnabled()
    with pytest.raises(ValueError, match="is being written by a run; give it tags and notes when that has ended"):
        annotate(person.folder / "killed.h5", tags=["good"])
    writer.close()


def test_tags_and_a_note_are_kept_in_the_recording(person):
    person.click("fair.h5")
    person.type("Tags", "paper good")
    person.type("Note", "contacts were wet")
    person.wait(lambda: "are kept in the recording" in person.said)
    facts = read_facts(person.folder / "fair.h5")
    assert (facts.tags, facts.remark) == (("paper", "good"), "contacts were wet")
    assert "#paper #good" in person.row("fair.h5")
    person.type("Filter", "tag:paper")
    assert person.names == ["fair.h5"]


def test_what_was_read_before_is_not_read_again(person, tmp_path):
    assert person.room.reads == 4
    person.look_at(tmp_path, count=4)  # the folder above
    assert person.room.reads == 0
    annotate(person.folder / "fair.h5", note="changed")
    person.look_at(person.folder)
    assert person.room.reads == 1


def test_the_pane_shows_parameters_results_log_and_plan(person):
    person.click("fair.h5")
    person.wait(lambda: "Pulse amplitude." in person.page)
    assert "1.25 V" in person.page
    assert "0.960 ± 0.010" in person.page
    person.turn_to("Log")
    assert "a pulse was missed" in person.page
    person.turn_to("Plan")
    assert "without a plan" in person.page


def test_curves_of_several_recordings_are_compared_with_what_differs_in_the_legend(person):
    person.turn_to("Plot")
    person.click("fair.h5")
    person.click("biased.h5", SHIFT)
    plot = person.room.detail.plot.plot.getPlotItem()
    person.wait(lambda: len(plot.listDataItems()) == 2)
    labels = {label.text for _, label in plot.legend.items}
    assert labels == {"fair: amplitude 1.25 V", "biased: amplitude 1.5 V"}
    shown = {item.name(): item.getData()[1] for item in plot.listDataItems()}
    voltage = np.linspace(-1, 1, 12)
    np.testing.assert_allclose(shown["biased: amplitude 1.5 V"], 5e4 + 1.5 * voltage)


def test_blocks_are_plotted_against_time_and_coloured_by_a_column(person):
    person.turn_to("Plot")
    person.click("biased.h5")
    person.wait(lambda: person.named(QComboBox, "Table").count() == 2)
    person.named(QComboBox, "Table").setCurrentText("blocks")
    plot = person.room.detail.plot.plot.getPlotItem()
    person.wait(lambda: [list(item.getData()[1]) for item in plot.listDataItems()] == [[0.25]])
    person.named(QComboBox, "Table").setCurrentText("data")
    person.named(QComboBox, "Colour").setCurrentText("resistance")
    person.wait(lambda: plot.listDataItems() and len(plot.listDataItems()[0].getData()[0]) == 12)


def test_the_picture_is_that_of_the_command(person):
    person.turn_to("Picture")
    person.click("fair.h5")
    person.wait(lambda: person.room.detail.picture.picture_size().width() > 100)


def test_a_parameter_becomes_a_column_to_sort_by(person):
    person.press("Columns…")
    dialog = person.room.findChild(QDialog)
    columns = dialog.findChild(QListWidget)
    (item,) = columns.findItems("amplitude [V]", Qt.MatchFlag.MatchExactly)
    item.setCheckState(Qt.CheckState.Checked)
    dialog.accept()
    assert sorted(person.column("amplitude [V]")) == ["", "1.25", "1.25", "1.5"]
    person.room.list.view.sortByColumn(person.room.list.model.columnCount() - 1, Qt.SortOrder.DescendingOrder)
    assert person.column("amplitude [V]") == ["1.5", "1.25", "1.25", ""]


def test_a_table_is_exported_and_no_file_is_replaced_unasked(person, qtbot):
    person.click("fair.h5")
    for ending in ("is exported", "exists already"):
        person.press("Export…")
        dialog = next(each for each in person.room.findChildren(QDialog) if each.isVisible())
        assert not dialog.findChild(QCheckBox).isChecked()
        dialog.accept()
        said = {"is exported": "Exported to", "exists already": "exists already"}[ending]
        person.wait(lambda said=said: said in person.said)
    lines = (person.folder / "fair.csv").read_text("utf-8").splitlines()
    assert len(lines) == 13
    assert lines[0].startswith("voltage (V),resistance (Ω)")


def test_a_recording_is_selected_as_soon_as_it_is_there(person):
    person.room.select(person.folder / "later.h5")
    shutil.copy(person.folder / "fair.h5", person.folder / "later.h5")
    person.wait(lambda: any("later.h5" in label.text() for label in person.room.findChildren(QLabel)))
    assert Recording(person.folder / "later.h5").status == "finished"
