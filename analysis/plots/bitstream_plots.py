"""Plots of a bitstream, as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, Panel, from_zero, png
from mtjlab.core import NORMAL_95

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["autocorrelation_plot", "bitstream_plot", "level_plot", "p_one_plot"]

_HEIGHT = 2.7


def p_one_plot(first_bits: NDArray[np.int64], counts: NDArray[np.int64], ones: NDArray[np.int64]) -> bytes:
    """Plot the share of ones along the recording.

    Parameters
    ----------
    first_bits, counts, ones
        First bit, number of bits and number of ones of each block, shape (N,).

    Returns
    -------
    bytes
        A PNG: at most 100 points with the band that 95 % of them fall into for fair bits.
    """
    return png(_p_one(first_bits, counts, ones), height=_HEIGHT)


def autocorrelation_plot(series: Sequence[tuple[str, NDArray[np.float64], int]]) -> bytes:
    """Plot autocorrelation coefficients against the lag.

    Parameters
    ----------
    series
        For each stream its name, its coefficients from lag 1 on, and its number of bits.

    Returns
    -------
    bytes
        A PNG.
    """

    def draw(axes: Axes) -> None:
        for (name, coefficients, _), colour, shift in zip(series, (BLUE, RED), (-0.15, 0.15), strict=False):
            lags = np.arange(1, len(coefficients) + 1) + shift
            axes.vlines(lags, 0, coefficients, color=colour, lw=1.2)
            axes.plot(lags, coefficients, ".", color=colour, ms=4, label=name)
        band = NORMAL_95 / np.sqrt(min(count for _, _, count in series))
        axes.axhspan(-band, band, color=GREY, alpha=0.3, lw=0, label="95 % of independent bits, one lag")
        axes.axhline(0, color=GREY, lw=1)
        axes.set_xlabel("lag (bits)")
        axes.set_ylabel("autocorrelation")
        axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper right")
        axes.margins(y=0.25)

    return png(draw, height=_HEIGHT)


def level_plot(time: NDArray[np.float64], resistances: Mapping[str, NDArray[np.float64]]) -> bytes:
    """Plot the resistance of the two states, block by block.

    Parameters
    ----------
    time
        Start of each block [s], shape (N,).
    resistances
        Mean resistance [Ω] of each state in each block, by the name of the state.

    Returns
    -------
    bytes
        A PNG.
    """
    return png(_levels(time, resistances), height=_HEIGHT)


def bitstream_plot(
    first_bits: NDArray[np.int64],
    counts: NDArray[np.int64],
    ones: NDArray[np.int64],
    time: NDArray[np.float64],
    resistances: Mapping[str, NDArray[np.float64]],
    title: str,
) -> bytes:
    """Plot both: the share of ones along the recording, and below it the resistances; see the other two.

    Parameters
    ----------
    first_bits, counts, ones
        First bit of each stretch, its bits and its ones; shape (N,).
    time
        Start of each block [s], shape (M,).
    resistances
        Mean resistance [Ω] of each state in each block, by the name of the state.
    title
        Title of the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    return png(_p_one(first_bits, counts, ones), _levels(time, resistances), title=title, height=_HEIGHT, stacked=True)


def _p_one(first_bits: NDArray[np.int64], counts: NDArray[np.int64], ones: NDArray[np.int64]) -> Panel:
    groups = np.array_split(np.arange(len(counts)), min(100, len(counts)))
    size = np.array([counts[group].sum() for group in groups])
    share = np.array([ones[group].sum() for group in groups]) / size
    start = np.array([first_bits[group[0]] for group in groups])
    # From the first to the last bit of each point, so that a single one has its band, too.
    along, band = np.stack([start, start + size], axis=1).ravel(), np.repeat(NORMAL_95 * 0.5 / np.sqrt(size), 2)

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import EngFormatter

        axes.fill_between(along, 0.5 - band, 0.5 + band, color=GREY, alpha=0.35, lw=0, label="95 % of fair bits")
        axes.axhline(0.5, color=GREY, lw=1)
        axes.plot(start + size / 2, share, ".-", color=BLUE, lw=0.8, ms=4, label="raw bits")
        axes.xaxis.set_major_formatter(EngFormatter(sep=" "))
        axes.set_xlabel("bits recorded")
        axes.set_ylabel("P(1)")
        axes.legend(frameon=False, loc="upper right", fontsize=8)

    return draw


def _levels(time: NDArray[np.float64], resistances: Mapping[str, NDArray[np.float64]]) -> Panel:
    across = AxisLabel.of("time", "s", time)

    def draw(axes: Axes) -> None:
        for (name, values), colour in zip(resistances.items(), (BLUE, RED), strict=True):
            axes.plot(time * across.factor, values / 1e3, ".", color=colour, ms=3, label=name)
        axes.set_xlabel(across.text)
        axes.set_ylabel("resistance (kΩ)")
        from_zero(axes)
        axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper right", bbox_to_anchor=(1, 1.15))

    return draw
