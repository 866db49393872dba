"""A measured map of P(switch) as a picture."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.plots.figure import drawing, encoded
from mtjlab.analysis.switching_map import GaussianProcess, Scales, half_contour, plateau
from mtjlab.core import NORMAL_95, InputError

__all__ = ["FittedMap", "map_plot"]

FittedMap = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""P(switch) of a fitted model at amplitudes [V] and widths [s], broadcast together."""

POINTS = 160
"""Of the grid along each setting."""
FITTED = "#00c853"
"""Colour of the fitted contours, which neither the map nor its curve has."""
LEAST = 20
"""Settings that a smoothed map needs."""


def map_plot(
    amplitudes: ArrayLike,
    widths: ArrayLike,
    switched: ArrayLike,
    shots: ArrayLike,
    title: str,
    fitted: FittedMap | None = None,
) -> bytes:
    """Plot P(switch) in colour, the curve of one half, where 95 % intervals hold one half, and what was measured.

    Colour and curve are those of the measured counts, smoothed; a fitted model is drawn over them by its contours.

    Parameters
    ----------
    amplitudes, widths
        Settings [V], [s], shape (N,).
    switched, shots
        Pulses that switched, and pulses sent, at each; shape (N,).
    title
        Above the picture.
    fitted
        The model that was fitted to the counts, if one was.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    ValueError
        If there are too few settings, or they lie on a line.
    """
    v, w, k, n = (np.asarray(each, float) for each in (amplitudes, widths, switched, shots))
    if v.size < LEAST or not np.ptp(v) or not np.ptp(w):
        raise InputError(f"{v.size} settings make no map: measure at least {LEAST}, at several amplitudes and widths")
    start = Scales((float(np.ptp(v)) / 6, float(np.ptp(w)) / 6), 0.6)
    smooth = GaussianProcess.fit(np.column_stack([v, w]), k, n, start)
    across, up = np.linspace(w.min(), w.max(), POINTS), np.linspace(v.min(), v.max(), POINTS)
    every = np.stack(np.meshgrid(up, across, indexing="ij"), axis=-1).reshape(-1, 2)
    angle, error = (each.reshape(POINTS, POINTS) for each in smooth.predict(every))
    p = smooth.probability(every).reshape(POINTS, POINTS)

    with drawing(7.2, 4.6) as figure:
        axes = figure.subplots()
        mesh = axes.pcolormesh(across * 1e9, up, p, vmin=0, vmax=1, cmap="RdBu_r", shading="gouraud", rasterized=True)
        figure.colorbar(mesh, ax=axes, label="P(switch)")
        # Within this band one half is not excluded at 95 %.
        unsure = np.abs(angle) / np.maximum(error, 1e-12)
        axes.contourf(across * 1e9, up, unsure, levels=[0, NORMAL_95], colors="#222222", alpha=0.28)
        for number, line in enumerate(half_contour(up, across, p)):
            axes.plot(line[:, 1] * 1e9, line[:, 0], color="black", lw=1.2, label=None if number else "P = 1/2")
        axes.fill_between([], [], color="#222222", alpha=0.28, lw=0, label="1/2 not excluded (95 %)")
        flat = plateau(up, p)
        if flat.any():
            axes.contourf(across * 1e9, up, flat, levels=[0.5, 1.5], colors="none", hatches=["////"])
            axes.fill_between([], [], facecolor="none", edgecolor="black", hatch="////", lw=0, label="plateau")
        if fitted is not None:
            _draw_contours(axes, across, up, fitted(up[:, None], across[None, :]))
        axes.plot(w * 1e9, v, ".", color="black", ms=2.2, alpha=0.45, label=f"{v.size} settings", ls="none")
        axes.set(xlabel="pulse width at half maximum (ns)", ylabel="pulse amplitude (V)")
        figure.suptitle(title, fontsize=9)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False, fontsize=8)
        return encoded(figure)


def _draw_contours(axes: Any, across: NDArray[np.float64], up: NDArray[np.float64], p: NDArray[np.float64]) -> None:
    """Draw where the fitted P(switch) is one half, and where it is a quarter and three quarters."""
    for levels, style, label in (([0.5], "-", "fit: P = 1/2"), ([0.25, 0.75], "--", "fit: 1/4, 3/4")):
        if any(p.min() < level < p.max() for level in levels):
            axes.contour(across * 1e9, up, p, levels=levels, colors=FITTED, linewidths=1.4, linestyles=style)
            axes.plot([], [], color=FITTED, lw=1.4, ls=style, label=label)
