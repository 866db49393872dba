"""A straight line through readings, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["line_plot"]


def line_plot(
    across: tuple[str, str, ArrayLike],
    up: tuple[str, str, ArrayLike],
    errors: ArrayLike | None,
    line: tuple[float, float] | None,
    title: str,
) -> bytes:
    """Plot readings with a straight line, and what they are off it.

    Parameters
    ----------
    across, up
        Name, unit and values, shape (N,), of what was set and of what was read.
    errors
        Standard errors of the readings, in their unit, shape (N,), where they are known.
    line
        Slope and value at zero of the fitted line, if there is one.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    x, y = np.asarray(across[2], float), np.asarray(up[2], float)
    bars = np.zeros_like(y) if errors is None else np.asarray(errors, float)
    horizontal, vertical = AxisLabel.of(across[0], across[1], x), AxisLabel.of(up[0], up[1], y)

    def readings(axes: Axes) -> None:
        axes.errorbar(x * horizontal.factor, y * vertical.factor, bars * vertical.factor, fmt=".", color=BLUE, ms=5)
        if line is not None and x.size:
            ends = np.array([x.min(), x.max()])
            fitted = line[0] * ends + line[1]
            axes.plot(ends * horizontal.factor, fitted * vertical.factor, color=RED, lw=1, label="straight line")
            axes.legend(frameon=False, fontsize=8)
        axes.set(xlabel=horizontal.text, ylabel=vertical.text)

    def residuals(axes: Axes) -> None:
        assert line is not None
        off = y - line[0] * x - line[1]
        label = AxisLabel.of(f"{up[0]}, off the line", up[1], np.append(off, bars))
        axes.axhline(0, color=GREY, lw=0.8)
        axes.errorbar(x * horizontal.factor, off * label.factor, bars * label.factor, fmt=".", color=BLUE, ms=5)
        axes.set(xlabel=horizontal.text, ylabel=label.text)

    return png(readings, title=title) if line is None else png(readings, residuals, title=title)
