"""A pulse map as a picture."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.data.errors import InputError

__all__ = ["refuse_unwritable", "save_map"]


def refuse_unwritable(path: str) -> None:
    """Refuse a picture that can not be written: better now than after the work.

    Raises
    ------
    ValueError
        If the path is a folder, no PNG, or its folder is missing or closed.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise InputError(f"--output {path} is no PNG: end its name with .png")
    if target.is_dir() or not os.access(target.resolve().parent, os.W_OK):
        raise InputError(f"--output {path} can not be written: give a file in a folder that exists and is yours")


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
        PNG file to write.
    amplitudes, widths
        Axes [V], [s], increasing.
    probability
        Shape (amplitudes, widths).
    title
        Device, state and effects.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), dpi=120, layout="constrained")
    axes = figure.subplots()
    mesh = axes.pcolormesh(
        _edges(widths * 1e9), _edges(amplitudes), probability, vmin=0, vmax=1, cmap="RdBu_r", shading="flat"
    )
    axes.set(xlabel="pulse width at half maximum [ns]", ylabel="pulse amplitude [V]")
    axes.set_title(title, fontsize=9, wrap=True)
    figure.colorbar(mesh, ax=axes, label="P(switch)")
    figure.savefig(path)


def _edges(centres: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Give the borders of cells around their centres; a lone centre gets a cell of a tenth of itself."""
    if centres.size == 1:
        half = abs(centres[0]) / 20 or 0.05
        return np.array([centres[0] - half, centres[0] + half])
    middles = (centres[1:] + centres[:-1]) / 2
    first, last = 1.5 * centres[0] - 0.5 * centres[1], 1.5 * centres[-1] - 0.5 * centres[-2]
    return np.concatenate([[first], middles, [last]])
