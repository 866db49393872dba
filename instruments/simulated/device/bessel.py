"""The Bessel function that an average over the azimuth leaves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["scaled_i0"]

_LARGE = 500.0


def scaled_i0(x: ArrayLike) -> NDArray[np.float64]:
    """Give I0(x)·exp(-x), which stays finite for every x.

    Parameters
    ----------
    x
        Arguments, not negative, any shape.

    Returns
    -------
    ndarray of float64
        Values, 1 at zero.

    Notes
    -----
    Beyond 500 by Hankel's expansion (Abramowitz & Stegun 9.7.1), whose first term left out is 3e-13 there.

    Examples
    --------
    >>> scaled_i0([0.0, 1e6]).round(9).tolist()
    [1.0, 0.000398942]
    """
    at = np.asarray(x, float)
    small, inverse = np.minimum(at, _LARGE), 1 / (8 * np.maximum(at, _LARGE))
    series = 1 + inverse * (1 + inverse * (9 / 2 + inverse * (75 / 2 + inverse * 3675 / 8)))
    large = series * np.sqrt(4 * inverse / math.pi)
    return np.asarray(np.where(at <= _LARGE, np.i0(small) * np.exp(-small), large))
