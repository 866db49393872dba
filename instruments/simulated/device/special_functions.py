"""Special functions of the device's geometry and energies: a disc's demagnetising factor, a scaled Bessel function."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["scaled_i0", "demagnetising_factor"]

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


def demagnetising_factor(thickness: float, diameter: float) -> float:
    """Give the factor Nz of a uniformly magnetised cylinder along its axis, averaged over its volume.

    Parameters
    ----------
    thickness, diameter
        Of the cylinder, in one unit.

    Returns
    -------
    float
        Nz between 0 and 1; across the axis Nx = (1 - Nz)/2.

    Notes
    -----
    The cylinder's magnetisation is a current sheet, so 1 - Nz is the ratio of a short solenoid's inductance to that
    of an endless one, Nagaoka, J. Coll. Sci. Tokyo 27, 1 (1909), eq. 6; the same as Joseph, J. Appl. Phys. 37,
    4639 (1966).

    Examples
    --------
    >>> round(demagnetising_factor(1.1e-9, 50e-9), 4)
    0.9341
    """
    diagonal = math.hypot(diameter, thickness)
    k, other = diameter / diagonal, thickness / diagonal
    first, second = _elliptic(k, other)
    solenoid = 4 / (3 * math.pi * other) * (other**2 / k**2 * (first - second) + second - k)
    return 1 - solenoid


def _elliptic(k: float, other: float) -> tuple[float, float]:
    """Give the complete elliptic integrals K and E of modulus k by the arithmetic-geometric mean, A & S 17.6."""
    mean, root, gap, weight, total = 1.0, other, k, 0.5, k * k / 2
    while gap > 1e-9 * mean:  # the next one is its square
        mean, root, gap = (mean + root) / 2, math.sqrt(mean * root), (mean - root) / 2
        weight *= 2
        total += weight * gap * gap
    first = math.pi / (mean + root)
    return first, first * (1 - total)
