"""The curves along which P(switch) is one half."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["half_contour"]


def half_contour(amplitudes: ArrayLike, widths: ArrayLike, probabilities: ArrayLike) -> list[NDArray[np.float64]]:
    """Trace P = 1/2 through a map on a grid.

    Parameters
    ----------
    amplitudes, widths
        The grid [V], [s]; shapes (N,) and (M,).
    probabilities
        P(switch), shape (N, M).

    Returns
    -------
    list of ndarray of float64
        A curve each, shape (points, 2): amplitude [V] and width [s]; empty where P is never one half.

    Raises
    ------
    InputError
        If the shapes do not fit together.
    """
    from contourpy import contour_generator

    v, w, p = (np.asarray(each, float) for each in (amplitudes, widths, probabilities))
    if p.shape != (v.size, w.size):
        raise InputError(f"probabilities of shape {p.shape} for {v.size} amplitudes and {w.size} widths")
    lines = contour_generator(w, v, p).lines(0.5)
    return [np.asarray(line)[:, ::-1] for line in lines]
