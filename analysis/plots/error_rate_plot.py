"""A write error rate along the pulses, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.png import BLUE, RED, png

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

    def draw(axes: Axes) -> None:
        floor = float(np.min(high, initial=required)) / 100
        axes.fill_between(count, np.maximum(low, floor), high, color=BLUE, alpha=0.25, lw=0, label="95 %, exact")
        axes.plot(count, np.where(rate > 0, rate, np.nan), color=BLUE, lw=1.2, label="share failed")
        last = rate[-1:] if rate[-1:] > 0 else np.maximum(low, floor)[-1:]
        axes.errorbar(count[-1:], last, [last - np.maximum(low, floor)[-1:], (high - last)[-1:]], fmt=".", color=BLUE)
        axes.axhline(required, color=RED, lw=1, ls="--", label=f"required, {required:g}")
        axes.set_yscale("log")
        if count.size > 1 and count[-1] > 20 * count[0]:
            axes.set_xscale("log")
        axes.set(xlabel="pulses", ylabel="write error rate")
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)
