"""One power of the spectrum of a sequence, in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel

__all__ = ["peak_power"]


def peak_power(packed: NDArray[np.uint8], k: int) -> float:
    """Compute the power at frequency `k` of bits, eight a byte, taken as steps of -1 and 1.

    Notes
    -----
    A table has what each byte adds; the bytes are laid in rows, so that few sines are needed.
    """
    n = 8 * packed.size
    columns = 1 << max(3, packed.size.bit_length() // 2)
    steps = 2.0 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1) - 1
    table = steps @ _turns(k, np.arange(8), n)
    sums = _fold(packed, table, _turns(k, 8 * columns * np.arange(-(-packed.size // columns)), n), columns)
    return float(abs((sums * _turns(k, 8 * np.arange(columns), n)).sum()) ** 2)


def _turns(k: int, places: NDArray[np.int64], n: int) -> NDArray[np.complex128]:
    # The remainder is taken in whole numbers: the sine of a large angle has lost its digits.
    turns: NDArray[np.complex128] = np.exp(-2j * np.pi / n * (k * places % n))
    return turns


@kernel
def _fold(
    packed: NDArray[np.uint8], table: NDArray[np.complex128], turns: NDArray[np.complex128], columns: int
) -> NDArray[np.complex128]:
    sums = np.zeros(columns, np.complex128)
    for row in range(turns.size):
        begin = row * columns
        for column in range(min(columns, packed.size - begin)):
            sums[column] += table[packed[begin + column]] * turns[row]
    return sums
