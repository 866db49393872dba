"""The worker that runs a procedure into a recording."""

import contextlib
import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable
from threading import get_ident
from typing import Any

from pymeasure.experiment import Procedure
from pymeasure.experiment.workers import Worker
from pymeasure.thread import StoppableThread

from mtjlab.data import RecordingWriter, Status
from mtjlab.instruments import Limits
from mtjlab.procedures import CommitEvent, Event, StatusEvent, event_of, measurement
from mtjlab.procedures.running.event_recorder import EventRecorder
from mtjlab.procedures.running.fit_thread import FitThread
from mtjlab.procedures.running.recorded_bench import describe_instruments
from mtjlab.procedures.running.run_options import RunHooks
from mtjlab.procedures.running.stopping import Patience, Stop, StopConditions, StoppedNow, StopReason, Tally

__all__ = ["RecordingWorker"]

log = logging.getLogger(__name__)

LOOK_INTERVAL = 0.1
"""Time [s] between two looks at what may stop the run."""
ASK_INTERVAL = 0.5
"""Time [s] between two questions whether to stop."""


class RecordingWorker(Worker):
    """Run a procedure in a thread and keep what it emits.

    PyMeasure's worker insists on its CSV results; this one writes blocks of bits, rows, results and log messages into a
    recording and closes it with the status the run ended with. A plain PyMeasure procedure emits topics and records,
    which become events here; one of ours reports events.

    What a procedure computes from its rows, its `fit_rows`, is computed when the outputs are off. Any wish to stop ends
    that within a second: the measurement is finished then, and the fit can be made again from the recording.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    writer
        Recording to write to; the worker closes it.
    hooks
        Who listens to the events, and what is called when only the fit is left to be made.
    stop_when
        Conditions that end the run.
    tally
        What the earlier segments of a recording that is resumed count for them; None for a new recording.
    limits
        Limits that hold beside the bench's own: those that a recording that is resumed was made within.
    """

    def __init__(
        self,
        procedure: Procedure,
        writer: RecordingWriter,
        hooks: RunHooks,
        *,
        stop_when: StopConditions | None = None,
        tally: Tally | None = None,
        limits: Limits | None = None,
    ) -> None:
        # Worker.__init__ refuses anything but PyMeasure's own Results, and would open a port.
        StoppableThread.__init__(self)
        self.daemon = True  # a procedure that never comes back must not keep the process from ending
        self.procedure = procedure
        self.procedure.check_parameters()
        self.writer = writer
        self.error: BaseException | None = None
        """What ended the run, if it failed."""
        self.ended = threading.Event()
        """Set when the recording is closed and the outputs are off."""
        self.stopped: Stop | None = None
        """Why the run was stopped, if it was."""
        self.monitor_queue: queue.Queue[Any] = queue.Queue()
        self._listener = hooks.listener
        self._stop_when = stop_when or StopConditions()
        self._limits = limits
        self._release = hooks.release
        self._lapped = time.monotonic()
        self._seen = measurement(procedure)
        self._recorder = EventRecorder(
            writer, procedure.DATA_COLUMNS, tally, lambda bits: self._listener(CommitEvent(bits))
        )
        self._keeping = threading.RLock()
        self._patience = Patience()
        self._cut_off = self._shutting_down = self._closing = False
        self._own_ident: int | None = None  # `ident` is a property, and asked for each row
        self._measured = False  # whether the procedure came to its end
        self._to_be_fitted = False

    @property
    def tally(self) -> Tally:
        """What the recording counts, earlier segments included."""
        return self._recorder.tally

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end; PyMeasure's does not wait at all.

        Parameters
        ----------
        timeout
            Longest time to wait [s]; None for as long as it takes.
        """
        threading.Thread.join(self, timeout)

    def wait(self, stopped: Callable[[], str] = lambda: "", *, look: Callable[[], None] = lambda: None) -> None:
        """Wait until the outputs are off and the recording is closed, whatever the procedure does.

        Parameters
        ----------
        stopped
            Asked now and then whether the run is to be stopped; answers why, or nothing.
        look
            Called ten times a second: the place for what may stop the run from this thread.
        """
        asked = time.monotonic()
        # Not join: interrupted, it takes the thread for ended while it still runs (bpo-45274).
        while not self.ended.wait(LOOK_INTERVAL):
            look()
            if time.monotonic() - asked > ASK_INTERVAL:
                asked = time.monotonic()
                if why := stopped():
                    self._stop_for(Stop(StopReason.REQUEST, why))
            if self._patience.is_at_once and not (self._cut_off or self._shutting_down):
                self._switch_off()
            if self._patience.is_over and not self._closing:
                self._abandon()
        if self._cut_off:
            self.procedure.bench.make_safe()  # once more, whatever was on its way to the instruments

    def stop(self) -> None:
        """Let the procedure finish the block under way, then end the run; `wait` abandons it where it does not end."""
        self._stop_for(Stop(StopReason.USER, "stopped by the user"))

    def stop_now(self) -> None:
        """End the run at the next word of the procedure.

        `wait` switches the outputs off at once, and abandons the procedure where it does not end.
        """
        self.stopped = Stop(StopReason.AT_ONCE, "stopped at once by the user")
        self._patience.tell()
        super().stop()

    def _stop_for(self, stop: Stop) -> None:
        self.stopped = self.stopped or stop
        if not stop.reason.finishes:
            self._patience.ask()
        super().stop()

    def should_stop(self) -> bool:
        """Tell the procedure whether to stop: it was asked to, or a condition is met.

        Raises
        ------
        StoppedNow
            If it is to stop at once.
        """
        if get_ident() == self._own_ident and self._patience.hear(time.monotonic()):
            self._end_at_once()
        if not super().should_stop():
            self._lap()
            if met := self._stop_when.met_by(self.tally):
                self._stop_for(met)
        return bool(super().should_stop())

    def run(self) -> None:
        """Run the procedure: start up, execute, and shut down whatever happens."""
        procedure, interlock = self.procedure, self.procedure.bench.interlock
        procedure.emit, procedure.should_stop, procedure.is_last = self.emit, self.should_stop, lambda: True
        self._seen.report = self.take  # type: ignore[method-assign]
        self._own_ident = get_ident()
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(self._recorder.log)
                if self._limits is not None:
                    stack.enter_context(interlock.within(self._limits))
                self._lapped = time.monotonic()
                self._patience.begin()
                self._attempt(self._perform)
                self._shutting_down = True
                self._attempt(self._shut_down)
                with self._keeping:
                    if not self._closing:
                        self._close()
        finally:
            if self._cut_off:
                procedure.bench.unhalt()  # nobody is left who would switch anything on
            StoppableThread.stop(self)
            self.ended.set()

    def _perform(self) -> None:
        procedure = self.procedure
        self.update_status(Procedure.RUNNING)
        procedure.bench.begin_run()
        procedure.startup()
        describe_instruments(self.procedure.bench, self.writer)
        if not self.should_stop():
            procedure.evaluate_metadata()
            for metadata in self.procedure.metadata_objects().values():
                log.info("%s = %s", metadata.name, metadata)
            procedure.execute()
            self._measured = not StoppableThread.should_stop(self)
            self._to_be_fitted = self._seen.can_fit and (self._measured or self._seen.fits_parts)

    def _attempt(self, step: Callable[[], None]) -> None:
        """Do a step; keep what it raises, whatever it is, for the recording must say so."""
        try:
            step()
        except StoppedNow:
            pass
        except BaseException as error:
            log.debug("%s", traceback.format_exc())
            if self._cut_off and isinstance(error, Exception):
                log.info("after the outputs were switched off: %s", error)  # they were, in the middle of its work
            elif not self._closing:
                self.error = self.error or error

    def emit(self, topic: str, record: Any) -> None:
        """Take what a PyMeasure procedure emits; `events` says which topics there are.

        Parameters
        ----------
        topic
            PyMeasure's word for the kind of what is emitted, such as ``results``.
        record
            What is emitted.
        """
        self.take(event_of(topic, record))

    def take(self, event: Event) -> None:
        """Keep what belongs into the recording; pass everything on to the listener.

        Parameters
        ----------
        event
            What the procedure reports.
        """
        # One reading of the clock and few calls: a procedure may report a hundred thousand rows a second.
        now = time.monotonic()
        if get_ident() == self._own_ident and self._patience.hear(now):
            self._end_at_once()
        with self._keeping:
            self._recorder.take(event, now)
        self._listener(event)

    def _lap(self) -> None:
        """Count the time that has passed since the last call."""
        before, self._lapped = self._lapped, time.monotonic()
        self.tally.time += self._lapped - before

    def _end_at_once(self) -> None:
        """End the procedure here, which is to stop at once; but not in its shutdown, which must get to its end."""
        if not self._shutting_down:
            raise StoppedNow

    def _shut_down(self) -> None:
        """Let the procedure shut down with the outputs off, and see to it that they are off when it has."""
        procedure, safe = self.procedure, self.procedure.bench.make_safe
        safe()
        if type(procedure).shutdown is not Procedure.shutdown:
            try:
                procedure.shutdown()
            finally:
                safe()

    def _switch_off(self) -> None:
        """Switch the outputs off, and let nothing be switched on again, while the procedure is still at work."""
        self._cut_off = True
        self.procedure.bench.halt()

    def _abandon(self) -> None:
        """Switch the outputs off and close the recording over the head of a procedure that does not come back."""
        log.warning("the procedure does not come back; outputs are switched off without it")
        self._patience.tell()  # it ends at its next word, if it ever says one
        self._switch_off()
        if self._keeping.acquire(timeout=5.0):
            with contextlib.ExitStack() as stack:
                stack.callback(self._keeping.release)
                if not self._closing:
                    self._close()
        else:
            log.error("%s cannot be closed: the disk does not take what is written", self.writer.path)
        self.ended.set()

    def _close(self) -> None:
        """Keep what is left, close the recording with what the run ended as."""
        self._closing = True
        for step in (self._lap, self._recorder.commit, self._fit, self._recorder.commit):
            self._try(step)
        status, why = self._verdict()
        self._try(lambda: self._close_file(status, why))
        ends = {Status.FINISHED: Procedure.FINISHED, Status.ABORTED: Procedure.ABORTED}
        self.procedure.status = ends.get(status, Procedure.FAILED)
        self._recorder.log.end()  # an abandoned procedure may be at work for hours
        self._try(lambda: self._listener(StatusEvent(self.procedure.status)))
        self.monitor_queue.put(None)

    def _try(self, step: Callable[[], None]) -> None:
        """Do a step of the end; what comes after it is done whatever it raises."""
        try:
            step()
        except Exception as error:
            self.error = self.error or error

    def _close_file(self, status: Status, why: str) -> None:
        if self.error is not None:
            with contextlib.suppress(OSError):  # a full disk takes no message
                self.writer.log("error", str(self.error), type(self.error).__name__)
        self.writer.close(status, why)
        if status is Status.FAILED and self._recorder.is_empty:
            # Refused before the first bit: an empty file would only be in the way of the next try.
            self.writer.path.unlink(missing_ok=True)

    def _fit(self) -> None:
        """Fit what was recorded, now that the outputs are off and the rows are kept."""
        if not self._to_be_fitted or self.error is not None:
            return
        if self._release is not None:
            self._release()
        self.writer.begin_fit()
        fit = FitThread(self._seen, self.writer.table(), self.procedure.bench.file, self._recorder.found)
        if fit.follow(self._take_from_fit, self._is_fit_stopped):
            return
        log.warning("the fit was stopped; all is measured and kept; to make it again: mtjlab fit %s", self.writer.path)

    def _is_fit_stopped(self) -> bool:
        return self._patience.is_at_once or (self._measured and StoppableThread.should_stop(self))

    def _take_from_fit(self, event: Event) -> None:
        self._recorder.take(event, time.monotonic())
        self._listener(event)

    def _verdict(self) -> tuple[Status, str]:
        if self.error is not None:
            return Status.FAILED, f"{type(self.error).__name__}: {self.error}"
        # A procedure that can be stopped says whether it got to its end all the same.
        if self.stopped is None or self._measured or self._seen.complete:
            return Status.FINISHED, ""
        return (Status.FINISHED if self.stopped.reason.finishes else Status.ABORTED), self.stopped.text
