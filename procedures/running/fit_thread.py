"""A fit in a thread of its own, which whoever waits for it can leave within a second."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mtjlab.procedures import Event, FitStopped, FitTask, MeasurementProcedure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.core import Quantity
    from mtjlab.instruments import BenchFile

__all__ = ["FitThread"]

log = logging.getLogger(__name__)

LOOK_INTERVAL = 0.05
"""Time [s] between two looks at what may stop the fit."""
PATIENCE = 0.4
"""Time [s] that a fit has to end by itself when it is stopped; then it is left alone."""


class FitThread(threading.Thread):
    """Fit what was recorded, without an instrument.

    Numerical work cannot be interrupted from outside, and may take long between two looks at whether to stop: so it is
    done here, and what it finds is passed on by `follow` in the thread of whoever waits. A fit that was left alone
    finds nobody who listens, and ends at its next look.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    rows
        Recorded rows, shape (N, columns).
    bench
        Recorded bench file.
    results
        What was found before.
    """

    def __init__(
        self,
        procedure: MeasurementProcedure,
        rows: NDArray[np.float64],
        bench: BenchFile,
        results: Mapping[str, Quantity] | None = None,
    ) -> None:
        super().__init__(name="fit", daemon=True)  # what is left alone must not keep the process from ending
        self._procedure = procedure
        self._reported: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._task = FitTask(rows, bench, results or {}, self._reported.put)
        self._error: BaseException | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Do the fit."""
        try:
            self._procedure.fit_rows(self._task)
        except FitStopped:
            pass
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()

    def follow(self, report: Callable[[Event], None], stopped: Callable[[], bool]) -> bool:
        """Start, and wait for the end, or until it is stopped.

        Parameters
        ----------
        report
            Called here with the events of the fit.
        stopped
            Asked twenty times a second whether to stop.

        Returns
        -------
        bool
            Whether the fit came to its end.

        Raises
        ------
        FitError
            What the fit raises.
        """
        self.start()
        ended = False
        while not ended:
            ended = self._ended.wait(LOOK_INTERVAL)
            if not ended and stopped():
                self._leave()
                return False
            while not self._reported.empty():
                report(self._reported.get())
        if self._error is not None:
            raise self._error
        return True

    def _leave(self) -> None:
        self._task.stop.set()
        began = time.monotonic()
        while not self._ended.wait(LOOK_INTERVAL):
            if time.monotonic() - began > PATIENCE:
                log.info("the fit does not end by itself; it is left alone")
                return
