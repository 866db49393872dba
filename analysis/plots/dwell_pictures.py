"""Recorded dwell times as a picture, with the laws that were fitted."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.junction import ReadDisturb, brown_rate
from mtjlab.analysis.plots.dwell import WatchedState, WatchedStates, dwell_plot
from mtjlab.core import FitError, Quantity

__all__ = ["dwell_picture"]

log = logging.getLogger(__name__)

Values = NDArray[np.float64]
Law = Callable[[Values], Values]
Laws = tuple[Law | None, Law | None]
"""Mean dwell times of the parallel and the antiparallel state [s], at fields or biases."""
NO_LAW: Laws = (None, None)


def dwell_picture(
    rows: Values, results: Mapping[str, Quantity], title: str, *, read_bias: float, damping: float
) -> bytes:
    """Draw mean dwell times in fields, and beside them under biases where there are any.

    Parameters
    ----------
    rows
        Rows of the table of `Retention`, shape (N, 6).
    results
        What it found.
    title
        Above the picture.
    read_bias
        Bias of the reads while the field was varied [V].
    damping
        Gilbert damping of the fitted law.

    Returns
    -------
    bytes
        A PNG.
    """
    dwells = rows[rows[:, 3] > 0]
    biased = np.flatnonzero(np.abs(dwells[:, 2]) != abs(read_bias))
    split = int(biased[0]) if biased.size else len(dwells)
    fields, biases = dwells[:split], dwells[split:]
    panels = [_watched("field", "T", 1, fields, _sharrock(results, damping))]
    if len(biases):
        panels.append(_watched("bias", "V", 2, biases, _disturb(biases)))
    return dwell_plot(panels, title)


def _watched(name: str, unit: str, column: int, dwells: Values, laws: Laws) -> WatchedStates:
    """Sort dwells by their states."""
    states = []
    for state, law in enumerate(laws):
        of = dwells[dwells[:, 0] == state]
        states.append(WatchedState(of[:, column], of[:, 3], of[:, 4].astype(bool), law))
    return WatchedStates(name, unit, states[0], states[1])


def _sharrock(results: Mapping[str, Quantity], damping: float) -> Laws:
    """Give Sharrock's law with the results, if they are there."""
    names = ("thermal stability", "anisotropy field", "offset field")
    if not set(names) <= set(results):
        return NO_LAW
    stability, anisotropy, offset = (results[name].value for name in names)

    def law(sign: int) -> Law:
        return lambda fields: 1 / brown_rate(stability, anisotropy, sign * (fields + offset), damping)

    return law(1), law(-1)


def _disturb(dwells: Values) -> Laws:
    """Fit the read disturb; a part may not have enough for it."""
    state, _, bias, time, _, gap = dwells.T
    try:
        fitted = ReadDisturb.fit(bias, state, np.maximum(time - gap / 2, 0.0), gap)
    except FitError as error:
        log.info("drawn without a fit: %s", error)
        return NO_LAW
    return partial(fitted.mean_dwell, 0), partial(fitted.mean_dwell, 1)
