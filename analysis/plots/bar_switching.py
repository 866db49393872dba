"""How write pulses switch a bar, as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png
from mtjlab.analysis.spin_orbit_torque import SwitchingPhaseMap
from mtjlab.core import NORMAL_95, Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["phase_map_plot", "switching_loop_plot", "write_plot"]


def write_plot(currents: ArrayLike, signals: ArrayLike, threshold: float | None, title: str) -> bytes:
    """Plot what the probe read after each write pulse, in order, by the sign of the pulse.

    Parameters
    ----------
    currents, signals
        Write current [A] and signal [Ω] of each pulse, shape (N,).
    threshold
        Signal between the two states, where they could be told apart [Ω].
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    amperes, read = (np.asarray(each, float) for each in (currents, signals))
    up = AxisLabel.of("signal", "Ω", read)

    def draw(axes: Axes) -> None:
        number = np.arange(1, read.size + 1)
        for sign, colour, name in ((1, RED, "after +I"), (-1, BLUE, "after -I")):
            which = np.sign(amperes) == sign
            axes.plot(number[which], read[which] * up.factor, ".", color=colour, ms=5, label=name)
        if threshold is not None:
            axes.axhline(threshold * up.factor, color=GREY, lw=0.8, ls="--", label="between the states")
        axes.set(xlabel="pulse", ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)


def switching_loop_plot(
    currents: ArrayLike,
    signals: ArrayLike,
    widths: ArrayLike,
    settings: Sequence[tuple[float, Quantity]],
    law: tuple[ArrayLike, ArrayLike] | None,
    title: str,
) -> bytes:
    """Plot loops of the signal against the write current, and the critical current against the width.

    Parameters
    ----------
    currents, signals, widths
        Write current [A], signal [Ω] and width [s] of each pulse, shape (N,), in order of time.
    settings
        Width [s] and critical current [A] of each setting.
    law
        Widths [s] and the critical currents of the fitted law [A], shape (M,), where there is one.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    amperes, read, lasting = (np.asarray(each, float) for each in (currents, signals, widths))
    across, up = AxisLabel.of("write current", "A", amperes), AxisLabel.of("signal", "Ω", read)

    def loops(axes: Axes) -> None:
        for width, colour in zip(np.unique(lasting)[[0, -1]], (RED, BLUE), strict=True):
            which = lasting == width
            label = AxisLabel.of("", "s", [width])
            name = f"{width * label.factor:.3g} {label.text.strip(' ()')}"
            axes.plot(
                amperes[which] * across.factor, read[which] * up.factor, ".-", color=colour, ms=3, lw=0.5, label=name
            )
        axes.set(xlabel=across.text, ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    def critical(axes: Axes) -> None:
        at = np.array([width for width, _ in settings])
        values = np.array([found.value for _, found in settings])
        bars = np.array([NORMAL_95 * found.uncertainty for _, found in settings])
        side = AxisLabel.of("critical current", "A", values)
        axes.errorbar(at, values * side.factor, bars * side.factor, fmt="o", color=BLUE, ms=4, label="this width alone")
        if law is not None:
            every, line = (np.asarray(each, float) for each in law)
            axes.plot(every, line * side.factor, color=RED, lw=1, label="all widths together")
        axes.set(xlabel="pulse width (s)", ylabel=side.text, xscale="log")
        axes.legend(frameon=False, fontsize=8)

    return png(loops, critical, title=title) if settings else png(loops, title=title)


def phase_map_plot(
    currents: ArrayLike,
    fields: ArrayLike,
    switched: ArrayLike,
    pulses: ArrayLike,
    fitted: SwitchingPhaseMap | None,
    title: str,
) -> bytes:
    """Plot the share of pulses that switched over write current and field, with the boundaries of one half.

    Parameters
    ----------
    currents, fields, switched, pulses
        Write current [A], field along the bar [T], and how many of how many pulses switched, shape (N,).
    fitted
        The boundaries, if they were found.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    amperes, at, hits, count = (np.asarray(each, float) for each in (currents, fields, switched, pulses))
    across, up = AxisLabel.of("write current", "A", amperes), AxisLabel.of("field along the bar", "T", at)

    def draw(axes: Axes) -> None:
        share = np.divide(hits, count, out=np.full_like(hits, np.nan), where=count > 0)
        points = axes.scatter(
            amperes * across.factor, at * up.factor, c=share, cmap="viridis", vmin=0, vmax=1, s=40, marker="s"
        )
        axes.figure.colorbar(points, ax=axes, label="P(switch)")
        for side in (fitted.positive, fitted.negative) if fitted is not None else ():
            values = np.array([each.value for each in side])
            bars = NORMAL_95 * np.array([each.uncertainty for each in side])
            axes.errorbar(
                values * across.factor,
                fitted.fields * up.factor if fitted is not None else [],
                xerr=bars * across.factor,
                fmt="o-",
                color=RED,
                ms=4,
                lw=1,
            )
        axes.set(xlabel=across.text, ylabel=up.text)

    return png(draw, title=title)
