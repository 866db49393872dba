"""A procedure that measures a table, row by row, and resumes where its table ends."""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis import poor_fits
from mtjlab.analysis.plots import picture_title, table_plot
from mtjlab.core import FitError, InputError, Quantity
from mtjlab.data import Recording
from mtjlab.procedures.measurements.column import Column
from mtjlab.procedures.measurements.events import RowEvent, RowsEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.measurement_procedure import MeasurementProcedure
from mtjlab.procedures.measurements.resumption import Resumption

__all__ = ["TableProcedure"]

log = logging.getLogger(__name__)

Fit = TypeVar("Fit")


class TableProcedure(MeasurementProcedure):
    """A measurement on the bench whose course follows from the rows of its table.

    A subclass hands every row to `row`. Where it resumes a recording it runs through its course again: `row` then
    gives back what the recording holds instead of measuring, as long as there is any.
    """

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self._recorded: deque[tuple[float, ...]] = deque()

    def resume(self, resumption: Resumption) -> None:
        """Take note, before startup, of the rows that there are.

        Parameters
        ----------
        resumption
            Where the recording ends that is resumed.
        """
        self._recorded = deque(tuple(row) for row in resumption.table().tolist())
        log.info("resuming after %d rows", len(self._recorded))

    @property
    def replaying(self) -> bool:
        """Whether the next row is one that the recording holds."""
        return bool(self._recorded)

    def recorded(self) -> NDArray[np.float64]:
        """Take the rows of the recording that have not been given back yet, shape (rows, columns).

        Returns
        -------
        ndarray of float64
            Rows, shape (rows, columns).
        """
        rows = np.array(self._recorded, float).reshape(-1, len(self.DATA_COLUMNS))
        self._recorded.clear()
        return rows

    def row(self, conditions: Sequence[float], measure: Callable[[], Sequence[float]]) -> tuple[float, ...]:
        """Measure a row and hand it on, or give back the next one of the recording.

        Parameters
        ----------
        conditions
            What is set for it: the first values of the row.
        measure
            Measures the other ones.

        Returns
        -------
        tuple of float
            The whole row.
        """
        begins = tuple(float(value) for value in conditions)
        if self._recorded:
            known = self._recorded.popleft()
            if np.allclose(known[: len(begins)], begins, rtol=1e-9, atol=0, equal_nan=True):
                return known
            # The course depends on how fast the instruments are, too.
            log.warning("%d rows of the recording are of another course: measured again", len(self._recorded) + 1)
            self._recorded.clear()
        values = (*begins, *(float(value) for value in measure()))
        self.report(RowEvent(dict(zip(self.DATA_COLUMNS, values, strict=True))))
        return values

    def rows(self, count: int, measure: Callable[[], Sequence[NDArray[np.float64]]]) -> NDArray[np.float64]:
        """Measure many rows at once and hand them on, or give back the next ones of the recording.

        Parameters
        ----------
        count
            How many rows.
        measure
            Measures them: one array a column, each of shape (count,).

        Returns
        -------
        ndarray of float64
            The rows, shape (count, columns).
        """
        if len(self._recorded) >= count:
            return np.array([self._recorded.popleft() for _ in range(count)])
        self._recorded.clear()
        columns = list(measure())
        self.report(RowsEvent(dict(zip(self.DATA_COLUMNS, columns, strict=True))))
        return np.stack(columns, axis=1)

    def fit_rows(self, task: FitTask) -> None:
        """Fit what was recorded, with all outputs off; see `MeasurementProcedure.fit_rows`. Here: nothing.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.
        """

    def picture(self, recording: Recording) -> bytes:
        """Draw what a recording of this procedure holds, with its fit where there is one.

        Parameters
        ----------
        recording
            A recording whose parameters are this procedure's, also a part.

        Returns
        -------
        bytes
            A PNG.

        Raises
        ------
        ValueError
            If there is nothing to draw.
        """
        rows = recording.frame().to_numpy(float)
        if not len(rows):
            raise InputError(f"{recording.path} holds no rows: there is nothing to draw")
        title = "\n".join([*poor_fits(recording.results), picture_title(recording)])
        return self.draw(rows, recording.results, title)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows
            Rows as they were recorded, shape (N, columns).
        results
            What was found, by name.
        title
            Stands above the picture.
        """
        return table_plot([Column.parse(text) for text in self.DATA_COLUMNS], rows, title)

    @staticmethod
    def attempt(fit: Callable[[], Fit]) -> Fit | None:
        """Fit what is there; give None where it says nothing yet: a part is drawn without.

        Parameters
        ----------
        fit
            Makes the fit.

        Returns
        -------
        object or None
            What it gives; None where the rows do not say it.
        """
        try:
            return fit()
        except FitError as error:
            log.info("drawn without a fit: %s", error)
            return None
