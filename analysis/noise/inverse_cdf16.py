"""Sixteen bits a normal, through the inverse of the normal distribution function."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import Bits

__all__ = ["INVERSE_CDF16", "InverseCdf16"]

WORDS = 2**16


class InverseCdf16:
    """Look up a normal for each word of 16 bits, the first bit being the most significant.

    Two choices make the table. Word k stands for the middle of its cell, quantile (k + 1/2) / 65536: the table is odd
    about its middle, so its mean is exactly zero, and no entry is infinite. The middles fall a little short of unit
    variance, by 2.0e-5; the table is divided by its standard deviation, so that fair bits give exactly one. The largest
    normal is 4.32.
    """

    @property
    def bits_per_normal(self) -> int:
        """Sixteen."""
        return 16

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1: 1.8736."""
        return 1.8736

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return one normal for each 16 bits: float32, shape (bits.size / 16,).

        Parameters
        ----------
        bits
            0 and 1, shape (16 n,).
        """
        return self.convert_packed(Bits(bits))

    def convert_packed(self, bits: Bits) -> NDArray[np.float32]:
        """Return one normal for each 16 bits: float32, shape (n,).

        Parameters
        ----------
        bits
            16 n bits.
        """
        from mtjlab.analysis.noise.word_kernels import look_up_words  # slow to import

        normals = np.empty(len(bits) // 16, np.float32)
        look_up_words(bits.packed_bytes, _table()[: WORDS // 2].view(np.uint32), normals.view(np.uint32))
        return normals

    def distribution(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the values that a normal can have, all of the same probability.

        Returns
        -------
        tuple of NDArray
            Values in rising order, and probabilities; float64, shape (65536,).
        """
        return _table().astype(np.float64), np.full(WORDS, 1 / WORDS)


@cache
def _table() -> NDArray[np.float32]:
    from scipy.special import ndtri  # slow to import

    lower = ndtri((np.arange(WORDS // 2) + 0.5) / WORDS)
    lower /= np.sqrt(np.mean(lower**2))
    # Mirrored rather than computed: the two halves cancel to the last digit.
    table: NDArray[np.float32] = np.concatenate((lower, -lower[::-1])).astype(np.float32)
    table.flags.writeable = False
    return table


INVERSE_CDF16 = InverseCdf16()
"""What ``inverse-cdf16`` stands for."""
