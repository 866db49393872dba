"""A Run room on the simulated bench, and a person's hands: everything is found by what a person sees."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QTabWidget, QWidget

from mtjlab.gui.run.run_room import RunRoom
from mtjlab.instruments import BenchFile

LONGEST = 30_000
"""Longest wait [ms]."""


class Person:
    """Who fills the form."""

    def __init__(self, qtbot, room):
        self.qtbot, self.room = qtbot, room

    def field(self, name):
        """Find an input by what stands beside it."""
        found = [
            each for each in self.room.findChildren(QWidget)
            if each.accessibleName() == name and each.isVisibleTo(self.room)
        ]  # fmt: skip
        assert len(found) == 1, f"{len(found)} inputs are called {name}"
        return found[0]

    def type(self, name, words):
        """Clear an input and type words, key by key."""
        field = self.field(name)
        if isinstance(field, QComboBox):
            field = field.lineEdit()
        field.selectAll()
        self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(field, words)

    def pick(self, name, choice):
        """Choose from a list, or tick a box."""
        field = self.field(name)
        if isinstance(field, QCheckBox):
            field.setChecked(choice)
            return
        place = field.findText(choice)
        assert place >= 0, f"{name} does not offer {choice}"
        field.setCurrentIndex(place)
        field.textActivated.emit(choice)

    def shown(self, name):
        """Read what stands in an input."""
        field = self.field(name)
        return field.text() if isinstance(field, QLineEdit) else field.currentText()

    def button(self, text):
        found = [
            each for each in self.room.findChildren(QAbstractButton)
            if text in (each.text(), each.accessibleName()) and each.isVisibleTo(self.room)
        ]  # fmt: skip
        assert len(found) == 1, f"{len(found)} buttons are called {text}"
        return found[0]

    def press(self, text):
        self.qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def open_page(self, text):
        tabs = self.room.findChild(QTabWidget)
        tabs.setCurrentIndex([tabs.tabText(place) for place in range(tabs.count())].index(text))

    def texts(self):
        """All that the room says."""
        return "\n".join(
            each.text().replace("\u200b", "") for each in self.room.findChildren(QLabel) if each.isVisibleTo(self.room)
        )

    def wait_for(self, words):
        self.qtbot.waitUntil(lambda: words in self.texts(), timeout=LONGEST)

    def is_red(self, name):
        return "border" in self.field(name).styleSheet()

    @property
    def may_start(self):
        return next(each for each in self.room.findChildren(QPushButton) if each.text() == "Start").isEnabled()


@pytest.fixture
def open_room(qtbot, tmp_path):
    """Open a room in a folder of its own."""
    rooms = []

    def make(procedure="contact-check", bench="simulated"):
        file = BenchFile.load(bench) if bench else None
        room = RunRoom(file, tmp_path, procedure, presets=tmp_path / "presets")
        room.resize(1180, 620)
        room.show()
        rooms.append(room)
        return Person(qtbot, room)

    yield make
    for room in rooms:
        room.close()
        room.deleteLater()


@pytest.fixture
def person(open_room):
    return open_room()
