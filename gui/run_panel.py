"""The left side of the window: what is to be run, into which file, the buttons, and what is said of the run."""

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.procedure_inputs import ProcedureInputs

__all__ = ["RunPanel"]

WIDTH = 450
"""Width of the panel [pixels]."""


class RunPanel(QWidget):
    """The choice of a procedure, its inputs and estimates, the recording, the buttons, the bar and the summary."""

    def __init__(self) -> None:
        super().__init__()
        self.procedure = QComboBox()
        """The procedures there are; the chosen one is shown."""
        self.estimates = QLabel()
        """How long a run would take and how large its file would be, or what is wrong with the inputs."""
        self.estimates.setWordWrap(True)
        self.file = QLineEdit()
        """Path of the recording that the next run writes."""
        self.browse = QPushButton("Browse…")
        self.form = QPushButton("Sweeps, presets, queue…")
        self.form.setToolTip("open the whole form: sweeps, presets, sample, dry run, queue")
        self.start = QPushButton("Start")
        self.resume = QPushButton("Resume…")
        self.resume.setToolTip("resume a recording that was stopped, in its own file")
        self.fit = QPushButton("Fit…")
        self.fit.setToolTip("make the fit of a recording again, with other settings; earlier results stay in it")
        self.stop = QPushButton("Stop")
        self.bar = QProgressBar()
        """How far the run is."""
        self.summary = QLabel("Ready.")
        """What is said of the run, or of what was refused."""
        self.summary.setWordWrap(True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self._lay_out()
        self.enable(running=False)

    def show_inputs(self, inputs: ProcedureInputs) -> None:
        """Show the inputs of another procedure.

        Parameters
        ----------
        inputs
            What takes the place of the inputs shown before.
        """
        self._scroll.setWidget(inputs)

    def enable(self, *, running: bool) -> None:
        """Let a run be stopped while there is one, and begun where there is none.

        Parameters
        ----------
        running
            Whether a run is under way.
        """
        chosen_by = self.procedure, self.file, self.browse, self.start, self.resume, self.fit
        for widget in chosen_by:
            widget.setEnabled(not running)
        if (inputs := self._scroll.widget()) is not None:
            inputs.setEnabled(not running)
        self.stop.setEnabled(running)
        self.stop.setText("Stop")

    def _lay_out(self) -> None:
        side = QVBoxLayout(self)
        side.addWidget(QLabel("Procedure"))
        side.addWidget(self.procedure)
        side.addWidget(self._scroll, 1)
        side.addWidget(self.estimates)
        side.addWidget(QLabel("Recording"))
        side.addLayout(_row(self.file, self.browse))
        side.addWidget(self.form)
        side.addLayout(_row(self.start, self.resume, self.fit, self.stop))
        side.addWidget(self.bar)
        side.addWidget(self.summary)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row
