"""The pane beside the list: what is in a recording, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qtpy.QtCore import QSignalBlocker, Qt, Signal
from qtpy.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mtjlab.data import RecordingFacts, tags_of
from mtjlab.gui.picture_view import PictureView
from mtjlab.gui.recordings.columns_plot import ColumnsPlot
from mtjlab.gui.recordings.detail_page import detail_page, log_page, plan_page
from mtjlab.gui.recordings.recording_detail import RecordingDetail

__all__ = ["DetailPane"]

ACTIONS = {
    "Resume": "continue this recording, with its own procedure and parameters",
    "To the form": "fill the form of the Run room with the parameters of this recording",
    "Fit again…": "make the fit of this recording again, with other settings",
    "Randomness": "test the bits of this recording for randomness",
    "Images": "make images from the bits of this recording",
    "Export…": "write this recording for other programs",
    "Reveal": "open the file manager where this recording lies",
}
"""The buttons, each with what it does."""


class DetailPane(QWidget):
    """Show one recording, or curves of several."""

    action_wanted = Signal(str)
    """One of `ACTIONS`, to be done with the recording that is shown."""
    notes_wanted = Signal(object, str)
    """Tags, as a tuple, and the note that the recording shall have."""
    page_shown = Signal()
    """Another page came to the front."""

    def __init__(self) -> None:
        super().__init__()
        self.name = QLabel()
        """The recording that is shown."""
        self.tags, self.note = QLineEdit(), QLineEdit()
        self.save = QPushButton("Save tags and note")
        self.buttons = {name: QPushButton(name) for name in ACTIONS}
        """What can be done, by name."""
        self.text, self.log, self.plan = QTextBrowser(), QTextBrowser(), QTextBrowser()
        self.plot, self.picture = ColumnsPlot(), PictureView()
        self.pages = QTabWidget()
        """The pages."""
        self.warning = "#b3362c"
        """Colour of what does not match."""
        self._detail: RecordingDetail | None = None
        self._lay_out()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.action_wanted.emit(name))
        self.save.clicked.connect(self._save)
        for line in (self.tags, self.note):
            line.returnPressed.connect(self._save)
            line.textEdited.connect(lambda: self.save.setEnabled(True))
        self.pages.currentChanged.connect(lambda: self.page_shown.emit())
        self.show_none()

    @property
    def page(self) -> str:
        """Name of the page in front."""
        return str(self.pages.tabText(self.pages.currentIndex()))

    def offer(self, name: str, is_offered: bool) -> None:
        """Show a button, or not: nobody would hear it.

        Parameters
        ----------
        name
            One of `ACTIONS`.
        is_offered
            Whether it is shown.
        """
        self.buttons[name].setVisible(is_offered)

    def show_none(self) -> None:
        """Show that no recording is selected."""
        self._detail = None
        self.name.setText("Select a recording; several, to compare them.")
        self.setEnabled(False)
        for page in (self.text, self.log, self.plan):
            page.clear()
        self.show_picture(b"", "")

    def show_facts(self, selected: Sequence[RecordingFacts]) -> None:
        """Show which recordings are selected, and what can be done with the first.

        Parameters
        ----------
        selected
            The recordings.
        """
        facts = selected[0]
        more = f" and {len(selected) - 1} more" if len(selected) > 1 else ""
        self.setEnabled(True)
        self.name.setText(f"<b>{Path(facts.path).name}</b>{more}")
        self.name.setToolTip("\n".join(each.path for each in selected))
        is_single, is_sound = len(selected) == 1, facts.status not in ("", "broken")
        allowed = {
            "Resume": is_single and facts.can_resume,
            "To the form": is_single and is_sound,
            "Fit again…": is_single and is_sound and facts.status != "running" and facts.rows > 0,
            "Randomness": is_single and facts.bits > 0,
            "Images": is_single and facts.bits > 0,
            "Export…": is_single and is_sound,
            "Reveal": is_single,
        }
        for name, button in self.buttons.items():
            button.setEnabled(allowed[name])
        may_note = is_single and is_sound and facts.status != "running"
        for widget in (self.tags, self.note):
            widget.setEnabled(may_note)
        self.show_notes(facts)

    def show_notes(self, facts: RecordingFacts) -> None:
        """Show the tags and the note of a recording."""
        with QSignalBlocker(self.tags), QSignalBlocker(self.note):
            self.tags.setText(" ".join(facts.tags))
            self.note.setText(facts.remark)
        self.save.setEnabled(False)

    def show_detail(self, detail: RecordingDetail) -> None:
        """Show what was read of the recording."""
        is_same = self._detail is not None and self._detail.facts.path == detail.facts.path
        self._detail = detail
        texts = detail_page(detail, self.warning), log_page(detail, self.warning), plan_page(detail)
        for page, text in zip((self.text, self.log, self.plan), texts, strict=True):
            at = page.verticalScrollBar().value()
            page.setHtml(text)
            if is_same:  # one that is being written is read again and again
                page.verticalScrollBar().setValue(at)
        self.plot.set_choices(detail.plots)

    def show_picture(self, png: bytes, words: str = "") -> None:
        """Show the recording as its procedure draws it.

        Parameters
        ----------
        png
            The picture; nothing shows `words` in its place.
        words
            Why there is none.
        """
        self.picture.show_png(png)
        if not png:
            self.picture.setText(words)

    def set_colours(self, background: str, text: str, warning: str) -> None:
        """Follow the theme.

        Parameters
        ----------
        background, text, warning
            Colours, ``#rrggbb``.
        """
        self.warning = warning
        self.plot.set_colours(background, text)
        if self._detail is not None:
            self.show_detail(self._detail)

    def _lay_out(self) -> None:
        actions = QGridLayout()
        actions.setSpacing(4)
        for number, (name, button) in enumerate(self.buttons.items()):
            button.setToolTip(ACTIONS[name])
            button.setMinimumWidth(0)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            actions.addWidget(button, number // 4, number % 4)
        notes = QFormLayout()
        notes.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, line, hint in (
            ("Tags", self.tags, "words, between spaces; they are kept in the recording, and found by tag:word"),
            ("Note", self.note, "a sentence about it, kept in the log of the recording; earlier notes stay there"),
        ):
            line.setToolTip(hint)
            line.setAccessibleName(name)
            notes.addRow(name, line)
        self.save.setToolTip("write the tags and the note into the recording")
        notes.addRow("", self.save)
        overview = QWidget()
        inside = QVBoxLayout(overview)
        inside.setContentsMargins(6, 6, 6, 4)
        inside.addLayout(notes)
        inside.addWidget(self.text, 1)
        named = {"Overview": overview, "Plot": self.plot, "Picture": self.picture, "Log": self.log, "Plan": self.plan}
        for name, page in named.items():
            self.pages.addTab(page, name)
        for name, browser in (("Overview", self.text), ("Log", self.log), ("Plan", self.plan)):
            browser.setAccessibleName(name)
            browser.setOpenLinks(False)
        self.plan.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)
        self.picture.setWordWrap(True)
        self.name.setTextFormat(Qt.TextFormat.RichText)
        self.name.setWordWrap(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(6, 0, 0, 0)
        whole.addWidget(self.name)
        whole.addLayout(actions)
        whole.addWidget(self.pages, 1)

    def _save(self) -> None:
        self.notes_wanted.emit(tags_of(self.tags.text()), self.note.text())
