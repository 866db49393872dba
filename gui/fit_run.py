"""A fit of a recording behind the window, made again in a thread of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.data import Recording
from mtjlab.gui.procedure_run import ProcedureRun
from mtjlab.procedures import FitProgressEvent
from mtjlab.procedures.running import fit

__all__ = ["FitRun"]


class FitRun(ProcedureRun):
    """Make the fit of a recording again, add what it finds to the recording, draw it; no bench is opened.

    Parameters
    ----------
    procedure
        Procedure with the parameters of the recording.
    path
        The recording.
    settings
        Parameters of the fit to change, by name.
    """

    def __init__(self, procedure: Procedure, path: Path, settings: Mapping[str, Any]) -> None:
        super().__init__(procedure, "", path)
        self._settings = dict(settings)

    def run(self) -> None:
        """Do it all; what goes wrong is kept in `error` for the window to show."""
        try:
            self.rows.add_recorded(Recording(self.path).frame())
            self.results = fit(
                self.path,
                kind=type(self.procedure),
                progress=lambda done, total: self.take(FitProgressEvent(100.0 * done / total)),
                stopped=lambda: self.stopped,
                **self._settings,
            )
            if self._drawn and self.results:
                self._draw()
        except Exception as error:
            self.error = error
