"""A pulse map as a picture."""

from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["save_map"]


def save_map(
    path: str,
    amplitudes: "np.ndarray[Any, np.dtype[np.float64]]",
    widths: "np.ndarray[Any, np.dtype[np.float64]]",
    probability: "np.ndarray[Any, np.dtype[np.float64]]",
    title: str,
) -> None:
    """Draw P(switch) over width and amplitude.

    Parameters
    ----------
    path
        Picture to write, in the format of `picture_format`.
    amplitudes, widths
        Axes [V], [s], increasing.
    probability
        Shape (amplitudes, widths).
    title
        Device, state and effects.
    """
    from mtjlab.analysis.plots import drawing, encoded

    with drawing(8, 5, dpi=120) as figure:
        axes = figure.subplots()
        mesh = axes.pcolormesh(
            _edges(widths * 1e9), _edges(amplitudes), probability, vmin=0, vmax=1, cmap="RdBu_r", shading="flat"
        )
        axes.set(xlabel="pulse width at half maximum [ns]", ylabel="pulse amplitude [V]")
        figure.suptitle(title, fontsize=9)
        figure.colorbar(mesh, ax=axes, label="P(switch)")
        Path(path).write_bytes(encoded(figure))


def _edges(centres: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Give the borders of cells around their centres; a lone centre gets a cell of a tenth of itself."""
    if centres.size == 1:
        half = abs(centres[0]) / 20 or 0.05
        return np.array([centres[0] - half, centres[0] + half])
    middles = (centres[1:] + centres[:-1]) / 2
    first, last = 1.5 * centres[0] - 0.5 * centres[1], 1.5 * centres[-1] - 0.5 * centres[-2]
    return np.concatenate([[first], middles, [last]])
