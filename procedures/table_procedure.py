"""A procedure that measures a table, row by row, and goes on where its table ends."""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.goodness import poor_fits
from mtjlab.analysis.plots.table_plot import table_plot
from mtjlab.core.errors import FitError, InputError
from mtjlab.data.contents.recorded_result import RecordedResult
from mtjlab.data.recording import Recording
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import Simulation
from mtjlab.procedures.checked_procedure import CheckedProcedure
from mtjlab.procedures.column import Column
from mtjlab.procedures.fit_task import FitTask
from mtjlab.procedures.picture_title import picture_title
from mtjlab.procedures.resumption import Resumption

__all__ = ["TableProcedure"]

log = logging.getLogger(__name__)

Fit = TypeVar("Fit")


class TableProcedure(CheckedProcedure):
    """A measurement on the bench whose course follows from the rows of its table.

    A subclass hands every row to `row`. Where it goes on with a recording it runs through its course again: `row` then
    gives back what the recording holds instead of measuring, as long as there is any.
    """

    bench: Bench
    """Bench to run on; the runner sets it."""

    extendable: ClassVar[tuple[str, ...]] = ()
    """Parameters that may be changed when it goes on."""

    live_columns: ClassVar[tuple[str, str] | None] = None
    """Columns that a window plots while it runs, across and up; the first two unless given."""

    live_share: ClassVar[tuple[tuple[str, ...], tuple[str, ...]] | None] = None
    """Columns whose sum, over the sum of other ones, colours the points of that plot: a share, 0 to 1."""

    plotted_columns: ClassVar[tuple[str, str] | None] = None
    """Columns that viewers of the recording plot at first, across and up; `live_columns` unless given."""

    column_notes: ClassVar[dict[str, str]] = {}
    """What the numbers of a column mean, where they are codes; the recording keeps it with the column."""

    simulation: Simulation | None = None
    """Simulated bench that it will run on, as far as it is estimated before it has a bench."""

    estimate_is_longest: ClassVar[bool] = False
    """Whether it may end much earlier than estimated."""

    fit_settings: ClassVar[tuple[str, ...]] = ()
    """Parameters that its fit alone uses, and that may be changed when the fit is made again."""

    fits_parts: ClassVar[bool] = False
    """Whether a run that was stopped is fitted at its end, too."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self._recorded: deque[tuple[float, ...]] = deque()

    def resume(self, resumption: Resumption) -> None:
        """Take note, before startup, of the rows that there are."""
        self._recorded = deque(tuple(row) for row in resumption.table().tolist())
        log.info("going on after %d rows", len(self._recorded))

    @property
    def replaying(self) -> bool:
        """Whether the next row is one that the recording holds."""
        return bool(self._recorded)

    def recorded(self) -> NDArray[np.float64]:
        """Take the rows of the recording that have not been given back yet, shape (rows, columns)."""
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
            log.warning("%d rows of the recording are of another course: measured anew", len(self._recorded) + 1)
            self._recorded.clear()
        values = (*begins, *(float(value) for value in measure()))
        self.emit("results", dict(zip(self.DATA_COLUMNS, values, strict=True)))
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
        self.emit("results", dict(zip(self.DATA_COLUMNS, columns, strict=True)))
        return np.stack(columns, axis=1)

    def fit_rows(self, task: FitTask) -> None:
        """Fit what was recorded, with all outputs off; see `Fittable`. Here: nothing."""

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

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, RecordedResult], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG."""
        return table_plot([Column.parse(text) for text in self.DATA_COLUMNS], rows, title)

    @staticmethod
    def attempt(fit: Callable[[], Fit]) -> Fit | None:
        """Fit what is there; give None where it says nothing yet: a part is drawn without."""
        try:
            return fit()
        except FitError as error:
            log.info("drawn without a fit: %s", error)
            return None

    def shutdown(self) -> None:
        """Switch the outputs off; coils ramp down."""
        self.bench.make_safe()

    def get_estimates(self) -> list[tuple[str, str]]:
        """Estimate duration and file size for the estimator of the window."""
        most = "at most " if self.estimate_is_longest else ""
        return [
            ("Duration", f"{most}{self.estimated_duration:.3g} s"),
            ("File", f"{most}{self.estimated_bytes / 1e6:.3g} MB"),
        ]

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s], its fit included."""
        raise NotImplementedError

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        raise NotImplementedError
