"""The window: a procedure and its parameters, start and stop, what comes, what was found."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyqtgraph
from pymeasure.experiment import Procedure
from qtpy.QtCore import QSignalBlocker, QTimer
from qtpy.QtGui import QCloseEvent
from qtpy.QtWidgets import QFileDialog, QHBoxLayout, QMainWindow, QMessageBox, QPlainTextEdit, QTabWidget, QWidget

from mtjlab.analysis import poor_fits
from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.gui.bench_reading import bench_of
from mtjlab.gui.bits_view import BitsView
from mtjlab.gui.fit_dialog import FitDialog
from mtjlab.gui.fit_run import FitRun
from mtjlab.gui.form_window import FormOpener
from mtjlab.gui.log_lines import LogLines
from mtjlab.gui.picture_view import PictureView
from mtjlab.gui.procedure_inputs import ProcedureInputs
from mtjlab.gui.procedure_run import ProcedureRun
from mtjlab.gui.recordings.recordings_room import RecordingsRoom
from mtjlab.gui.results_table import ResultsTable
from mtjlab.gui.rows_view import RowsView
from mtjlab.gui.run.form_request import FormRequest
from mtjlab.gui.run_options_form import RunOptionsForm
from mtjlab.gui.run_panel import RunPanel
from mtjlab.procedures import (
    RandomBitstream,
    TableProcedure,
    find_procedure,
    find_procedure_by_class,
    measurement,
    procedure_name,
    procedure_names,
    value_of,
)
from mtjlab.procedures.running import Estimates, fit_settings, procedure_of, recorded_procedure

__all__ = ["RunnerWindow"]

log = logging.getLogger(__name__)

CLOSING = 3.0
"""Time [s] that a run has to finish what is under way when the window is closed."""
RECORDINGS = "Recordings (*.h5)"


class RunnerWindow(QMainWindow):
    """Run any procedure on a bench and watch it.

    Parameters
    ----------
    bench_file
        Bench file or name of a shipped bench.
    folder
        Where recordings go unless another file is chosen.
    procedure
        Name of the procedure to begin with, or ``FILE.py:Class`` of one's own.
    """

    def __init__(
        self, bench_file: str = "simulated", folder: Path | None = None, procedure: str = "random-bitstream"
    ) -> None:
        super().__init__()
        self._bench_file, self._bench = bench_file, bench_of(bench_file)
        self._folder = folder or Path.cwd()
        self.run: ProcedureRun | None = None
        """The run that is shown."""
        self.panel = RunPanel()
        """What is to be run, the buttons, and what is said of the run."""
        self.live: BitsView | RowsView | None = None
        """The plot of what comes."""
        self.picture = PictureView()
        """The recording, drawn at the end of the run."""
        self.results = ResultsTable()
        """What was found."""
        self.options = RunOptionsForm()
        """The page of options."""
        self.recordings = RecordingsRoom(self._folder)
        """The recordings of the folder."""
        self.is_urgent = False
        """Whether a run that is under way is ended at once on closing: the system goes down, the terminal is gone."""
        self.form = FormOpener(self._bench, self._folder, self.begin)
        """The whole form, in a window of its own."""
        self._log_lines = LogLines()
        logger = logging.getLogger("mtjlab")
        logger.addHandler(self._log_lines)
        logger.setLevel(min(logging.INFO, logger.level or logging.INFO))
        pyqtgraph.setConfigOptions(background="w", foreground="#1c2630", antialias=True)
        self._lay_out()
        self.panel.procedure.addItems(dict.fromkeys([*procedure_names(), procedure]))
        self._connect()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._estimating = QTimer(self)
        self._estimating.timeout.connect(self.estimate)
        self._estimating.start(1000)
        self.panel.procedure.setCurrentText(procedure)
        self.choose(procedure)
        self.resize(1080, 700)

    @property
    def is_running(self) -> bool:
        """Whether a run is under way, or has ended and is not shown to its end yet."""
        return bool(self._timer.isActive())

    @property
    def message(self) -> str:
        """What the window says of the run, or of what was refused."""
        return str(self.panel.summary.text())

    @property
    def output(self) -> Path:
        """The recording that the next run writes."""
        return Path(self.panel.file.text())

    @output.setter
    def output(self, path: Path) -> None:
        self.panel.file.setText(str(path))

    def choose(self, name: str) -> None:
        """Show the parameters of another procedure."""
        self._show(find_procedure(name))

    def start(self) -> None:
        """Start a run with the parameters as they stand."""
        try:
            procedure, options = self.inputs.get_procedure(), self.options.options()
        except ValueError as error:
            self._say_error(str(error))
            return
        self._begin(ProcedureRun(procedure, self._bench_file, self.output, options))

    def begin(self, request: FormRequest) -> None:
        """Start what the form asks for."""
        if self.is_running:
            raise InputError("a run is under way: add this one to the queue, or wait for the end of the other")
        self._fill(request.procedure)
        self.output = request.output
        self._begin(ProcedureRun(request.procedure, self._bench_file, request.output, request.options))

    def resume(self, path: Path) -> None:
        """Continue with a recording, with its own procedure and parameters."""
        try:
            procedure = procedure_of(path, find_procedure_by_class(Recording(path).procedure), {})
            options = self.options.options(resume=True)
        except ValueError as error:
            self._say_error(str(error))
            return
        self._fill(procedure)
        self.output = path
        self._begin(ProcedureRun(procedure, self._bench_file, path, options))

    def fit(self, path: Path, settings: Mapping[str, Any] | None = None) -> None:
        """Make the fit of a recording again, with other settings; without any, ask for them."""
        try:
            recording = Recording(path)
            kind = find_procedure_by_class(recording.procedure)
            procedure, allowed = recorded_procedure(recording, kind), fit_settings(recording, kind)
        except (ValueError, OSError) as error:
            self._say_error(str(error))
            return
        if settings is None:
            dialog = FitDialog(self, path.name, allowed)
            if not dialog.exec_():
                return
            settings = dialog.changed
        self._fill(procedure)
        self.output = path
        self._begin(FitRun(procedure, path, settings))
        self.panel.summary.setText(f"Fitting {path.name}…")

    def take_parameters(self, path: Path) -> None:
        """Show the procedure of a recording with its parameters, for a new run."""
        try:
            procedure = procedure_of(path, find_procedure_by_class(Recording(path).procedure), {})
        except (ValueError, OSError) as error:
            self._say_error(str(error))
            return
        self._fill(procedure)

    def stop(self) -> None:
        """Finish what is under way and end the run; a second time, at once."""
        if self.run is not None:
            at_once = self.run.stopped or self.run.fitting
            self.panel.summary.setText("Stopping at once…" if at_once else "Stopping when what is under way is done…")
            self.run.stop()
            self.panel.stop.setText("Stop at once")

    def refresh(self) -> None:
        """Draw what has come, and take note of the end of the run."""
        if self.run is None:
            return
        ended = not self.run.is_alive()
        self._draw(self.run)
        if ended:
            self._timer.stop()
            self.panel.enable(running=False)
            self._conclude(self.run)

    def estimate(self) -> None:
        """Say how long a run would take and how large its file would be."""
        if self.run is not None and self.run.is_alive():
            return
        try:
            procedure = self.inputs.get_procedure()
            if isinstance(procedure, TableProcedure | RandomBitstream):
                procedure.simulation = self._bench.simulation if self._bench else None
            lines = Estimates.of(procedure).lines
        except ValueError as error:
            self.panel.estimates.setText(str(error))
            return
        self.panel.estimates.setText("\n".join(f"{name}: {words}" for name, words in lines))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """End a run that is under way, so that outputs are off and the file is whole, then close."""
        self._estimating.stop()
        self._timer.stop()
        if self.run is not None and self.run.is_alive():
            self.run.end(CLOSING, lambda: self.is_urgent)
        self.recordings.close()
        self.form.close()
        logging.getLogger("mtjlab").removeHandler(self._log_lines)
        event.accept()

    # the parts

    def _lay_out(self) -> None:
        self.setWindowTitle(f"mtjlab on bench {self._bench_file}")
        self._log = QPlainTextEdit(readOnly=True)
        self._log.setMaximumBlockCount(5000)
        self._tabs = QTabWidget()
        pages = {"Picture": self.picture, "Results": self.results, "Log": self._log}
        pages |= {"Options": self.options, "Recordings": self.recordings}
        for name, widget in pages.items():
            self._tabs.addTab(widget, name)
        both = QHBoxLayout()
        both.addWidget(self.panel)
        both.addWidget(self._tabs)
        centre = QWidget()
        centre.setLayout(both)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.panel.procedure.currentTextChanged.connect(self.choose)
        self.panel.browse.clicked.connect(self._choose_file)
        self.panel.form.clicked.connect(lambda: self.form.open(self._name))
        self.panel.start.clicked.connect(self.start)
        self.panel.resume.clicked.connect(self._choose_recording)
        self.panel.fit.clicked.connect(self._choose_fit)
        self.panel.stop.clicked.connect(self.stop)
        self.recordings.resume_requested.connect(lambda path: self._ask_of(path, self.resume))
        self.recordings.fit_requested.connect(lambda path: self._ask_of(path, self.fit))
        self.recordings.parameters_requested.connect(lambda path: self._ask_of(path, self.take_parameters))

    def _show(self, kind: type[Procedure]) -> None:
        """Show inputs and live plot of a procedure."""
        self._name = procedure_name(kind) or kind.__name__
        with QSignalBlocker(self.panel.procedure):
            self.panel.procedure.setCurrentText(self._name)
        self.inputs = ProcedureInputs(kind, self._bench)
        self.panel.show_inputs(self.inputs)
        if self.live is not None:
            self._tabs.removeTab(0)
            self.live.deleteLater()
        self.live = BitsView() if measurement(kind).makes_bits else RowsView(kind)
        self._tabs.insertTab(0, self.live, "Live")
        self._tabs.setCurrentIndex(0)
        self.output = self._next_file()
        self.estimate()

    def _fill(self, procedure: Procedure) -> None:
        """Show the inputs of a procedure with its parameters."""
        self._show(type(procedure))
        for name, parameter in procedure.parameter_objects().items():
            self.inputs.set(name, value_of(parameter))

    def _ask_of(self, path: Path, do: Callable[[Path], None]) -> None:
        """Do what was asked for in the list of recordings, unless a run is under way."""
        if self.is_running:
            self._say_error("a run is under way: wait for its end, or stop it first")
            return
        do(path)

    # a run

    def _begin(self, run: ProcedureRun) -> None:
        self.run = run
        self.results.setRowCount(0)
        self.panel.bar.setValue(0)
        run.start()
        self.panel.enable(running=True)
        self._tabs.setCurrentIndex(0)
        self.panel.summary.setText("Opening the bench…")
        self._timer.start(50)

    def _draw(self, run: ProcedureRun) -> None:
        self.panel.bar.setValue(round(run.progress))
        self.panel.bar.setFormat(run.bar_format)
        words = self.live.draw(run) if self.live is not None else ""
        if words and not (run.stopped and run.is_alive()):
            self.panel.summary.setText(words)
        self.results.show_results(run.results)
        for line in self._log_lines.take():
            self._log.appendPlainText(line)

    def _conclude(self, run: ProcedureRun) -> None:
        if run.picture is not None:
            self.picture.show_png(run.picture)
        if run.error is not None:
            self._say_error(str(run.error))
            return
        ended = "Stopped" if run.stopped else "Finished"
        said = [f"{ended}: {self.message}", f"written to {run.path.name}"]
        said += [f"Warning: {words}" for words in poor_fits(run.results)]
        self.panel.summary.setText("\n".join(said))
        self.panel.summary.setToolTip(str(run.path))
        if not isinstance(self.live, BitsView) and run.picture is not None and not run.stopped:
            self._tabs.setCurrentWidget(self.picture)
        self.output = self._next_file()

    def _say_error(self, text: str) -> None:
        self.panel.summary.setText(f"Failed: {text}")
        box = QMessageBox(QMessageBox.Icon.Critical, "mtjlab", text, parent=self)
        box.open()  # not modal for the program: the window stays alive behind it

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Recording", self.panel.file.text(), RECORDINGS)
        if name:
            self.panel.file.setText(name)

    def _choose_fit(self) -> None:
        last = self.run.path if self.run is not None and self.run.path.is_file() else self._folder
        name, _ = QFileDialog.getOpenFileName(self, "Recording to fit", str(last), RECORDINGS)
        if name:
            self.fit(Path(name))

    def _choose_recording(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Recording to resume", str(self._folder), RECORDINGS)
        if name:
            self.resume(Path(name))

    def _next_file(self) -> Path:
        return self._folder / f"{self._name}-{datetime.now():%Y%m%d-%H%M%S}.h5"
