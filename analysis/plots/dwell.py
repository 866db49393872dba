"""Mean dwell times against field or bias, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.junction import DwellTimes
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, RED, Panel, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["WatchedState", "WatchedStates", "dwell_plot"]


class WatchedState(NamedTuple):
    """Dwells of one state."""

    at: NDArray[np.float64]
    """Field [T] or bias [V] of each, shape (N,)."""
    times: NDArray[np.float64]
    """How long each was watched [s], shape (N,)."""
    left: NDArray[np.bool_]
    """Whether it ended by itself, shape (N,)."""
    law: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None
    """Gives the fitted mean dwell time [s] at fields or biases, shape (M,)."""


class WatchedStates(NamedTuple):
    """Dwells of both states against one quantity."""

    name: str
    """What was varied."""
    unit: str
    """Its unit."""
    parallel: WatchedState
    """Dwells of the parallel state."""
    antiparallel: WatchedState
    """Dwells of the antiparallel state."""


def dwell_plot(watched: Sequence[WatchedStates], title: str) -> bytes:
    """Plot the mean dwell time of each state with its exact 95 % interval, and the fitted law.

    Parameters
    ----------
    watched
        What each panel shows.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    return png(*(_panel(each) for each in watched), title=title)


def _panel(watched: WatchedStates) -> Panel:
    every = np.concatenate([watched.parallel.at, watched.antiparallel.at])
    across = AxisLabel.of(watched.name, watched.unit, every)

    def draw(axes: Axes) -> None:
        for state, name, colour in ((watched.parallel, "parallel", BLUE), (watched.antiparallel, "antiparallel", RED)):
            if not state.at.size:
                continue
            for at in np.unique(state.at):
                _point(axes, state, at, across.factor, colour)
            if state.law is not None:
                line = np.linspace(state.at.min(), state.at.max(), 200)
                axes.plot(line * across.factor, state.law(line), color=colour, lw=1.2)
            axes.plot([], [], ".-", color=colour, label=name)
        axes.set_yscale("log")
        axes.set(xlabel=across.text, ylabel="mean dwell time (s)")
        axes.legend(frameon=False, fontsize=8)

    return draw


def _point(axes: Axes, state: WatchedState, at: float, factor: float, colour: str) -> None:
    """Draw the mean with its interval; where nothing was left, an arrow from what it exceeds."""
    here = (state.at == at) & (state.times > 0)
    if not here.any():
        return
    fitted = DwellTimes.fit(state.times[here & state.left], state.times[here & ~state.left])
    low, high = fitted.interval
    if np.isfinite(fitted.mean):
        error = [[fitted.mean - low], [high - fitted.mean]]
        axes.errorbar([at * factor], [fitted.mean], error, fmt=".", color=colour, lw=0.8, ms=5)
    else:
        axes.plot([at * factor], [low], "^", color=colour, ms=4, mfc="none")
