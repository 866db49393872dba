"""Plots of what is asked of the bits of a stream without their time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mtjlab.analysis.bitstream import (
    NotApplicable,
    StreamPhysics,
    ToggledJunction,
    expected_runs,
    p_text,
    smallest_bias_seen,
)
from mtjlab.analysis.plots.stream_colours import StreamColours

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "draw_autocorrelation",
    "draw_bias",
    "draw_bytes",
    "draw_entropy",
    "draw_runs",
    "draw_transitions",
]

FEW_LAGS = 64
"""Lags up to which each has a stem."""


def draw_bias(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the bias with its interval among the biases that so many bits show.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    from matplotlib.ticker import EngFormatter

    bias, n = physics.bias, physics.bits
    counts = np.geomspace(max(10.0, n / 100), n * 100.0, 60)
    seen = np.array([smallest_bias_seen(int(count)) for count in counts])
    axes.loglog(counts, seen, color=colours.muted, lw=1.4, label="smallest bias that is seen nine times of ten")
    axes.fill_between(counts, seen, 1.0, color=colours.second, alpha=0.12, lw=0)
    floor = float(seen[-1]) / 3
    low, high = sorted((abs(bias.low), abs(bias.high)))
    if bias.low <= 0 <= bias.high:
        low = floor
    value = max(abs(bias.value), floor)
    axes.errorbar(
        [n],
        [value],
        [[value - low if value > low else 0.0], [high - value]],
        fmt="o",
        color=colours.first,
        capsize=4,
        lw=1.6,
        label=f"|P(1) - 1/2| of these {n:,} bits, 95 %",
    )
    axes.set_ylim(floor, min(0.6, max(3 * high, 3 * float(seen[0]))))
    axes.set_xlim(counts[0], counts[-1])
    axes.xaxis.set_major_formatter(EngFormatter(sep=" "))
    axes.text(0.98, 0.93, "seen", transform=axes.transAxes, ha="right", va="top", color=colours.muted, fontsize=8)
    axes.set(xlabel="bits", ylabel="|P(1) - 1/2|")
    axes.legend(frameon=False, fontsize=8, loc="lower left")


def draw_transitions(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the transition matrix with its probabilities.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    found = physics.transitions
    assert not isinstance(found, NotApplicable)
    rows = (
        (("stays up", 1 - found.p_ud.value, found.p_ud), ("up → down: P_ud", found.p_ud.value, found.p_ud)),
        (
            ("down → up: P_du", found.p_du.value, found.p_du),
            ("stays down", 1 - found.p_du.value, found.p_du),
        ),
    )
    axes.set(xlim=(0, 2), ylim=(2, 0), xlabel="state after the pulse", ylabel="state before it")
    for y, row in enumerate(rows):
        for x, (name, value, of) in enumerate(row):
            share = value if math.isfinite(value) else 0.0
            # The area of the square is the probability.
            side = 0.94 * math.sqrt(max(share, 0.0))
            from matplotlib.patches import Rectangle

            colour = colours.second if x != y else colours.first
            corner = (x + 0.5 - side / 2, y + 0.5 - side / 2)
            axes.add_patch(Rectangle(corner, side, side, color=colour, alpha=0.28, lw=0))
            text = f"{value:.5f} ± {of.uncertainty:.5f}" if math.isfinite(value) else "never there"
            axes.text(x + 0.5, y + 0.42, name, ha="center", va="center", fontsize=8.5, color=colours.text)
            axes.text(x + 0.5, y + 0.58, text, ha="center", va="center", fontsize=8.5, color=colours.text)
    axes.set_xticks([0.5, 1.5], ["up", "down"])
    axes.set_yticks([0.5, 1.5], ["up", "down"])
    axes.axhline(1, color=colours.grid, lw=1)
    axes.axvline(1, color=colours.grid, lw=1)
    axes.grid(visible=False)


def draw_autocorrelation(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the autocorrelation lag by lag with its bounds and the junction's law.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    found = physics.autocorrelation
    assert not isinstance(found, NotApplicable)
    lags = np.arange(1, found.coefficients.size + 1)
    axes.fill_between(
        lags, *found.band.T, color=colours.muted, alpha=0.3, lw=0, label="95 % of independent bits, one lag"
    )
    for edge, label in zip(found.family_band.T, ("all lags together", None), strict=True):
        axes.plot(lags, edge, color=colours.muted, lw=0.9, ls="--", label=label)
    if lags.size <= FEW_LAGS:
        axes.vlines(lags, 0, found.coefficients, color=colours.first, lw=1.2)
    axes.plot(lags, found.coefficients, ".", color=colours.first, ms=4 if lags.size <= 512 else 2)
    outside = found.outside
    axes.plot(outside, found.coefficients[outside - 1], "o", color=colours.second, ms=5, label="outside")
    if isinstance(physics.junction, ToggledJunction):
        law = physics.junction.autocorrelation(lags.size)
        shown = slice(None, max(2, min(lags.size, 16)))
        axes.plot(lags[shown], law[shown], color=colours.third, lw=1.4, label="toggled junction")
    if lags.size > 1000:
        axes.set_xscale("log")
    axes.set(xlabel="lag (bits)", ylabel="autocorrelation")
    axes.margins(y=0.28)
    test = found.ljung_box
    text = f"Ljung-Box Q = {test.chi_square:.5g} of {test.freedom} lags, {p_text(test.p_value)}"
    axes.text(0.01, 0.03, text, transform=axes.transAxes, fontsize=8, color=colours.muted)
    axes.legend(frameon=False, fontsize=8, ncols=4, loc="upper right")


def draw_runs(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the numbers of runs by length with the geometric law and the junction's.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    runs = physics.runs
    assert not isinstance(runs, NotApplicable)
    longest = min(runs.counts.shape[1], int(np.flatnonzero(runs.counts.sum(axis=0))[-1]) + 2)
    lengths = np.arange(1, longest + 1)
    law = expected_runs(runs, physics.junction) if isinstance(physics.junction, ToggledJunction) else None
    for row, (name, colour, marker) in enumerate((("zeros", colours.first, "o"), ("ones", colours.second, "s"))):
        shift = lengths + (-0.09, 0.09)[row]
        counts = np.where(runs.counts[row, :longest] > 0, runs.counts[row, :longest], np.nan).astype(np.float64)
        spread = np.minimum(np.sqrt(counts), 0.999 * counts)
        axes.errorbar(shift, counts, spread, fmt=marker, ms=4, lw=1, color=colour, label=f"runs of {name}")
        axes.plot(lengths, runs.expected[row, :longest], color=colour, lw=1, ls="--", alpha=0.8)
        if law is not None:
            axes.plot(lengths, law[row, :longest], color=colours.third, lw=1, ls=":")
    axes.plot([], [], color=colours.muted, lw=1, ls="--", label="geometric law")
    axes.plot([], [], color=colours.third, lw=1, ls=":", label="toggled junction")
    axes.set_yscale("log")
    axes.set_ylim(0.5, None)
    axes.locator_params(axis="x", integer=True)
    axes.set(xlabel="length of the run (bits)", ylabel="runs")
    axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper right")


def draw_entropy(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the conditional entropies with the junction's.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    found = physics.entropy
    assert not isinstance(found, NotApplicable)
    before = np.arange(len(found.entropies))
    if isinstance(physics.junction, ToggledJunction):
        law = physics.junction.entropies(before[-1])
        axes.plot(before, law, "-", color=colours.third, lw=1.4, label="toggled junction with these P_ud and P_du")
        axes.axhline(physics.junction.entropy_rate, color=colours.third, lw=1, ls=":", label="its state known")
    values, spread = ([getattr(each, name) for each in found.entropies] for name in ("value", "uncertainty"))
    axes.errorbar(before, values, 1.96 * np.array(spread), fmt="o", ms=5, capsize=3, color=colours.first, label="bits")
    axes.axhline(1.0, color=colours.muted, lw=1, ls="--", label="fair, independent bits")
    axes.set(xlabel="bits before that are known, k", ylabel="h(k) (bit)")
    axes.margins(y=0.3)
    axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper right")


def draw_bytes(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the deviation of each byte from its even share.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    from matplotlib.colors import LinearSegmentedColormap

    found = physics.byte_counts
    assert not isinstance(found, NotApplicable)
    deviations = found.deviations.reshape(16, 16)
    reach = max(4.0, float(np.abs(deviations).max()))
    scale = LinearSegmentedColormap.from_list("deviation", [colours.first, colours.background, colours.second])
    image = axes.imshow(deviations, cmap=scale, vmin=-reach, vmax=reach, aspect="auto")
    ticks = range(0, 16, 4)
    axes.set_xticks(ticks, [f"…{tick:04b}" for tick in ticks])
    axes.set_yticks(ticks, [f"{tick:04b}…" for tick in ticks])
    axes.grid(visible=False)
    axes.set(xlabel="last four bits", ylabel="first four bits")
    figure = axes.figure
    bar = figure.colorbar(image, ax=axes, shrink=0.9)
    bar.set_label("deviation (σ of chance)", color=colours.text)
    bar.ax.tick_params(colors=colours.text)
    bar.outline.set_visible(False)
