"""P(switch) of the cells of an array against amplitude, as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots.png import BLUE, GREY, RED, png
from mtjlab.core import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["flip_curve_plot"]


def flip_curve_plot(
    amplitudes: NDArray[np.float64],
    shares: NDArray[np.float64],
    spreads: NDArray[np.float64],
    wanted: Quantity | None,
    title: str,
) -> bytes:
    """Plot the share of the cells that a pulse switches, from each state, with how far the cells differ.

    Parameters
    ----------
    amplitudes
        Amplitudes [V], shape (A,).
    shares
        Shares from 0 and from 1, shape (A, 2).
    spreads
        Standard deviation of P over the cells, shape (A, 2).
    wanted
        Amplitude for the wanted probability [V]; None where it was not found.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """

    def draw(axes: Axes) -> None:
        for state, colour in enumerate((BLUE, RED)):
            share, spread = shares[:, state], spreads[:, state]
            low, high = np.clip(share - spread, 0, 1), np.clip(share + spread, 0, 1)
            axes.fill_between(amplitudes, low, high, color=colour, alpha=0.2, lw=0)
            axes.plot(amplitudes, share, ".-", color=colour, lw=1, ms=4, label=f"from {state}")
        if wanted is not None:
            axes.axvline(wanted.value, color=GREY, lw=1)
        axes.plot([], [], color=GREY, lw=6, alpha=0.4, label="± spread of the cells")
        axes.set_xlabel("pulse amplitude (V)")
        axes.set_ylabel("P(switch)")
        axes.set_ylim(-0.03, 1.03)
        axes.legend(frameon=False, fontsize=8, loc="upper left")

    return png(draw, title=title)
