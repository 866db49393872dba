"""Normals as sums of bits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["BIT_SUM_1", "BIT_SUM_16", "BitSum"]


class BitSum:
    """Add up k bits, less k/2, over the standard deviation sqrt(k)/2: normal by the central limit theorem.

    One bit gives -1 or +1, which is enough for the noise of diffusion steps (arXiv:2506.08337).

    Parameters
    ----------
    bits_per_normal
        k, from 1 to 255.

    Raises
    ------
    ValueError
        If k is out of range.
    """

    def __init__(self, bits_per_normal: int) -> None:
        if not 1 <= bits_per_normal <= 255:
            raise InputError(f"bits per normal = {bits_per_normal}: expected 1 to 255; 16 are close to a normal")
        self.bits_per_normal = bits_per_normal
        """Bits that one normal takes."""
        self.shift = math.sqrt(bits_per_normal)
        """Mean of a normal for each unit of 2P - 1."""

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return one normal for each k bits: float32, shape (bits.size / k,).

        Parameters
        ----------
        bits
            0 and 1, shape (n k,).
        """
        k = self.bits_per_normal
        ones = bits.reshape(-1, k).sum(axis=1, dtype=np.uint8)
        values = ((2 * np.arange(k + 1) - k) / math.sqrt(k)).astype(np.float32)
        normals: NDArray[np.float32] = values[ones]
        return normals


BIT_SUM_1, BIT_SUM_16 = BitSum(1), BitSum(16)
"""What ``bit-sum-1`` and ``bit-sum-16`` stand for."""
