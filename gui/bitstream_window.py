"""The window: parameters, start and stop, P(1) and resistance as they come."""

import math
from datetime import datetime
from pathlib import Path

import numpy as np
import pyqtgraph
from qtpy.QtCore import QTimer
from qtpy.QtGui import QCloseEvent
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mtjlab.gui.bitstream_run import BitstreamRun
from mtjlab.gui.procedure_inputs import ProcedureInputs
from mtjlab.procedures.random_bitstream import RandomBitstream

__all__ = ["BitstreamWindow"]

INPUTS = ("bits", "amplitude", "width", "settle", "bias", "compliance", "integration", "block")
BLUE, GREY, RED = "#1f5fa8", "#9aa5b1", "#b3362c"


class BitstreamWindow(QMainWindow):
    """Acquire random bits and watch them.

    Parameters
    ----------
    bench_file
        Bench file or name of a shipped bench.
    folder
        Where recordings go unless another file is chosen.
    """

    def __init__(self, bench_file: str = "simulated", folder: Path | None = None) -> None:
        super().__init__()
        self.run: BitstreamRun | None = None
        self._bench_file = bench_file
        self._folder = folder or Path.cwd()
        self.setWindowTitle(f"mtjlab: random bitstream on bench {bench_file}")
        self._inputs = ProcedureInputs(RandomBitstream, inputs=INPUTS, parent=self)
        self._file = QLineEdit(str(self._next_file()))
        self._browse = QPushButton("Browse…")
        self._start = QPushButton("Start")
        self._stop = QPushButton("Stop")
        self._stop.setEnabled(False)
        self._bar = QProgressBar()
        self._summary = QLabel("Ready.")
        self._summary.setWordWrap(True)
        self._make_plots()
        self._lay_out()
        self._browse.clicked.connect(self._choose_file)
        self._start.clicked.connect(self.start)
        self._stop.clicked.connect(self.stop)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self.resize(1000, 640)

    def start(self) -> None:
        """Start a run with the parameters as they stand."""
        try:
            procedure = self._inputs.get_procedure()
        except ValueError as error:
            self._say_error(str(error))
            return
        self.run = BitstreamRun(procedure, self._bench_file, Path(self._file.text()))
        self.run.start()
        self._enable(running=True)
        self._summary.setText("Opening the bench…")
        self._timer.start(50)

    def stop(self) -> None:
        """Finish the block under way and end the run."""
        if self.run is not None:
            self.run.stop()
            self._summary.setText("Stopping after the block under way…")

    def refresh(self) -> None:
        """Draw what has come, and take note of the end of the run."""
        if self.run is None:
            return
        ended = not self.run.is_alive()
        self._draw(self.run)
        if ended:
            self._timer.stop()
            self._enable(running=False)
            self._conclude(self.run)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """End a run that is under way, so that outputs are off and the file is whole, then close."""
        if self.run is not None and self.run.is_alive():
            self.run.stop()
            self.run.join()
        event.accept()

    def _make_plots(self) -> None:
        pyqtgraph.setConfigOptions(background="w", foreground="#1c2630", antialias=True)
        self._plots = pyqtgraph.GraphicsLayoutWidget()
        chance = self._plots.addPlot(row=0, col=0)
        chance.setLabel("left", "P(1)")
        chance.setLabel("bottom", "bits recorded")
        for side in ("left", "bottom"):
            chance.getAxis(side).enableAutoSIPrefix(False)  # 0.495, not 495 thousandths
        chance.addLine(y=0.5, pen=GREY)
        self._low = chance.plot(pen=GREY)
        self._high = chance.plot(pen=GREY)
        chance.addItem(pyqtgraph.FillBetweenItem(self._low, self._high, brush=(154, 165, 177, 70)))
        self._p_one = chance.plot(pen=pyqtgraph.mkPen(BLUE, width=1.5))
        trace = self._plots.addPlot(row=1, col=0)
        trace.setLabel("left", "resistance", units="Ω")
        trace.setLabel("bottom", "latest reads")
        self._resistance = trace.plot(pen=None, symbol="o", symbolSize=3, symbolBrush=RED, symbolPen=None)

    def _lay_out(self) -> None:
        file_row = QHBoxLayout()
        file_row.addWidget(self._file)
        file_row.addWidget(self._browse)
        buttons = QHBoxLayout()
        buttons.addWidget(self._start)
        buttons.addWidget(self._stop)
        side = QVBoxLayout()
        side.addWidget(self._inputs)
        side.addWidget(QLabel("Recording"))
        side.addLayout(file_row)
        side.addLayout(buttons)
        side.addWidget(self._bar)
        side.addWidget(self._summary)
        side.addStretch()
        panel = QWidget()
        panel.setLayout(side)
        panel.setFixedWidth(340)
        whole = QHBoxLayout()
        whole.addWidget(panel)
        whole.addWidget(self._plots)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)

    def _draw(self, run: BitstreamRun) -> None:
        live = run.live.snapshot()
        self._bar.setValue(round(run.progress))
        if not live.total:
            return
        band = 1.96 * 0.5 / np.sqrt(np.diff(live.bits, prepend=0.0))
        self._low.setData(live.bits, 0.5 - band)
        self._high.setData(live.bits, 0.5 + band)
        self._p_one.setData(live.bits, live.p_one)
        self._resistance.setData(live.resistances)
        share, error = live.ones / live.total, 0.98 / math.sqrt(live.total)
        self._summary.setText(f"{live.total:,} bits, P(1) = {share:.5f} ± {error:.5f} (95 %)")

    def _conclude(self, run: BitstreamRun) -> None:
        if run.error is not None:
            self._say_error(str(run.error))
            return
        ended = "Stopped" if run.stopped else "Finished"
        self._summary.setText(f"{ended}: {self._summary.text()}\nwritten to {run.path}")
        self._file.setText(str(self._next_file()))

    def _say_error(self, text: str) -> None:
        self._summary.setText(f"Failed: {text}")
        box = QMessageBox(QMessageBox.Icon.Critical, "mtjlab", text, parent=self)
        box.open()  # not modal for the program: the window stays alive behind it

    def _enable(self, *, running: bool) -> None:
        for widget in (self._inputs, self._file, self._browse, self._start):
            widget.setEnabled(not running)
        self._stop.setEnabled(running)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Recording", self._file.text(), "Recordings (*.h5)")
        if name:
            self._file.setText(name)

    def _next_file(self) -> Path:
        return self._folder / f"bitstream-{datetime.now():%Y%m%d-%H%M%S}.h5"
