"""Fair bits from biased ones: von Neumann's extractor."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.core import checked_bits, jit

__all__ = ["VON_NEUMANN", "von_neumann"]


def von_neumann(bits: ArrayLike) -> NDArray[np.uint8]:
    """Return one fair bit for each pair of unequal ones.

    Bits are taken in pairs that do not overlap: 01 gives 0, 10 gives 1, 00 and 11 give nothing, a last single bit is
    dropped.

    Parameters
    ----------
    bits
        Raw bits, a one-dimensional array of 0 and 1.

    Returns
    -------
    NDArray
        uint8, 0 and 1; of independent bits with P(1) = p about p (1 - p) as many as went in, a quarter at best.

    Raises
    ------
    ValueError
        If the array holds anything but 0 and 1.

    Notes
    -----
    von Neumann, Applied Mathematics Series 12, 36 (1951). Exactly fair if the raw bits are independent and equally
    biased. It does not mend correlation: a chain of bits with memory comes out biased or correlated still.
    """
    checked = np.ascontiguousarray(checked_bits(bits))
    conditioned = np.empty(checked.size // 2 + 1, np.uint8)
    return conditioned[: _first_of_unequal(checked, conditioned)].copy()


@jit(nogil=True)
def _first_of_unequal(raw: NDArray[np.uint8], conditioned: NDArray[np.uint8]) -> int:
    # Without a branch: every pair writes its first bit, and only an unequal one moves on. Half the pairs are unequal,
    # in no order a processor could predict.
    count = 0
    for i in range(0, raw.size - 1, 2):
        conditioned[count] = raw[i]
        count += raw[i] ^ raw[i + 1]
    return count


VON_NEUMANN = Extractor(
    name="von Neumann's extractor",
    claim="exactly fair if the raw bits are independent and equally biased; correlation stays",
    extract=von_neumann,
    block=2,
)
"""What ``von-neumann`` stands for."""
