"""Both resistances and P(switch) along many pulses, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, count_axis, from_zero, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["endurance_plot"]


def endurance_plot(
    pulses: ArrayLike, parallel: ArrayLike, antiparallel: ArrayLike, share: ArrayLike, broken: bool, title: str
) -> bytes:
    """Plot what the checks found.

    Parameters
    ----------
    pulses
        Pulses sent before each check, shape (N,).
    parallel, antiparallel
        Resistances [Ω], shape (N,).
    share
        Share of the pulses that switched, shape (N,).
    broken
        Whether the barrier broke down after the last check.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    count, low, high, switched = (np.asarray(each, float) for each in (pulses, parallel, antiparallel, share))
    up = AxisLabel.of("resistance", "Ω", high)

    def resistance(axes: Axes) -> None:
        for values, name, colour in ((high, "antiparallel", RED), (low, "parallel", BLUE)):
            axes.plot(count, values * up.factor, ".-", color=colour, lw=0.9, label=name)
        if broken and count.size:
            axes.axvline(count[-1], color="black", lw=1, ls="--", label="broken down after this")
        axes.set(xlabel="pulses", ylabel=up.text)
        count_axis(axes, count)
        from_zero(axes)
        axes.legend(frameon=False, fontsize=8)

    def probability(axes: Axes) -> None:
        axes.axhline(0.5, color=GREY, lw=0.8)
        axes.plot(count, switched, ".-", color="black", lw=0.9)
        axes.set(xlabel="pulses", ylabel="share switched", ylim=(0, 1))
        count_axis(axes, count)

    return png(resistance, probability, title=title)
