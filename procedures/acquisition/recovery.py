"""Resuming after an instrument has failed: a bounded number of tries, each from the start."""

import logging
from collections.abc import Callable

from mtjlab.core import FitError
from mtjlab.instruments import Bench, InstrumentError, UnreachableError

__all__ = ["Recovery"]

log = logging.getLogger(__name__)


class Recovery:
    """Bring a bench back to where a procedure can resume.

    What was under way is thrown away: outputs go off, connections and settings are made again, and the procedure
    prepares as at its beginning.  Tries are counted until something succeeds; then the error that began them ends
    the run, with the outputs off.  Only what an instrument does, or what its readings look like, is tried again: a
    refusal of the interlock, wrong input and faults of the program end the run at once and are what the user sees.

    Parameters
    ----------
    bench
        Bench to recover.
    prepare
        What the procedure does before it can resume.
    most
        Largest number of tries in a row.
    """

    def __init__(self, bench: Bench, prepare: Callable[[], None], most: int = 5) -> None:
        self._bench = bench
        self._prepare = prepare
        self._most = most
        self._tries = 0
        self._first: Exception | None = None

    def after(self, error: Exception) -> None:
        """Recover from an error.

        Raises
        ------
        InstrumentError
            The first error, if too many tries have failed in a row.
        LimitError
            If a limit refuses what the procedure sets again: one that was used up stays so.
        """
        self._first = self._first or error
        while self._tries < self._most:
            self._tries += 1
            log.warning(
                "%s; what was under way is thrown away, outputs go off and everything is set up again (try %d of %d)",
                error,
                self._tries,
                self._most,
            )
            try:
                self._bench.recover()
                self._prepare()
            except (InstrumentError, FitError) as again:
                error = again
                if isinstance(again.__cause__, UnreachableError):
                    break  # it was waited for already
            else:
                log.info("recovered")
                return
        if error is not self._first:
            log.error("%s", error)
        raise self._first

    def succeeded(self) -> None:
        """Take note that something was acquired: the next failure is a new one."""
        self._tries, self._first = 0, None
