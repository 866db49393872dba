"""Where P(switch) stays near one half while the amplitude changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["plateau"]


def plateau(
    amplitudes: ArrayLike, probabilities: ArrayLike, *, reach: float = 0.05, tolerance: float = 0.02
) -> NDArray[np.bool_]:
    """Tell which settings of a map lie on a plateau of one half.

    Parameters
    ----------
    amplitudes
        Of the grid [V], even steps, shape (N,).
    probabilities
        P(switch), shape (N, M).
    reach
        How far to either side P must stay there, as a share of the amplitudes' range.
    tolerance
        How far P may be from one half.

    Returns
    -------
    ndarray of bool
        Shape (N, M).

    Raises
    ------
    InputError
        If the shapes do not fit together.

    Examples
    --------
    >>> plateau([1.0, 1.1, 1.2, 1.3, 1.4], [[0.1], [0.49], [0.5], [0.51], [0.9]], reach=0.25).ravel().tolist()
    [False, False, True, False, False]
    """
    from scipy.ndimage import minimum_filter1d

    v, p = np.asarray(amplitudes, float), np.asarray(probabilities, float)
    if p.shape[:1] != v.shape:
        raise InputError(f"probabilities of shape {p.shape} for {v.size} amplitudes")
    near = (np.abs(p - 0.5) < tolerance).astype(np.uint8)
    points = int(np.ceil(reach * (v.size - 1) - 1e-9))
    return np.asarray(minimum_filter1d(near, 2 * points + 1, axis=0, mode="constant", cval=0), bool)
