"""The picture of any recording."""

import logging

from pymeasure.experiment import Procedure

from mtjlab.analysis import poor_fits
from mtjlab.analysis.plots import picture_title, table_plot
from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.procedures import ProcedureNotInstalledError, find_procedure_by_class, measurement
from mtjlab.procedures.running.resumed import recorded_procedure

__all__ = ["recorded_picture"]

log = logging.getLogger(__name__)


def recorded_picture(recording: Recording, kind: type[Procedure] | None = None) -> bytes:
    """Draw a recording as its procedure draws it: what was measured, with the fit.

    Parameters
    ----------
    recording
        The recording, also a part.
    kind
        Class of its procedure; by default the installed one of the name that the recording keeps. A PyMeasure procedure
        that draws nothing, or is not installed, has its columns drawn.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    InputError
        If there is nothing to draw, or the procedure is installed and its package is broken.
    """
    if kind is None:
        try:
            kind = find_procedure_by_class(recording.procedure)
        except ProcedureNotInstalledError:
            log.info("%s is not installed: its columns are drawn", recording.procedure)
    if kind is not None and measurement(kind).can_draw:
        return measurement(recorded_procedure(recording, kind)).picture(recording)
    frame = recording.frame()
    if frame.empty:
        raise InputError(f"{recording.path} holds no rows: there is nothing to draw")
    units = frame.attrs["units"]
    columns = [(name, units.get(name, "")) for name in frame.columns]
    title = "\n".join([*poor_fits(recording.results), picture_title(recording)])
    return table_plot(columns, frame.to_numpy(float), title)
