"""Any table as a picture: each column along its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, Panel, png
from mtjlab.core import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["table_plot"]

_MOST = 6


def table_plot(columns: Sequence[tuple[str, str]], rows: ArrayLike, title: str) -> bytes:
    """Plot the columns against the first one, or against the number of the row where that is not in order.

    Parameters
    ----------
    columns
        Name and unit of each.
    rows
        Values, shape (N, columns).
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    ValueError
        If there is no row.
    """
    values = np.asarray(rows, float)
    if not values.size:
        raise InputError("there is no row to draw")
    first = values[:, 0]
    in_order = len(columns) > 1 and bool((np.diff(first) > 0).all())
    name, unit, at = (*columns[0], first) if in_order else ("row", "", np.arange(1.0, len(values) + 1))
    across = AxisLabel.of(name, unit, at)

    def panel(index: int, last: bool) -> Panel:
        up = AxisLabel.of(*columns[index], values[:, index])

        def draw(axes: Axes) -> None:
            axes.plot(at * across.factor, values[:, index] * up.factor, ".-", color=BLUE, lw=0.7, ms=3)
            axes.set_ylabel(up.text, fontsize=8)
            if last:
                axes.set_xlabel(across.text)

        return draw

    shown = range(int(in_order), min(len(columns), _MOST + int(in_order)))
    return png(*(panel(index, index == shown[-1]) for index in shown), title=title, height=1.8, stacked=True)
