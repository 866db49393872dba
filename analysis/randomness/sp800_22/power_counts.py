"""Powers counted by a threshold that float32 can not always tell them from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import part

__all__ = ["count_powers", "note_doubt", "SURE", "TOWERS", "DOUBTS"]

SURE, TOWERS, DOUBTS = 0, 1, 2
"""Places of the counts: surely below the threshold, so high that they spoil others, too near the threshold to tell."""


@part
def count_powers(power: NDArray[np.float32], limits: NDArray[np.float32], found: NDArray[np.int64]) -> bool:
    """Count powers; tell whether some are in doubt. `limits` are the ends of the doubtful band, and of what towers."""
    low, high, towering = limits[0], limits[1], limits[2]
    below, perhaps, towers = 0, 0, 0
    for i in range(power.size):
        below += power[i] < low
        perhaps += power[i] < high
        towers += power[i] > towering
    found[SURE] += below
    found[TOWERS] += towers
    return perhaps > below


@part
def note_doubt(frequency: int, found: NDArray[np.int64], doubtful: NDArray[np.int64]) -> None:
    """Note a frequency whose power is in doubt, as long as there is room."""
    if found[DOUBTS] < doubtful.size:
        doubtful[found[DOUBTS]] = frequency
    found[DOUBTS] += 1
