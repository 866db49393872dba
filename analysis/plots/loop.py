"""Resistance against a field along the film normal, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction import HysteresisLoop
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["loop_plot"]


def loop_plot(
    fields: ArrayLike, resistances: ArrayLike, ways: ArrayLike, fitted: HysteresisLoop | None, title: str
) -> bytes:
    """Plot loops, both ways in their own colour, with the switching fields and the two resistances.

    Parameters
    ----------
    fields, resistances
        Field [T] and resistance [Ω] of each reading, in order, shape (N,).
    ways
        1 on the way up, 2 on the way down, shape (N,).
    fitted
        What was found, if anything.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    at, ohms, way = (np.asarray(each, float) for each in (fields, resistances, ways))
    across, up = AxisLabel.of("field", "T", at), AxisLabel.of("resistance", "Ω", ohms)

    def draw(axes: Axes) -> None:
        if fitted is not None:
            for level in (fitted.parallel, fitted.antiparallel):
                axes.axhline(level.value * up.factor, color=GREY, lw=0.8)
            for name, field, colour in (("up", fitted.up, BLUE), ("down", fitted.down, RED)):
                low, high = field.interval
                axes.axvspan(low * across.factor, high * across.factor, color=colour, alpha=0.15, lw=0)
                axes.axvline(field.value * across.factor, color=colour, lw=0.8, ls="--", label=f"switches {name}, 95 %")
        for which, colour, name in ((1, BLUE, "field up"), (2, RED, "field down")):
            for piece in _pieces(way == which):
                axes.plot(at[piece] * across.factor, ohms[piece] * up.factor, "-", color=colour, lw=0.9, alpha=0.7)
            axes.plot([], [], color=colour, label=name)
        axes.set(xlabel=across.text, ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)


def _pieces(which: NDArray[np.bool_]) -> list[slice]:
    """Give the runs of true flags, as slices: a line must not join the end of a way with the begin of the next."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(int)))
    return [slice(start, stop) for start, stop in edges.reshape(-1, 2)]
