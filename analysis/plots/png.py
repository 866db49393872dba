"""Panels, drawn and stored as PNG."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mtjlab.analysis.plots.drawing import drawing, encoded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BLUE", "GREY", "RED", "Panel", "png"]

BLUE, GREY, RED = "#1f5fa8", "#9aa5b1", "#b3362c"
"""Of the parallel state and whatever comes first; of guides; of the antiparallel state."""

Panel = Callable[["Axes"], None]
"""Draws into axes."""


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
            figure.suptitle(title, fontsize=9, wrap=True)
        return encoded(figure)
