"""The Recordings room: the recordings of a folder, what is in them, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShowEvent
from qtpy.QtWidgets import QFileDialog, QLabel, QShortcut, QSplitter, QVBoxLayout, QWidget

from mtjlab.data import FoundFile, RecordingFacts
from mtjlab.gui.recordings.background_calls import BackgroundCalls
from mtjlab.gui.recordings.curve_labels import curve_labels
from mtjlab.gui.recordings.detail_pane import DetailPane
from mtjlab.gui.recordings.export_dialog import ExportDialog
from mtjlab.gui.recordings.file_manager import reveal
from mtjlab.gui.recordings.folder_notices import FolderNotices
from mtjlab.gui.recordings.folder_reader import READERS, FolderReader
from mtjlab.gui.recordings.list_pane import ListPane
from mtjlab.gui.recordings.reading_process import ReadingProcess
from mtjlab.gui.recordings.recorded_curves import read_curves
from mtjlab.gui.recordings.recording_detail import RecordingDetail, begin, note_recording, read_detail
from mtjlab.gui.recordings.recording_export import export_recording
from mtjlab.gui.recordings.recording_picture import read_picture
from mtjlab.gui.recordings.room_colours import RoomColours

__all__ = ["RecordingsRoom"]

MOST_COMPARED = 16
"""Recordings whose curves are drawn over each other."""


class RecordingsRoom(QWidget):
    """Browse the recordings of a folder and its subfolders.

    Parameters
    ----------
    folder
        The folder.
    """

    resume_requested = Signal(Path)
    """A recording is to be continued."""
    parameters_requested = Signal(Path)
    """The form is to be filled with the parameters of a recording."""
    fit_requested = Signal(Path)
    """The fit of a recording is to be made again."""
    randomness_requested = Signal(Path)
    """The bits of a recording are to be tested."""
    images_requested = Signal(Path)
    """Images are to be made of the bits of a recording."""
    folder_changed = Signal(Path)
    """Another folder was chosen here."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.list = ListPane()
        """The list."""
        self.detail = DetailPane()
        """The recording that is selected."""
        self.message = QLabel()
        """What came of the last thing that was asked."""
        self._calls, self._slow = BackgroundCalls(), BackgroundCalls()  # a picture takes seconds, a look does not
        self._processes = [ReadingProcess() for _ in range(READERS)]
        self._notices = FolderNotices(self)
        self._wanted = ""
        self._asked: tuple[str, int, int] | None = None
        self._reader: FolderReader | None = None
        self._lay_out()
        self._connect()
        self.set_folder(folder)

    @property
    def folder(self) -> Path:
        """The folder that is shown."""
        return self._reader.folder

    @property
    def reads(self) -> int:
        """Recordings that were opened for the list so far; those known from before are not."""
        return self._reader.reads

    def set_folder(self, folder: Path) -> None:
        """Show another folder.

        Parameters
        ----------
        folder
            The folder.
        """
        if self._reader is not None:
            self._reader.stop()
        reader = self._reader = FolderReader(Path(folder).absolute(), self._processes)
        reader.found.connect(self._show_files)
        reader.read.connect(self._show_facts)
        reader.lost.connect(self._say_lost)
        self.list.show_folder(reader.folder)
        self.list.say("")
        self._wanted = ""
        if self.isVisible():
            reader.watch(True)

    def select(self, path: Path) -> None:
        """Select a recording, as soon as it is in the list; it is asked for at once.

        Parameters
        ----------
        path
            The recording.
        """
        self._wanted = str(Path(path).absolute())
        if self.list.select(self._wanted):
            self._wanted = ""
        else:
            self._reader.look()

    def look(self) -> None:
        """Look at the folder now, and not only at the next notice of the system."""
        self._reader.look()

    # what Qt says

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look at the folder while the list is on the screen.

        Parameters
        ----------
        event
            What Qt says.
        """
        super().showEvent(event)
        self._offer_what_is_heard()
        self._calls.ask("begin", begin)  # so that the first click is answered as soon as the others
        self._reader.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Leave the folder alone: nobody sees the list.

        Parameters
        ----------
        event
            What Qt says.
        """
        super().hideEvent(event)
        self._reader.watch(False)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme of the system.

        Parameters
        ----------
        event
            What Qt says.
        """
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._follow_theme()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """End what reads in the background.

        Parameters
        ----------
        event
            What Qt says.
        """
        self._reader.stop()
        self._calls.stop()
        self._slow.stop()
        for process in self._processes:
            process.close()
        super().closeEvent(event)

    # the list

    def _show_files(self, folder: Path, files: list[FoundFile]) -> None:
        if folder != self.folder:  # said just before another one was chosen
            return
        self.list.say("")
        self.list.view.setEnabled(True)
        self.list.show_files(files)
        self._prefer()
        if self._wanted and self.list.select(self._wanted):
            self._wanted = ""
        self._notices.watch(str(self.folder), (file.path for file in files))

    def _show_facts(self, folder: Path, facts: list[RecordingFacts]) -> None:
        if folder == self.folder:
            self.list.show_facts(facts)
            self._prefer()

    def _say_lost(self, folder: Path, words: str) -> None:
        if folder == self.folder:
            self.list.view.setEnabled(False)
            self.list.say(f"{words}. The list shows what was there.")

    def _prefer(self) -> None:
        self._reader.prefer([*(facts.path for facts in self.list.selected), *self.list.on_screen])

    # the recording that is selected

    def _select(self) -> None:
        selected = self.list.selected
        if not selected:
            self._asked = None
            self._calls.forget("detail")
            self.detail.show_none()
            return
        facts = selected[0]
        asked = facts.path, facts.size, facts.modified, len(selected)
        if asked != self._asked:
            is_other, self._asked = self._asked is None or self._asked[0] != facts.path, asked
            self.detail.show_facts(selected)
            if is_other:
                self.detail.show_picture(b"", "Drawing…")
            if facts.fault:
                self.detail.show_detail(RecordingDetail(facts))
            else:
                self._calls.ask("detail", read_detail, facts.path)
            self._ask_picture()

    def _ask_picture(self) -> None:
        if self.detail.page == "Picture" and self._asked is not None:
            self._slow.ask("picture", read_picture, self._asked[0])

    def _ask_curves(self, table: str, columns: tuple[str, ...]) -> None:
        paths = tuple(facts.path for facts in self.list.selected[:MOST_COMPARED] if facts.status != "broken")
        if paths:
            self._calls.ask("curves", read_curves, paths, table, columns)

    def _show_answer(self, kind: str, answer: Any) -> None:
        if kind == "detail":
            self.detail.show_detail(answer)
            self.list.show_facts([answer.facts])
        elif kind == "picture":
            self.detail.show_picture(answer)
        elif kind == "curves":
            curves, faults = answer
            chosen = [self.list.model.facts_of(curve.path) for curve in curves]
            self.detail.plot.show_curves(curves, curve_labels(chosen), "; ".join(faults.values()))
        elif kind == "notes":
            self._say("Tags and note are kept in the recording.")
            self._reader.look()
            self._reader.prefer([answer.path])
            self.list.show_facts([answer])
            self.detail.show_notes(answer)
        elif kind == "export":
            left = f"; the last {answer.left_out} bits fill no word and are left out" if answer.left_out else ""
            self._say(f"Exported to {answer.path}, {answer.size:,} bytes{left}.")

    def _show_refusal(self, kind: str, words: str) -> None:
        if kind == "picture":
            self.detail.show_picture(b"", words)
        elif kind == "curves":
            self.detail.plot.show_curves((), (), words)
        else:
            self._say(words)

    def _say(self, words: str) -> None:
        """Say what came of something, below the list."""
        self.message.setText(words)

    def _act(self, name: str) -> None:
        selected = self.list.selected
        if not selected:
            return
        facts, path = selected[0], Path(selected[0].path)
        signals = self._signals()
        if name in signals:
            signals[name].emit(path)
        elif name == "Export…":
            self._ask_export(facts)
        elif not reveal(path):
            self._say(f"No file manager answers; the recording lies in {path.parent}.")

    def _ask_export(self, facts: RecordingFacts) -> None:
        dialog = ExportDialog(self, facts)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def export() -> None:
            self._say("Exporting…")
            self._slow.ask("export", export_recording, *dialog.chosen)

        dialog.accepted.connect(export)
        dialog.open()

    def _keep_notes(self, tags: tuple[str, ...], note: str) -> None:
        if selected := self.list.selected:
            self._say("Writing…")
            self._calls.ask("notes", note_recording, selected[0].path, tags, note)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of recordings", str(self.folder))
        if name:
            self.set_folder(Path(name))
            self.folder_changed.emit(Path(name))

    # the parts

    def _connect(self) -> None:
        self._notices.changed.connect(self.look)
        for calls in (self._calls, self._slow):
            calls.answered.connect(self._show_answer)
            calls.refused.connect(self._show_refusal)
        self.list.selection_changed.connect(self._select)
        self.list.folder_wanted.connect(self._choose_folder)
        self.list.view.verticalScrollBar().valueChanged.connect(self._prefer)
        self.list.view.doubleClicked.connect(lambda: self.detail.setFocus())
        self.detail.action_wanted.connect(self._act)
        self.detail.notes_wanted.connect(self._keep_notes)
        self.detail.page_shown.connect(self._ask_picture)
        self.detail.plot.wanted.connect(self._ask_curves)
        QShortcut(QKeySequence.StandardKey.Refresh, self).activated.connect(self.look)

    def _lay_out(self) -> None:
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.list)
        parts.addWidget(self.detail)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        parts.setSizes([680, 500])
        self.message.setWordWrap(True)
        self.message.setAccessibleName("Result")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        whole = QVBoxLayout(self)
        whole.addWidget(parts, 1)
        whole.addWidget(self.message)
        self._follow_theme()

    def _follow_theme(self) -> None:
        """Take colours that can be read on what the window has behind them."""
        colours = RoomColours.of(self.palette())
        self.detail.set_colours(colours.background, colours.text, colours.warning)
        self.list.set_colours(colours.warning, colours.muted)

    def _offer_what_is_heard(self) -> None:
        """Show the buttons of those rooms that the window has."""
        for name, signal in self._signals().items():
            self.detail.offer(name, self.receivers(signal) > 0 if hasattr(signal, "signal") else True)

    def _signals(self) -> dict[str, Any]:
        return {
            "Resume": self.resume_requested,
            "To the form": self.parameters_requested,
            "Fit again…": self.fit_requested,
            "Randomness": self.randomness_requested,
            "Images": self.images_requested,
        }
