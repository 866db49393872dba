"""Pairs of normals in polar coordinates: Box and Muller's method on a fixed number of bits."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.noise.distance_from_normal import DistributionError
from mtjlab.core import Bits

__all__ = ["BOX_MULLER", "BoxMuller"]

ANGLES = 2**16
_PLACES = np.geomspace(2e-6, 2e-3, 300)
"""Where the distribution is compared: about the sine of the smallest angle, 5e-5, where it is farthest from normal."""


class BoxMuller:
    r"""Take a pair (R cos θ, R sin θ), R = sqrt(-2 ln U), from 48 bits: 32 for the radius, then 16 for the angle.

    U = (u + 1/2) / 2^32 and θ = 2π (v + 1/2) / 2^16 + 3π/4, with u and v the words of 32 and 16 bits. The angle begins
    at 3π/4 so that its first bit tells the side of the line x + y = 0: the mean of both normals of a pair is then
    shifted alike by biased bits, by 1/sqrt(π) = 0.5642 for each unit of 2P - 1. The other bits shift the mean in the
    second order of the bias only. The largest normal is sqrt(66 ln 2) = 6.7637.

    The last of an odd number of normals has 24 bits for itself: 16 for the radius, 8 for the angle, and is the cosine.
    Normals that are asked for in odd portions are therefore not those of one request.

    Notes
    -----
    Box and Muller, Ann. Math. Stat. 29, 610 (1958).
    """

    @property
    def bits_per_normal(self) -> int:
        """Twenty-four."""
        return 24

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1: 1/sqrt(π)."""
        return 1 / math.sqrt(math.pi)

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return one normal for each 24 bits: float32, shape (bits.size / 24,).

        Parameters
        ----------
        bits
            0 and 1, shape (24 n,).
        """
        return self.convert_packed(Bits(bits))

    def convert_packed(self, bits: Bits) -> NDArray[np.float32]:
        """Return one normal for each 24 bits: float32, shape (n,).

        Parameters
        ----------
        bits
            24 n bits.
        """
        from mtjlab.analysis.noise.word_kernels import polar_pairs  # slow to import

        normals = np.empty(len(bits) // 24, np.float32)
        polar_pairs(bits.packed_bytes, _cosines(), normals)
        return normals

    def distribution_error(self) -> DistributionError:
        """Return how far pairs are from normal; the distance is that of the angle's steps, the radius adds 2^-33.

        Returns
        -------
        DistributionError
            Distance, moments, largest value.
        """
        # At a given angle x <= X where R <= X / cos θ, with probability 1 - exp(-(X / cos θ)²/2): summed over all
        # angles this is the distribution of x. It differs from the normal one where that is a cliff, at small X.
        from scipy.special import ndtr

        cosines = _cosines().astype(np.float64)
        positive = cosines[cosines > 0]
        above = np.array([float(np.exp(-((place / positive) ** 2) / 2).sum()) / ANGLES for place in _PLACES])
        distance = float(np.abs(ndtr(-_PLACES) - above).max())
        second, fourth = (float(np.mean(cosines**power)) for power in (2, 4))
        return DistributionError(
            ks_distance=distance + 2.0**-33,
            moments=(0.0, 2 * second, 0.0, 8 * fourth),
            largest=math.sqrt(66 * math.log(2)) * float(cosines.max()),
            exact=False,
        )


@cache
def _cosines() -> NDArray[np.float32]:
    """Return the cosine of each angle; the sine is the cosine a quarter of the angles earlier."""
    # One quarter computed, the others mirrored: fair bits then have a mean of exactly zero.
    angles = 2 * np.pi * (np.arange(ANGLES // 4) + 0.5) / ANGLES
    falling = np.cos(angles)
    whole = np.concatenate((falling, -falling[::-1], -falling, falling[::-1]))
    cosines: NDArray[np.float32] = np.roll(whole, -3 * ANGLES // 8).astype(np.float32)
    cosines.flags.writeable = False
    return cosines


BOX_MULLER = BoxMuller()
"""What ``box-muller`` stands for."""
