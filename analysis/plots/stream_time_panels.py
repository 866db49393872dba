"""Plots of what is asked of the bits of a stream over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream import Correlation, NotApplicable, Spectrum, StreamPhysics, mains_of
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.stream_colours import StreamColours
from mtjlab.core import NORMAL_95

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_allan", "draw_correlation", "draw_spectrum", "draw_windows"]

SHOWN = 400
"""Windows drawn, at most: change points were looked for in shorter ones."""

BINS = 1200
"""Frequencies drawn, at most: of the others the strongest stands for its neighbours."""

NAMED_LINES = 4
"""Lines that have their frequency beside them."""


def draw_windows(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw P(1) over time with its steps.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    windows, steps = physics.windows, physics.steps
    assert not isinstance(windows, NotApplicable)
    assert not isinstance(steps, NotApplicable)
    shown = windows.joined(SHOWN)
    label = AxisLabel.of("time", "s", windows.times) if windows.time_unit == "s" else AxisLabel("pulses", 1.0)
    times, share = shown.times * label.factor, shown.ones / shown.counts
    band = NORMAL_95 * np.sqrt(shown.variance / shown.counts)
    axes.fill_between(
        times,
        shown.share - band,
        shown.share + band,
        color=colours.muted,
        alpha=0.25,
        lw=0,
        label="95 % if P is steady",
    )
    axes.plot(times, share, ".", color=colours.first, ms=3.5, label=f"windows of {shown.counts[0]:,} bits")
    end = 2 * windows.times[-1] - windows.times[-2] if len(windows) > 1 else windows.times[-1] + 1
    edges = np.array([windows.times[0], *(change.time for change in steps.changes), end]) * label.factor
    levels = np.array([each.value for each in steps.shares])
    axes.stairs(levels, edges, baseline=None, color=colours.second, lw=1.6, label="P between change points")
    for change in steps.changes:
        axes.axvline(change.time * label.factor, color=colours.second, lw=0.8, ls=":")
    if windows.time_unit == "pulse":
        from matplotlib.ticker import EngFormatter

        axes.xaxis.set_major_formatter(EngFormatter(sep=" "))
    axes.set(xlabel=label.text, ylabel="P(1)")
    axes.margins(y=0.25)
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper right")


def draw_allan(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the Allan deviation of P(1) with what steady bits give.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    allan = physics.allan
    assert not isinstance(allan, NotApplicable)
    axes.plot(allan.bits, allan.white, color=colours.third, lw=1.4, label="steady P: falls as 1/√n")
    errors = np.stack([allan.deviation - allan.low, allan.high - allan.deviation])
    axes.errorbar(allan.bits, allan.deviation, errors, fmt="o", ms=4, lw=1.2, color=colours.first, label="bits, 95 %")
    odd = allan.p_values * allan.bits.size < physics.level
    axes.plot(allan.bits[odd], allan.deviation[odd], "o", ms=7, mfc="none", color=colours.second, label="above chance")
    axes.set(xscale="log", yscale="log", xlabel="bits of a window, n", ylabel="Allan deviation of P(1)")
    axes.legend(frameon=False, fontsize=8, loc="lower left")


def draw_spectrum(axes: Axes, physics: StreamPhysics, colours: StreamColours) -> None:
    """Draw the spectra of P(1) with their thresholds, lines and the mains.

    Parameters
    ----------
    axes
        Where to.
    physics
        All results.
    colours
        Colours.
    """
    spectra = [each for each in (physics.spectrum, physics.fast_spectrum) if isinstance(each, Spectrum)]
    for spectrum, colour in zip(spectra, (colours.first, colours.third), strict=False):
        averaged = spectrum.segments > 1 or spectrum is physics.fast_spectrum
        name = f"averaged over {spectrum.segments:,} segments" if averaged else "whole stretch"
        axes.plot(*_thinned(spectrum), color=colour, lw=0.7, alpha=0.9, label=name)
        ends = spectrum.frequencies[[0, -1]]
        axes.plot(ends, [spectrum.threshold] * 2, color=colour, lw=1.2, ls="--")
    axes.plot(
        [],
        [],
        color=colours.muted,
        lw=1.2,
        ls="--",
        label=f"threshold: chance passes it in {physics.level:.2g} of streams",
    )
    strongest = sorted(((line, s) for s in spectra for line in s.lines), key=lambda pair: -pair[0].power)
    for line, spectrum in strongest[:NAMED_LINES]:
        mains = mains_of(line, spectrum)
        text = f"{line.frequency:.5g} {spectrum.unit}" + (f"\n{mains}" if mains else "")
        axes.plot(line.frequency, line.power, "o", ms=5, color=colours.second)
        axes.annotate(
            text, (line.frequency, line.power), (4, 4), textcoords="offset points", fontsize=8, color=colours.second
        )
    lowest, highest = min(s.frequencies[0] for s in spectra), max(s.frequencies[-1] for s in spectra)
    if spectra[0].unit == "Hz":
        for mains_hz in (50, 60):
            if lowest < mains_hz < highest:
                axes.axvline(mains_hz, color=colours.muted, lw=0.7, ls=":", zorder=0)
    axes.set(xscale="log", yscale="log", xlabel=f"frequency ({spectra[0].unit})", ylabel="power (independent bits: 1)")
    tallest = max(max(float(np.max(s.powers)), s.threshold) for s in spectra)
    axes.set_ylim(0.05, 40 * tallest)
    axes.legend(frameon=False, fontsize=8, loc="upper left")


def _thinned(spectrum: Spectrum) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the strongest power in each of some bins that are even on a logarithmic axis."""
    frequencies, powers = spectrum.frequencies, spectrum.powers
    if frequencies.size <= BINS:
        return frequencies, powers
    bins = (np.log(frequencies / frequencies[0]) / np.log(frequencies[-1] / frequencies[0]) * BINS).astype(np.int64)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    return frequencies[starts], np.maximum.reduceat(powers, starts)


def draw_correlation(axes: Axes, found: Correlation, colours: StreamColours) -> None:
    """Draw P(1) of the stretches against another quantity.

    Parameters
    ----------
    axes
        Where to.
    found
        The correlation.
    colours
        Colours.
    """
    label = AxisLabel.of(found.name, found.unit, found.values)
    axes.plot(found.values * label.factor, found.shares, ".", ms=3, color=colours.first, alpha=0.6)
    slope, offset = np.polyfit(found.values - found.values.mean(), found.shares, 1)
    ends = np.array([found.values.min(), found.values.max()])
    odd = found.pearson.low > 0 or found.pearson.high < 0
    colour = colours.second if odd else colours.muted
    axes.plot(ends * label.factor, offset + slope * (ends - found.values.mean()), color=colour, lw=1.6)
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel(label.text, fontsize=9)
    axes.set_ylabel("P(1)")
    axes.label_outer()
    lines = []
    for name, each in (("Pearson", found.pearson), ("Spearman", found.spearman)):
        numbers = (round(end, 2) + 0.0 for end in (each.value, each.low, each.high))  # no minus before a zero
        lines.append(name + " {:+.2f} ({:+.2f}, {:+.2f})".format(*numbers))
    axes.text(0.02, 0.98, "\n".join(lines), transform=axes.transAxes, va="top", fontsize=7, color=colours.text)
    axes.margins(y=0.3)
