"""Resistance and tunnel magnetoresistance against voltage, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction import BiasDependence
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, from_zero, png
from mtjlab.core import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bias_plot"]

_WAYS = ((0, "parallel", BLUE), (1, "antiparallel", RED))

SEEN = 2e-3
"""Relative difference between a TMR as it reads and that of an upright layer from which on both are drawn."""


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
            reads = 100 * (curves[1] / curves[0] - 1)
            axes.plot(every * across.factor, reads, color="black", lw=1, label="fit, as it reads")
            half, tmr = fitted.half_bias.value, fitted.tmr.value
            upright = 100 * tmr / (1 + (every / half) ** 2)
            if tilted := bool(np.any(upright - reads > SEEN * upright)):
                axes.plot(every * across.factor, upright, color=GREY, lw=1, ls="--", label="of an upright layer")
            axes.set_title(
                f"TMR {_percent(fitted.tmr)}{' (upright layer)' if tilted else ''},\n"
                f"halved at {Quantity(half, fitted.half_bias.uncertainty, 'V')}",
                fontsize=8,
            )
            axes.legend(frameon=False, fontsize=8, loc="lower center")
        axes.set(xlabel=across.text, ylabel="TMR (%)")
        from_zero(axes)

    return png(resistance, ratio, title=title)


def _percent(share: Quantity) -> str:
    return str(Quantity(100 * share.value, 100 * share.uncertainty, "%"))


def _at(wanted: NDArray[np.float64], volts: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean value at each of some voltages."""
    return np.array([values[volts == each].mean() for each in wanted])
