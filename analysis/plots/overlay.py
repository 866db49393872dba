"""Several recordings in one picture: their main quantities side by side, their columns over each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import GREY, Panel, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["interval_plot", "overlay_plot"]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""Of Okabe and Ito: told apart by the colour-blind."""

MARKERS = (".", "x", "+", "^")

_MOST = 4
"""Columns drawn, at most."""


def interval_plot(
    names: Sequence[str], values: Sequence[float], intervals: Sequence[tuple[float, float]], label: str, expected: float
) -> bytes:
    """Plot one quantity of several recordings with its intervals.

    Parameters
    ----------
    names
        Names of the recordings.
    values
        The quantity of each.
    intervals
        Lower and upper end of each.
    label
        What the quantity is.
    expected
        Value at which a line is drawn.

    Returns
    -------
    bytes
        A PNG.
    """

    def draw(axes: Axes) -> None:
        places = np.arange(len(names))[::-1]
        ends = np.array([(value - low, high - value) for value, (low, high) in zip(values, intervals, strict=True)])
        axes.axvline(expected, color=GREY, lw=1)
        axes.errorbar(values, places, xerr=ends.T.clip(0), fmt="o", color=COLOURS[0], ms=4, capsize=3)
        axes.set_yticks(places, [name.replace("$", r"\$") for name in names])
        axes.set_ylim(-0.6, len(names) - 0.4)
        axes.set_xlabel(label)

    return png(draw, height=0.9 + 0.32 * len(names))


def overlay_plot(columns: Sequence[tuple[str, str]], curves: Sequence[tuple[str, NDArray[np.float64]]]) -> bytes:
    """Plot the columns of several recordings over each other, against the first column.

    Parameters
    ----------
    columns
        Name and unit of each column, two at least.
    curves
        Name of each recording and its rows, shape (N, columns).

    Returns
    -------
    bytes
        A PNG with a panel for each column, four at most.
    """
    every = np.concatenate([rows for _, rows in curves])
    across = AxisLabel.of(*columns[0], every[:, 0])
    shown = range(1, min(len(columns), _MOST + 1))

    def panel(index: int) -> Panel:
        up = AxisLabel.of(*columns[index], every[:, index])

        def draw(axes: Axes) -> None:
            for number, (name, rows) in enumerate(curves):
                colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number // len(COLOURS) % len(MARKERS)]
                x, y = rows[:, 0] * across.factor, rows[:, index] * up.factor
                axes.plot(x, y, marker, color=colour, ms=2.5, alpha=0.8, label=name if index == shown[0] else None)
            axes.set_ylabel(up.text, fontsize=8)
            if index == shown[0]:
                axes.legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), ncols=4)
            if index == shown[-1]:
                axes.set_xlabel(across.text)

        return draw

    return png(*map(panel, shown), height=2.0, stacked=True)
