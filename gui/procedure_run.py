"""One run of a procedure behind the window, in a thread of its own."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pymeasure.experiment import Procedure

from mtjlab.core import Quantity
from mtjlab.data import Recording
from mtjlab.gui.live_bits import LiveBits
from mtjlab.gui.live_rows import LiveRows
from mtjlab.instruments import BenchFile
from mtjlab.procedures import (
    BlockEvent,
    Event,
    FitProgressEvent,
    ProgressEvent,
    ResultEvent,
    RowEvent,
    RowsEvent,
    measurement,
    procedure_name,
)
from mtjlab.procedures.running import (
    Interruption,
    RunExecutor,
    RunHooks,
    RunOptions,
    RunOutcome,
    RunSpec,
    recorded_picture,
)

__all__ = ["ProcedureRun"]

log = logging.getLogger(__name__)

LOOK_INTERVAL = 0.05
"""Time [s] between two looks at what may make the end urgent."""
LONGEST_END = 15.0
"""Time [s] after which a run that does not end is left to the end of the program."""


class ProcedureRun(threading.Thread):
    """Run into a recording, as the command and the queue do; draw the recording.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench_file
        Bench to open.
    path
        Recording to write.
    options
        How it is run; to resume means to continue with that recording.
    """

    def __init__(self, procedure: Procedure, bench_file: str, path: Path, options: RunOptions | None = None) -> None:
        super().__init__(name="run", daemon=True)
        self.procedure, self.path = procedure, path
        self.bits = LiveBits(procedure.bias if measurement(procedure).makes_bits else 1.0)
        """The latest bits, of a procedure that has any."""
        self.rows = LiveRows(procedure.DATA_COLUMNS)
        """The rows of its columns."""
        self.results: dict[str, Quantity] = {}
        """What was found."""
        self.error: BaseException | None = None
        """What ended the run, if it failed."""
        self.picture: bytes | None = None
        """The recording as a PNG, at the end."""
        self.progress = 0.0
        """Share done, in per cent."""
        self.fitting = False
        """Whether it has come to the fit, with all outputs off; `progress` is that of the fit then."""
        self.began: float | None = None
        """Time at which the first of it was reported [monotonic s]."""
        self._bench_file, self._options = bench_file, options or RunOptions()
        self._progress_before: float | None = None if self._options.resume else 0.0
        self._interruption = Interruption(log.info)
        self._drawn = True

    def run(self) -> None:
        """Do it all; what goes wrong is kept in `error` for the window to show."""
        outcomes: list[RunOutcome] = []
        try:
            if self._options.resume:
                self._show_recorded()
            kind = type(self.procedure)
            spec = RunSpec.of(self.procedure, procedure_name(kind) or kind.__name__, self.path, seed=self._options.seed)
            hooks = RunHooks(listener=self.take, interruption=self._interruption)
            executor = RunExecutor([spec], BenchFile.load(self._bench_file), self._options, hooks)
            outcomes = executor.outcomes
            executor.run()
        except KeyboardInterrupt as stopped:
            self.error = stopped.__cause__
        except Exception as error:
            self.error = error
        if self._drawn and outcomes:
            self._draw()

    def stop(self) -> None:
        """Finish what is under way and end; asked again, do not wait for it."""
        self._interruption.press()

    def stop_now(self) -> None:
        """Switch the outputs off and end, without waiting for what is under way and without drawing it."""
        self._drawn = False
        self._interruption.press(urgent=True)

    def end(self, patience: float, is_urgent: Callable[[], bool]) -> None:
        """Wait for the end: of what is under way for so long [s], or until it is urgent, then at once."""
        self.stop()
        self._drawn = False
        asked = time.monotonic()
        while self.is_alive() and time.monotonic() - asked < patience and not is_urgent():
            self.join(LOOK_INTERVAL)
        self.stop_now()
        self.join(LONGEST_END)
        if self.is_alive():
            log.error("the bench does not close; the end of the program switches its outputs off")

    @property
    def stopped(self) -> bool:
        """Whether the run was asked to end early."""
        return self._interruption.count > 0

    @property
    def seconds_left(self) -> float | None:
        """Time left, as fast as it went so far [s]; None while nothing is known."""
        done = self.progress - (self._progress_before or 0.0)
        if self.began is None or done <= 0 or self.progress >= 100:
            return None
        return (time.monotonic() - self.began) * (100 - self.progress) / done

    @property
    def bar_format(self) -> str:
        """What stands in the progress bar: per cent, and the time left where it is known."""
        left = self.seconds_left
        what = "fit: " if self.fitting else ""
        return f"{what}%p %" if left is None else f"{what}%p %, {_time(left)} left"

    def _show_recorded(self) -> None:
        """Begin with what the recording holds: what is shown live is the whole of it, not the part that is added."""
        recording = Recording(self.path)
        if measurement(self.procedure).makes_bits:
            blocks = recording.blocks()
            self.bits.go_on_after(blocks["count"].tolist(), blocks["ones"].tolist())
        self.rows.add_recorded(recording.frame())

    def _draw(self) -> None:
        """Draw what there is; a recording without a row has no picture."""
        if not self.path.is_file():
            return
        try:
            recording = Recording(self.path)
            self.results = recording.results
            self.picture = recorded_picture(recording, type(self.procedure))
        except ValueError as error:
            log.info("%s", error)

    def take(self, event: Event) -> None:
        """Take an event of the run; called in the worker's thread."""
        if self.began is None:
            self.began = time.monotonic()
        match event:
            case BlockEvent(block, row):
                self.bits.add(block)
                if row is not None:
                    self.rows.add(row)
            case RowEvent(row):
                self.rows.add(row)
            case RowsEvent(columns):
                self.rows.add(columns)
            case ResultEvent(results):
                self.results |= results
            case ProgressEvent(percent):
                if self._progress_before is None:  # what it continues with took no time now
                    self._progress_before, self.began = percent, time.monotonic()
                self.progress = percent
            case FitProgressEvent(percent):
                if not self.fitting:
                    self.fitting, self.began, self._progress_before = True, time.monotonic(), 0.0
                self.progress = percent


def _time(seconds: float) -> str:
    minutes, hours = seconds / 60, seconds / 3600
    return f"{seconds:.0f} s" if seconds < 120 else f"{minutes:.0f} min" if minutes < 120 else f"{hours:.1f} h"
