"""The worker that runs a procedure into a recording."""

import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
from pymeasure.experiment import Procedure
from pymeasure.experiment.workers import Worker
from pymeasure.thread import StoppableThread

from mtjlab.data.layout import Status
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.procedures.block import Block
from mtjlab.procedures.column import Column

__all__ = ["RecordingWorker"]

log = logging.getLogger(__name__)

COMMIT_INTERVAL = 0.05
"""Longest time [s] that blocks wait for a common commit."""


class RecordingWorker(Worker):
    """Run a procedure in a thread and keep what it emits.

    PyMeasure's worker insists on its CSV results; this one writes blocks of bits and rows into a recording and
    closes it with the status the run ended with.  Blocks that come faster than `COMMIT_INTERVAL` share a
    commit.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    writer
        Recording to write to; the worker closes it.
    listener
        Called in the worker's thread with topic and record of everything emitted; it must not block.
    """

    def __init__(
        self,
        procedure: Procedure,
        writer: RecordingWriter,
        listener: Callable[[str, Any], None] = lambda topic, record: None,
    ) -> None:
        # Worker.__init__ refuses anything but PyMeasure's own Results, and would open a port.
        StoppableThread.__init__(self)
        self.procedure = procedure
        self.procedure.check_parameters()
        self.writer = writer
        self.error: BaseException | None = None
        """What ended the run, if it failed."""
        self.ended = threading.Event()
        """Set when the recording is closed and the outputs are off."""
        self.monitor_queue: queue.Queue[Any] = queue.Queue()
        self._listener = listener
        self._waiting: list[tuple[Block | None, dict[str, float]]] = []
        self._committed_at = time.monotonic()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end; PyMeasure's does not wait at all."""
        threading.Thread.join(self, timeout)

    def run(self) -> None:
        """Run the procedure: start up, execute, and shut down whatever happens."""
        procedure = self.procedure
        procedure.emit, procedure.should_stop, procedure.is_last = self.emit, self.should_stop, lambda: True
        self.update_status(Procedure.RUNNING)
        try:
            procedure.startup()
            self._describe_instruments()
            if not self.should_stop():
                procedure.execute()
        except BaseException as error:  # the recording must say so, whatever it is
            self.error = error
            log.debug("%s", traceback.format_exc())
        finally:
            self._end()
            self.stop()
            self.ended.set()

    def emit(self, topic: str, record: Any) -> None:
        """Keep a block and its row (``block``) or a row alone (``results``); pass everything on to the listener."""
        if topic in ("block", "results"):
            self._waiting.append(record if topic == "block" else (None, record))
            if time.monotonic() - self._committed_at > COMMIT_INTERVAL:
                self._commit()
        self._listener(topic, record)

    def _commit(self) -> None:
        self._committed_at = time.monotonic()
        if not self._waiting:
            return
        blocks = [block for block, _ in self._waiting if block is not None]
        rows = [row for _, row in self._waiting]
        self._waiting = []
        self.writer.append(
            np.concatenate([block.bits for block in blocks]) if blocks else None,
            {Column.parse(name).name: [row[name] for row in rows] for name in rows[0]},
            counts=[len(block.bits) for block in blocks] if blocks else None,
            start=[block.started for block in blocks],
            amplitude=[block.amplitude for block in blocks],
            width=[block.width for block in blocks],
        )
        self._listener("committed", self.writer.committed)

    def _describe_instruments(self) -> None:
        bench = self.procedure.bench
        for role, instrument in bench.roles.items():
            self.writer.add_instrument(
                role,
                idn=instrument.identify(),
                driver=getattr(bench.file.roles, role).driver,
                resource=bench.resources[role],
                settings=dict(instrument.settings()),
            )

    def _end(self) -> None:
        """Make the outputs safe, keep what is left, close the recording with what the run ended as."""
        for step in (self.procedure.shutdown, self._commit):
            try:
                step()
            except Exception as error:
                self.error = self.error or error
        status, reason = self._verdict()
        try:
            if self.error is not None:
                self.writer.log("error", str(self.error), type(self.error).__name__)
            self.writer.close(status, reason)
            if status is Status.FAILED and not self.writer.committed and not self.writer.rows:
                # Refused before the first bit: an empty file would only be in the way of the next try.
                self.writer.path.unlink(missing_ok=True)
        except Exception as error:
            self.error = self.error or error
        self.update_status(
            {Status.FINISHED: Procedure.FINISHED, Status.ABORTED: Procedure.ABORTED}.get(status, Procedure.FAILED)
        )
        self.monitor_queue.put(None)

    def _verdict(self) -> tuple[Status, str]:
        if self.error is not None:
            return Status.FAILED, f"{type(self.error).__name__}: {self.error}"
        # A procedure that can be stopped says whether it got to its end all the same.
        if self.should_stop() and not getattr(self.procedure, "complete", False):
            return Status.ABORTED, "stopped by the user"
        return Status.FINISHED, ""
