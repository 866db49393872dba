"""How bits become normals."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["BitConverter"]


class BitConverter(Protocol):
    """Turn a fixed number of bits into one value of zero mean and unit variance, if the bits are fair."""

    @property
    def bits_per_normal(self) -> int:
        """Bits that one normal takes."""
        ...

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return one normal for each `bits_per_normal` bits, in their order.

        Parameters
        ----------
        bits
            Zeros and ones, shape (n * bits_per_normal,).

        Returns
        -------
        NDArray
            float32, shape (n,).
        """
        ...
