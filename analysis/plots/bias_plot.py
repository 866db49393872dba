"""Resistance and tunnel magnetoresistance against voltage, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.bias_dependence import BiasDependence
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bias_plot"]

_WAYS = ((0, "parallel", BLUE), (1, "antiparallel", RED))


def bias_plot(
    voltages: ArrayLike,
    currents: ArrayLike,
    errors: ArrayLike,
    states: ArrayLike,
    fitted: BiasDependence | None,
    title: str,
) -> bytes:
    """Plot R(V) of both states with the fit, and TMR(V) beside it.

    Parameters
    ----------
    voltages, currents, errors
        Voltage [V], current and its standard error [A] of each reading, shape (N,).
    states
        0 (parallel) or 1 (antiparallel), shape (N,).
    fitted
        What was found, if anything.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    volts, amperes, sigma, which = (np.asarray(each, float) for each in (voltages, currents, errors, states))
    ohms = volts / amperes
    spread = np.abs(ohms * sigma / amperes)
    across, up = AxisLabel.of("bias", "V", volts), AxisLabel.of("resistance", "Ω", ohms)
    every = np.linspace(volts.min(), volts.max(), 400) if volts.size else volts
    curves = None if fitted is None else fitted.resistances(every)

    def resistance(axes: Axes) -> None:
        for state, name, colour in _WAYS:
            at = which == state
            axes.errorbar(
                volts[at] * across.factor, ohms[at] * up.factor, spread[at] * up.factor, fmt=".", color=colour, ms=4,
                lw=0.8, label=name,
            )  # fmt: skip
            if curves is not None:
                axes.plot(every * across.factor, curves[state] * up.factor, color=colour, lw=1)
        axes.set(xlabel=across.text, ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    def ratio(axes: Axes) -> None:
        both = np.intersect1d(volts[which == 0], volts[which == 1])
        low, high = (_at(both, volts[which == state], ohms[which == state]) for state in (0, 1))
        relative = [_at(both, volts[which == state], spread[which == state] / ohms[which == state]) for state in (0, 1)]
        errors = 100 * high / low * np.hypot(*relative)
        axes.errorbar(both * across.factor, 100 * (high / low - 1), errors, fmt=".", color="black", ms=4, lw=0.8)
        if fitted is not None and curves is not None:
            axes.plot(every * across.factor, 100 * (curves[1] / curves[0] - 1), color="black", lw=1, label="fit")
            half = fitted.half_bias.value
            axes.set_title(
                f"TMR {100 * fitted.tmr.value:.3g} ± {100 * fitted.tmr.uncertainty:.2g} %, "
                f"halved at {half:.3g} ± {fitted.half_bias.uncertainty:.2g} V",
                fontsize=8, color=GREY,
            )  # fmt: skip
        axes.set(xlabel=across.text, ylabel="TMR (%)")
        axes.set_ylim(bottom=0)

    return png(resistance, ratio, title=title)


def _at(wanted: NDArray[np.float64], volts: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean value at each of some voltages."""
    return np.array([values[volts == each].mean() for each in wanted])
