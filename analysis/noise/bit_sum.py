"""Normals as sums of bits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import Bits, InputError

__all__ = ["BIT_SUM_1", "BIT_SUM_16", "BitSum", "bit_sum"]

_MOST = 255
_WORD = 64


class BitSum:
    """Add up k bits, less k/2, over the standard deviation sqrt(k)/2: normal by the central limit theorem.

    One bit gives -1 or +1, which is enough for the noise of diffusion steps (arXiv:2506.08337). As converters of the
    command, ``bit-sum-1`` to ``bit-sum-64``.

    Parameters
    ----------
    bits_per_normal
        k, from 1 to 255; up to 64 bits are counted as they lie, more are unpacked first.

    Raises
    ------
    InputError
        If k is out of range.
    """

    def __init__(self, bits_per_normal: int) -> None:
        if not 1 <= bits_per_normal <= _MOST:
            raise InputError(f"bits per normal = {bits_per_normal}: expected 1 to {_MOST}; 16 are close to a normal")
        self.bits_per_normal = bits_per_normal
        """Bits that one normal takes."""
        self.shift = math.sqrt(bits_per_normal)
        """Mean of a normal for each unit of 2P - 1."""
        k = bits_per_normal
        self._values = ((2 * np.arange(k + 1) - k) / math.sqrt(k)).astype(np.float32)
        self._of_a_byte = _values_of_bytes(k, self._values) if k in (1, 2, 4) else None

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return one normal for each k bits: float32, shape (bits.size / k,).

        Parameters
        ----------
        bits
            0 and 1, shape (n k,).
        """
        normals: NDArray[np.float32] = self._values[bits.reshape(-1, self.bits_per_normal).sum(axis=1, dtype=np.uint8)]
        return normals

    def convert_packed(self, bits: Bits) -> NDArray[np.float32]:
        """Return one normal for each k bits: float32, shape (n,).

        Parameters
        ----------
        bits
            n k bits.
        """
        k = self.bits_per_normal
        if k > _WORD:
            return self.convert(bits.unpacked())
        from mtjlab.analysis.noise import word_kernels  # slow to import

        packed, normals = bits.packed_bytes, np.empty(len(bits) // k, np.float32)
        if self._of_a_byte is not None:
            word_kernels.look_up_bytes(packed, self._of_a_byte, normals)
        elif k in (8, 16, 32, 64):
            # In whatever byte order the processor has: only the ones count.
            word_kernels.count_words(bits.words(k).view(f"u{k // 8}"), self._values, normals)
        else:
            padded = np.zeros(packed.size // 8 + 2, ">u8")
            padded.view(np.uint8)[: packed.size] = packed
            word_kernels.count_fields(padded.astype(np.uint64), k, self._values, normals)
        return normals

    def distribution(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the values that a normal can have and their probabilities, those of the binomial distribution.

        Returns
        -------
        tuple of NDArray
            Values in rising order, and probabilities; float64, shape (k + 1,).
        """
        k = self.bits_per_normal
        ways = np.array([math.comb(k, ones) / 2**k for ones in range(k + 1)])
        return self._values.astype(np.float64), ways


def bit_sum(k: int) -> BitSum:
    """Return what ``bit-sum-k`` stands for.

    Parameters
    ----------
    k
        Bits of a normal, 1 to 64.

    Raises
    ------
    InputError
        If k is out of range.
    """
    if not 1 <= k <= _WORD:
        raise InputError(f"bit-sum-{k} is not known: expected bit-sum-1 to bit-sum-{_WORD}")
    return BitSum(k)


def _values_of_bytes(k: int, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the normals of each byte, for k bits of which a byte holds several: shape (256, 8 / k)."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1)
    normals: NDArray[np.float32] = values[bits.reshape(256, -1, k).sum(axis=2)]
    return normals


BIT_SUM_1, BIT_SUM_16 = BitSum(1), BitSum(16)
"""What ``bit-sum-1`` and ``bit-sum-16`` stand for."""
