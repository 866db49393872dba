"""Where spherical harmonics are summed over the upper half of the sphere, and their values there at azimuth zero."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["azimuthal_nodes", "polar_nodes"]

Values = NDArray[np.float64]
"""Real numbers."""


@lru_cache(maxsize=4)
def polar_nodes(largest: int) -> tuple[Values, Values, dict[tuple[int, int], Values]]:
    """Give nodes in the cosine of the upper half, their weights, and Yₗₘ there.

    Parameters
    ----------
    largest
        Largest degree l.
    """
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(2 * largest)
    u = (nodes + 1) / 2
    return u, weights / 2, _legendre(largest, u)


@lru_cache(maxsize=4)
def azimuthal_nodes(largest: int) -> tuple[Values, Values, dict[tuple[int, int], Values]]:
    """Give nodes in θ of the upper half, their weights, and Yₗₘ there.

    θ itself is the variable of a density: it lies within a tenth of a radian or so.

    Parameters
    ----------
    largest
        Largest degree l.
    """
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(300)
    theta = (nodes + 1) * np.pi / 4
    return theta, weights * np.pi / 4, _legendre(largest, np.cos(theta))


def _legendre(largest: int, u: Values) -> dict[tuple[int, int], Values]:
    """Give Yₗₘ at azimuth zero, for cosines u of the polar angle, by the stable recursion upwards in n."""
    sine, table = np.sqrt(1 - u**2), {}
    table[0, 0] = np.full_like(u, np.sqrt(1 / (4 * np.pi)))
    for m in range(largest + 1):
        if m:
            table[m, m] = -np.sqrt((2 * m + 1) / (2 * m)) * sine * table[m - 1, m - 1]
        before = np.zeros_like(u)
        for n in range(m, largest):
            up = np.sqrt(((n + 1) ** 2 - m**2) / ((2 * n + 1) * (2 * n + 3)))
            down = np.sqrt((n**2 - m**2) / ((2 * n - 1) * (2 * n + 1))) if n else 0.0
            table[n + 1, m] = (u * table[n, m] - down * before) / up
            before = table[n, m]
    return table
