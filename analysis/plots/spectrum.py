"""The spectrum of resistance noise, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mtjlab.analysis.junction import NoiseSpectrum
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["spectrum_plot"]


def spectrum_plot(spectrum: NoiseSpectrum, title: str) -> bytes:
    """Plot the density with the fit, its two parts, and the corner where they are equal.

    Parameters
    ----------
    spectrum
        Density with its fit.
    title
        Title of the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    f, density = spectrum.frequencies, spectrum.density

    def draw(axes: Axes) -> None:
        axes.loglog(f, density, color=BLUE, lw=0.8, alpha=0.8, label="measured")
        axes.loglog(f, spectrum.expected, color=RED, lw=1.4, label="fit")
        axes.loglog(f, spectrum.flicker.value / f, color=GREY, lw=1, ls="--", label="A/f")
        lowest = 0.3 * float(np.min(density))
        if spectrum.white.value > lowest:  # a floor below what is measured is not seen, and not drawn
            axes.axhline(spectrum.white.value, color=GREY, lw=1, ls=":", label="white floor B")
        if f[0] < spectrum.corner < f[-1]:
            axes.axvline(spectrum.corner, color="black", lw=0.8, label=f"corner {spectrum.corner:.3g} Hz")
        axes.set_ylim(lowest, 3 * float(np.max(density)))
        axes.set(xlabel="frequency (Hz)", ylabel="density (Ω²/Hz)")
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)
