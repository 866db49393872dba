"""A write error rate along the pulses, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.png import BLUE, RED, count_axis, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["error_rate_plot"]


def error_rate_plot(
    pulses: ArrayLike, rates: ArrayLike, lower: ArrayLike, upper: ArrayLike, required: float, title: str
) -> bytes:
    """Plot the rate and its exact interval after each block, and the required rate.

    Parameters
    ----------
    pulses, rates, lower, upper
        Pulses so far, share that failed, and limits of its 95 % interval, shape (N,).
    required
        Required rate.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    count, rate, low, high = (np.asarray(each, float) for each in (pulses, rates, lower, upper))

    none = not rate.size or rate[-1] == 0

    def draw(axes: Axes) -> None:
        floor = float(np.min(high, initial=required)) / 100
        if count.size > 1:
            axes.fill_between(count, np.maximum(low, floor), high, color=BLUE, alpha=0.25, lw=0, label="95 %, exact")
        if count.size > 1 and (rate > 0).any():
            axes.plot(count, np.where(rate > 0, rate, np.nan), color=BLUE, lw=1.2, label="share failed")
        if none:
            # The rate of no failure is zero, which has no place on this axis: what is known is that it is below.
            axes.errorbar(
                count[-1:], high[-1:], 0.6 * high[-1:], uplims=True, fmt="_", color=BLUE, ms=12, mew=1.6, capsize=4,
            )  # fmt: skip
            axes.plot([], [], "v", color=BLUE, label="no failure: upper limit, 97.5 %")
        else:
            axes.errorbar(
                count[-1:], rate[-1:], [(rate - low)[-1:], (high - rate)[-1:]], fmt=".", color=BLUE, capsize=3,
                label=None if count.size > 1 else "share failed, 95 %",
            )  # fmt: skip
        axes.axhline(required, color=RED, lw=1, ls="--", label=f"required, {required:g}")
        axes.set_yscale("log")
        axes.set_ylim(bottom=floor)
        if count.size > 1 and count[-1] > 20 * count[0]:
            count_axis(axes, count)
        else:
            axes.set_xlim(0, 1.1 * float(np.max(count, initial=1.0)))
        axes.set(xlabel="pulses", ylabel="write error rate")
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)
