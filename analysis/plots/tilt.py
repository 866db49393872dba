"""Resistance against a field in the plane, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.junction import HardAxis
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["tilt_plot"]


def tilt_plot(fields: ArrayLike, resistances: ArrayLike, fitted: HardAxis | None, title: str) -> bytes:
    """Plot the readings of both states, the curves of a tilting layer, and the field that cancels the one in the plane.

    Parameters
    ----------
    fields, resistances
        Field [T] and resistance [Ω] of each reading, shape (N,).
    fitted
        What was found, if anything.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    at, ohms = (np.asarray(each, float) for each in (fields, resistances))
    across, up = AxisLabel.of("field in the plane", "T", at), AxisLabel.of("resistance", "Ω", ohms)

    def draw(axes: Axes) -> None:
        axes.plot(at * across.factor, ohms * up.factor, ".", color=GREY, ms=3, label="readings")
        if fitted is not None:
            every = np.linspace(at.min(), at.max(), 300)
            states = zip(("parallel", "antiparallel"), fitted.resistances(every), (BLUE, RED), strict=True)
            for name, curve, colour in states:
                if np.isfinite(curve).any():
                    axes.plot(every * across.factor, curve * up.factor, color=colour, lw=1.2, label=f"{name}, fit")
            low, high = sorted(-each * across.factor for each in fitted.in_plane_field.interval)
            axes.axvspan(low, high, color="black", alpha=0.2, lw=0)
            axes.axvline((low + high) / 2, color="black", lw=0.8, ls="--", label="cancels the field there, 95 %")
        axes.set(xlabel=across.text, ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)
