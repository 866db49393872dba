"""What of a bar's resistance turns its sign with the current, against angle and size of a field, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png
from mtjlab.analysis.spin_orbit_torque import UnidirectionalTurn
from mtjlab.core import NORMAL_95

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["umr_turn_plot"]


def umr_turn_plot(
    fields: ArrayLike, angles: ArrayLike, halves: ArrayLike, found: UnidirectionalTurn | None, title: str
) -> bytes:
    """Plot half of R(+I) - R(-I) against the angle in the weakest and the strongest field, and the ratio against all.

    Parameters
    ----------
    fields, angles, halves
        Size [T] and angle [rad] of the field and [R(+I) - R(-I)]/2 [Ω] of each pair of readings, shape (N,).
    found
        What was found, if anything.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    size, at, ohms = (np.asarray(each, float) for each in (fields, angles, halves))
    up, side = AxisLabel.of("[R(+I) - R(-I)]/2", "Ω", ohms), AxisLabel.of("field", "T", size)

    def turns(axes: Axes) -> None:
        extremes = np.unique(size)[[0, -1]].tolist()
        for level, colour in zip(extremes, (RED, BLUE), strict=True):
            which = size == level
            label = f"{level * side.factor:.3g} {side.text.split('(')[-1].strip(' )')}"
            axes.plot(np.degrees(at[which]), ohms[which] * up.factor, ".", color=colour, ms=4, label=label)
            if found is not None and level in found.fields:
                every = np.linspace(at.min(), at.max(), 400)
                fitted = found.curve(int(np.argmax(found.fields == level)), every)
                axes.plot(np.degrees(every), fitted * up.factor, color=colour, lw=1.0)
            if extremes[0] == extremes[1]:
                break
        axes.set(xlabel="angle of the field (°)", ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    def against_field(axes: Axes) -> None:
        assert found is not None
        values = 100 * np.array([each.value for each in found.ratios])
        bars = 100 * NORMAL_95 * np.array([each.uncertainty for each in found.ratios])
        axes.errorbar(found.fields * side.factor, values, bars, fmt="o", color=BLUE, ms=4, label="95 %")
        axes.axhline(0, color=GREY, lw=0.8)
        axes.set(xlabel=side.text, ylabel="(R(+I) - R(-I))/R at my = +1 (%)")
        axes.legend(frameon=False, fontsize=8, loc="lower left")

    return png(turns, title=title) if found is None else png(turns, against_field, title=title)
