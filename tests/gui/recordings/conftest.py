"""A folder of recordings of all kinds, one Recordings room that all tests look at it with, and a person's hands."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView, QTabWidget, QTextBrowser

from mtjlab.data import RecordingHead, RecordingParameter, RecordingWriter
from mtjlab.gui.recordings.recordings_room import RecordingsRoom

LONGEST = 60_000
"""Longest wait [ms]."""


def begin(path, *, amplitude=1.25, wafer="W3", ones=0.5):
    """Begin a recording with eight thousand bits, of ten thousand, and a curve."""
    head = RecordingHead(
        procedure="AcquireBits",
        parameters={
            "amplitude": RecordingParameter(amplitude, "V", "Pulse amplitude."),
            "bits": RecordingParameter(10_000, "", "Bits to acquire."),
        },
        columns={"voltage": "V", "resistance": "Ω"},
        sample={"wafer": wafer, "die": "4", "operator": "Ada"},
        simulated=True,
    )
    writer = RecordingWriter.create(path, head)
    voltage = np.linspace(-1, 1, 12)
    writer.append(np.arange(8000) % 1000 < ones * 1000, {"voltage": voltage, "resistance": 5e4 + amplitude * voltage})
    return writer


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """Write the recordings once: finished, killed, broken, in a subfolder."""
    folder = tmp_path_factory.mktemp("originals")
    (folder / "sub").mkdir()
    for name, said in (("fair.h5", {}), ("sub/biased.h5", {"amplitude": 1.5, "wafer": "W7", "ones": 0.25})):
        with begin(folder / name, **said) as writer:
            writer.write_results({"TMR": (0.96, 0.01, "1")})
            writer.log("warning", "a pulse was missed", "test")
    begin(folder / "killed.h5").let_go()  # as the system does when a process dies
    (folder / "cut.h5").write_bytes((folder / "fair.h5").read_bytes()[:20_000])
    (folder / "no recording.txt").write_text("hello", encoding="utf-8")
    return folder


@pytest.fixture
def folder(originals, tmp_path, monkeypatch):
    """Give a copy of them, and a cache in which nothing is known."""
    monkeypatch.setenv("MTJLAB_CACHE", str(tmp_path / "cache"))
    return shutil.copytree(originals, tmp_path / "recordings")


@pytest.fixture(scope="module")  # a window left open keeps those of other tests from ending the application
def one_room(qapp, tmp_path_factory):
    """Give the room; one for all tests, as its processes take a while to start."""
    room = RecordingsRoom(tmp_path_factory.mktemp("empty"))
    room.resize(1180, 640)
    for signal in (
        room.resume_requested,
        room.parameters_requested,
        room.fit_requested,
        room.randomness_requested,
        room.images_requested,
    ):
        signal.connect(lambda _: None)  # there are other rooms that hear it
    room.show()
    yield room
    room.close()


class Person:
    """Look at the room, type and click as a person does."""

    def __init__(self, room, qtbot, folder):
        self.room, self.qtbot, self.folder = room, qtbot, folder
        self.named(QLineEdit, "Filter").clear()
        self.turn_to("Overview")
        self.look_at(folder)

    def look_at(self, folder, count=4):
        """Show a folder, and wait until all of it is read."""
        self.room.set_folder(folder)
        self.wait(lambda: len(self.names) == count and "to be read" not in self.said)

    @property
    def said(self):
        """What stands in the room's labels."""
        return "\n".join(label.text() for label in self.room.findChildren(QLabel) if label.isVisible())

    @property
    def names(self):
        """The names of the recordings in the list."""
        return self.column("File")

    @property
    def page(self):
        """The text of the page of the pane that is in front."""
        return next(page for page in self.room.findChildren(QTextBrowser) if page.isVisible()).toPlainText()

    def wait(self, condition):
        """Wait for what a person waits for."""
        self.qtbot.waitUntil(condition, timeout=LONGEST)

    def named(self, kind, name):
        """Find a widget by the name that a screen reader says."""
        return next(widget for widget in self.room.findChildren(kind) if widget.accessibleName() == name)

    def button(self, text):
        """Find a button by what stands on it."""
        return next(widget for widget in self.room.findChildren(QPushButton) if widget.text() == text)

    def press(self, text):
        """Press a button."""
        self.qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def type(self, name, words):
        """Type into a line, and press Return."""
        line = self.named(QLineEdit, name)
        line.selectAll()
        self.qtbot.keyClicks(line, words)
        self.qtbot.keyClick(line, Qt.Key.Key_Return)

    def column(self, title):
        """Read a column of the list."""
        model = self.named(QTableView, "Recordings").model()
        titles = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(model.columnCount())]
        return [model.index(row, titles.index(title)).data() for row in range(model.rowCount())]

    def row(self, name):
        """Read a row of the list."""
        model = self.named(QTableView, "Recordings").model()
        return [model.index(self.names.index(name), number).data() for number in range(model.columnCount())]

    def click(self, name, keys=Qt.KeyboardModifier.NoModifier):
        """Click a row of the list."""
        view = self.named(QTableView, "Recordings")
        at = view.visualRect(view.model().index(self.names.index(name), 1)).center()
        self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, at)

    def turn_to(self, page):
        """Turn to a page of the pane."""
        pages = self.room.findChild(QTabWidget)
        pages.setCurrentIndex([pages.tabText(number) for number in range(pages.count())].index(page))


@pytest.fixture
def person(one_room, folder, qtbot):
    """Give a person who looks at the folder, read to its end."""
    return Person(one_room, qtbot, folder)
