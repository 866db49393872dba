"""The random excursions test."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome

__all__ = ["STATES", "excursion_probabilities", "random_excursions", "too_few_cycles"]

STATES = (-4, -3, -2, -1, 1, 2, 3, 4)
LABELS = tuple(f"{x:+d}" for x in STATES)

AS_IN_STS = {
    1: (0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125),
    2: (0.75, 0.0625, 0.046875, 0.03515625, 0.0263671875, 0.0791015625),
    3: (0.8333333333, 0.02777777778, 0.02314814815, 0.01929012346, 0.01607510288, 0.0803755143),
    4: (0.875, 0.015625, 0.013671875, 0.01196289063, 0.0104675293, 0.0732727051),
}


def random_excursions(sequence: BitSequence, mode: Mode = Mode.EXACT) -> Outcome:
    """Test how often cycles of the walk visit the states -4 to 4.

    Notes
    -----
    SP 800-22 rev. 1a, 2.14. With fewer than max(500, 0.005 sqrt(n)) cycles the test does not apply.
    """
    walk = sequence.walk
    reason = too_few_cycles(walk.cycles, sequence.length)
    if reason:
        return Outcome(test="random_excursions", reason=reason, statistics={"cycles": walk.cycles})
    seen = walk.cycle_classes[[x + 4 for x in STATES]]
    expected = walk.cycles * _law(mode)
    statistics = ((seen - expected) ** 2 / expected).sum(axis=1)
    return Outcome(
        test="random_excursions",
        p_values=tuple(gammaincc(2.5, statistics / 2).tolist()),
        labels=LABELS,
        statistics={"cycles": walk.cycles, "chi_square": statistics.tolist()},
    )


def too_few_cycles(cycles: int, n: int) -> str:
    """Say that the walk has too few cycles for the excursion tests; nothing if it has enough."""
    least = max(500, 0.005 * math.sqrt(n))
    return f"{cycles} cycles; the test needs {least:.0f}" if cycles < least else ""


@lru_cache
def _law(mode: Mode) -> NDArray[np.float64]:
    """Return the probabilities of the classes state by state, shape (8, 6)."""
    law = AS_IN_STS if mode is Mode.NIST else {x: excursion_probabilities(x) for x in AS_IN_STS}
    return np.array([law[abs(x)] for x in STATES])


def excursion_probabilities(x: int) -> tuple[float, ...]:
    """Return the probabilities of 0 to 4 and of 5 or more visits to state `x` in a cycle (standard, 3.14)."""
    x = abs(x)
    stay = 1 - 1 / (2 * x)
    return (stay, *(stay ** (k - 1) / (4 * x * x) for k in range(1, 5)), stay**4 / (2 * x))
