"""How the Run room is laid out: parameters at the left; sweeps, options, estimate, file and buttons at the right."""

from collections.abc import Callable
from pathlib import Path

from pymeasure.experiment import Procedure
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.run.marking import say_quietly, say_refused
from mtjlab.gui.run.options_form import OptionsForm
from mtjlab.gui.run.output_form import OutputForm
from mtjlab.gui.run.parameter_form import ParameterForm
from mtjlab.gui.run.preset_bar import PresetBar
from mtjlab.gui.run.presets import Presets
from mtjlab.gui.run.procedure_choice import ProcedureChoice
from mtjlab.gui.run.sweep_form import SweepForm
from mtjlab.instruments import BenchFile

__all__ = ["RunLayout"]


class RunLayout:
    """The widgets of the room, in their places.

    Parameters
    ----------
    room
        The room.
    folder
        Where recordings go.
    presets
        Where presets are kept.
    """

    def __init__(self, room: QWidget, folder: Path, presets: Presets) -> None:
        self.choice, self.presets = ProcedureChoice(), PresetBar(presets)
        self.parameters = ParameterForm(Procedure)
        self.sweeps = SweepForm(Procedure)
        self.options, self.output = OptionsForm(), OutputForm(folder)
        self.open = _button("Take from file…", "Fill the form from a recording or a plan; or drop one on the form")
        self.save = _button("Save as plan…", "Save the form as a plan file, which mtjlab run takes")
        self.dry_run = _button("Dry run", "Check all limits of the bench; no output is touched")
        self.queue = _button("Add to queue", "Run it when its turn comes, also with the window closed")
        self.start = _button("Start", "Run it now (Ctrl+Return)")
        self.start.setShortcut("Ctrl+Return")
        self._outlook, self._allowed, self._why, self._said = QLabel(), QLabel(), QLabel(), QLabel()
        self._outlook.setAccessibleName("Estimate")
        for label in (self._outlook, self._allowed, self._why, self._said):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            label.hide()
        self._scroll, self._sweep_scroll = _scroll(self.parameters), _scroll(self.sweeps)
        self._lay_out(room)

    def show_parameters(self, kind: type[Procedure], bench: BenchFile | None, changed: Callable[[], None]) -> None:
        """Show the parameters of another procedure.

        Parameters
        ----------
        kind
            Its class.
        bench
            Bench to run on.
        changed
            Called when something was typed.
        """
        self.parameters = ParameterForm(kind, bench)
        self.parameters.changed.connect(changed)
        self._scroll.setWidget(self.parameters)
        changed()

    def show_sweeps(self, kind: type[Procedure], changed: Callable[[], None]) -> None:
        """Show that nothing is swept.

        Parameters
        ----------
        kind
            Class of the procedure.
        changed
            Called when something was typed.
        """
        self.sweeps = SweepForm(kind)
        self.sweeps.changed.connect(changed)
        self._sweep_scroll.setWidget(self.sweeps)

    def enable(self, reasons: list[str], *, running: bool) -> None:
        """Let the buttons be pressed that may be.

        Parameters
        ----------
        reasons
            Why the form may not be run.
        running
            Whether a run is under way.
        """
        for button in (self.start, self.queue, self.dry_run, self.save):
            button.setEnabled(not reasons)
        self.start.setEnabled(not reasons and not running)
        if reasons:
            more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
            _tell(self._why, f"{reasons[0]}{more}", refused=True)
        else:
            under_way = "A run is under way: add this one to the queue." if running else ""
            _tell(self._why, under_way, refused=False)

    def say(self, text: str) -> None:
        """Say what was done."""
        _tell(self._said, text, refused=False)

    def say_refused(self, text: str) -> None:
        """Say in red why something was not done."""
        _tell(self._said, text, refused=True)

    def say_outlook(self, text: str, *, refused: bool = False) -> None:
        """Say what the runs would take."""
        _tell(self._outlook, text, refused=refused, quietly=False)

    def say_allowed(self, text: str, *, refused: bool) -> None:
        """Say what the bench allows."""
        _tell(self._allowed, text, refused=refused)

    def _lay_out(self, room: QWidget) -> None:
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 8, 4, 8)
        column.addWidget(self.choice)
        row = QHBoxLayout()
        row.addWidget(self.presets, 1)
        row.addWidget(self.open)
        column.addLayout(row)
        column.addWidget(self._scroll, 1)
        tabs = QTabWidget()
        tabs.addTab(self._sweep_scroll, "Sweeps")
        tabs.addTab(_scroll(self.options), "Sample and options")
        column = QVBoxLayout(right)
        column.setContentsMargins(4, 8, 8, 8)
        column.addWidget(tabs, 1)
        column.addWidget(self._outlook)
        column.addWidget(self._allowed)
        column.addWidget(self.output)
        column.addWidget(self._why)
        column.addWidget(self._said)
        row = QHBoxLayout()
        for button in (self.save, self.dry_run, self.queue):
            row.addWidget(button)
        self.start.setMinimumHeight(36)
        font = self.start.font()
        font.setBold(True)
        self.start.setFont(font)
        row.addWidget(self.start, 1)
        column.addLayout(row)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        both.addWidget(left)
        both.addWidget(right)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        outer = QHBoxLayout(room)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(both)


def _tell(label: QLabel, text: str, *, refused: bool, quietly: bool = True) -> None:
    label.setVisible(bool(text))
    if refused:
        say_refused(label, text)
    elif quietly:
        say_quietly(label, text)
    else:
        label.setStyleSheet("")
        label.setText(text)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button


def _scroll(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
