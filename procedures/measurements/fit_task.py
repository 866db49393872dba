"""What a fit is made of: what was recorded; and whom it tells of its progress and of what it finds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mtjlab.core import Quantity
from mtjlab.procedures.measurements.events import Event, FitProgressEvent, ResultEvent, RowsEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.data import ResultLike
    from mtjlab.instruments import BenchFile

__all__ = ["FitStopped", "FitTask"]


class FitStopped(BaseException):
    """Raised inside a fit that is to stop; no Exception, so that no fit takes it for poor data."""


@dataclass
class FitTask:
    """The recorded rows and bench that a fit works on.

    Examples
    --------
    A procedure's fit, with two stages of which the second takes long:

    >>> def fit_rows(self, task):
    ...     task.found({"Rp": (task.rows[:, 1].mean(), 51.0, "Ω")})
    ...     for step in range(100):
    ...         task.progress(step, 100)  # here the fit ends where somebody has stopped it
    """

    rows: NDArray[np.float64]
    """Rows of the columns, shape (N, columns)."""
    bench: BenchFile
    """Bench file as it was when they were measured: wiring, device, limits."""
    results: Mapping[str, Quantity] = field(default_factory=dict)
    """What was found before: facts that were recorded while it was measured, and earlier fits."""
    report: Callable[[Event], None] = lambda event: None
    """Called with results, with rows that were computed, and with the progress of the fit."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set when the fit is to stop."""

    def found(self, results: Mapping[str, ResultLike]) -> None:
        """Report results.

        Parameters
        ----------
        results
            Quantities by name, or tuples that `Quantity.of` takes.

        Raises
        ------
        InputError
            If it does not take one of them.
        FitStopped
            If the fit is to stop.
        """
        self.check()
        self.report(ResultEvent({name: Quantity.of(found) for name, found in results.items()}))

    def computed(self, columns: Mapping[str, NDArray[np.float64]]) -> None:
        """Report rows that are computed from those measured; a fit that is made again leaves those there are.

        Parameters
        ----------
        columns
            Numbers of each column, by its name with its unit, all of one length.
        """
        self.check()
        self.report(RowsEvent(dict(columns)))

    def progress(self, done: float, total: float) -> None:
        """Tell how far the fit is.

        Parameters
        ----------
        done, total
            How much is done, and of how much, in one unit.

        Raises
        ------
        FitStopped
            If it is to stop.
        """
        self.check()
        self.report(FitProgressEvent(100.0 * min(1.0, done / total)))

    def check(self) -> None:
        """Continue, or raise FitStopped: to be asked several times a second.

        Raises
        ------
        FitStopped
            If the fit is to stop.
        """
        if self.stop.is_set():
            raise FitStopped
