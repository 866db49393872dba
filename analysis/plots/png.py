"""Panels, drawn and stored as PNG."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mtjlab.analysis.plots.figure import drawing, encoded

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = ["BLUE", "GREY", "RED", "Panel", "count_axis", "from_zero", "png"]

BLUE, GREY, RED = "#1f5fa8", "#9aa5b1", "#b3362c"
"""Of the parallel state and whatever comes first; of guides; of the antiparallel state."""

Panel = Callable[["Axes"], None]
"""Draws into axes."""

TWO_DECADES = 100.0
"""Below this ratio of its ends, powers of ten alone label a logarithmic axis too sparsely."""


def from_zero(axes: "Axes") -> None:
    """Let what is drawn stand on zero, with room above the highest of it."""
    top = axes.dataLim.y1
    axes.set_ylim(0, 1.06 * top if 0 < top < float("inf") else None)


def count_axis(axes: "Axes", counts: "NDArray[np.float64]") -> None:
    """Make the axis across logarithmic, for numbers of pulses; below two decades with labels that do not overlap."""
    from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

    axes.set_xscale("log")
    if counts.size and counts.max() < TWO_DECADES * max(counts.min(), 1.0):
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(EngFormatter(sep=" "))
        axes.xaxis.set_minor_formatter(NullFormatter())


def png(*panels: Panel, title: str = "", height: float = 3.6, stacked: bool = False) -> bytes:
    """Draw panels beside each other, or stacked.

    Parameters
    ----------
    panels
        What draws each.
    title
        Above the picture.
    height
        Of each panel [inch].
    stacked
        One below the other.

    Returns
    -------
    bytes
        A PNG, 936 pixels wide, unless `picture_format` says otherwise.
    """
    rows, columns = (len(panels), 1) if stacked else (1, len(panels))
    with drawing(7.2, height * rows) as figure:
        for axes, panel in zip(figure.subplots(rows, columns, squeeze=False).flat, panels, strict=True):
            axes.spines[["top", "right"]].set_visible(False)
            axes.ticklabel_format(useOffset=False)
            panel(axes)
        if title:
            figure.suptitle(title, fontsize=9)
        return encoded(figure)
