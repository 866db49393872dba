"""Tests of the walk that the bits make: how far it goes, and how often it visits the states near zero."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc, gammaincc, ndtr

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest

__all__ = [
    "CUMULATIVE_SUMS",
    "RANDOM_EXCURSIONS",
    "RANDOM_EXCURSIONS_VARIANT",
    "STATES",
    "cumulative_sums",
    "excursion_probabilities",
    "random_excursions",
    "random_excursions_variant",
]

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

STATES = (-4, -3, -2, -1, 1, 2, 3, 4)
LABELS = tuple(f"{x:+d}" for x in STATES)

AS_IN_STS = {
    1: (0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125),
    2: (0.75, 0.0625, 0.046875, 0.03515625, 0.0263671875, 0.0791015625),
    3: (0.8333333333, 0.02777777778, 0.02314814815, 0.01929012346, 0.01607510288, 0.0803755143),
    4: (0.875, 0.015625, 0.013671875, 0.01196289063, 0.0104675293, 0.0732727051),
}

VARIANT_STATES = np.array([*range(-9, 0), *range(1, 10)])
VARIANT_LABELS = tuple(f"{x:+d}" for x in VARIANT_STATES.tolist())

LEAST_CYCLES = 500
"""Cycles with which random excursions apply; with more, their law is nearer to its limit."""


def cumulative_sums(sequence: BitSequence) -> Outcome:
    """Test how far the walk of the bits goes from where it begins, and from where it ends.

    Notes
    -----
    SP 800-22 rev. 1a, 2.13; the bounds of the sums are truncated towards zero, as in STS.
    """
    walk = sequence.walk
    forward = max(walk.highest, -walk.lowest)
    reverse = max(walk.highest - walk.end, walk.end - walk.lowest)
    return Outcome(
        test="cumulative_sums",
        p_values=(_p_value(sequence.length, forward), _p_value(sequence.length, reverse)),
        labels=("forward", "reverse"),
        statistics={"largest_forward": forward, "largest_reverse": reverse},
    )


def _p_value(n: int, largest: int) -> float:
    step = largest / math.sqrt(n)
    # Beyond 40 standard deviations there is nothing to add: all terms are 0 or 1 less 1.
    most = int(10 / step) + 1
    first = np.arange(max(-most, int((-n / largest + 1) / 4)), min(most, int((n / largest - 1) / 4)) + 1)
    second = np.arange(max(-most, int((-n / largest - 3) / 4)), min(most, int((n / largest - 1) / 4)) + 1)
    inner = ndtr((4 * first + 1) * step) - ndtr((4 * first - 1) * step)
    outer = ndtr((4 * second + 3) * step) - ndtr((4 * second + 1) * step)
    return min(1.0, max(0.0, float(1 - inner.sum() + outer.sum())))


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
    least = max(LEAST_CYCLES, 0.005 * math.sqrt(n))
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


def random_excursions_variant(sequence: BitSequence) -> Outcome:
    """Test how often the walk visits the states -9 to 9 in all.

    Notes
    -----
    SP 800-22 rev. 1a, 2.15: p = erfc(abs(visits - J) / sqrt(2 J (4 abs(x) - 2))).
    """
    walk = sequence.walk
    reason = too_few_cycles(walk.cycles, sequence.length)
    if reason:
        return Outcome(test="random_excursions_variant", reason=reason, statistics={"cycles": walk.cycles})
    visits = walk.visits[VARIANT_STATES + 9]
    p_values = erfc(abs(visits - walk.cycles) / np.sqrt(2 * walk.cycles * (4 * abs(VARIANT_STATES) - 2)))
    return Outcome(
        test="random_excursions_variant",
        p_values=tuple(p_values.tolist()),
        labels=VARIANT_LABELS,
        statistics={"cycles": walk.cycles, "visits": visits.tolist()},
    )


def _laws_of_excursions(bits: int) -> tuple[NullLaw, ...]:
    from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw  # scipy.stats is slow to import

    return tuple(SquaresLaw.of_classes(LEAST_CYCLES, excursion_probabilities(state)) for state in STATES)


CUMULATIVE_SUMS = SuiteTest(
    name="cumulative_sums",
    number=3,
    run=lambda sequence, mode: cumulative_sums(sequence),
    least_bits=100,
    half_step=1.0,
    kernels="walks",
)
RANDOM_EXCURSIONS = SuiteTest(  # for both the number of cycles decides, not that of bits
    name="random_excursions",
    number=12,
    run=random_excursions,
    chi_square=True,
    law=_laws_of_excursions,
    kernels="walks",
)
RANDOM_EXCURSIONS_VARIANT = SuiteTest(
    name="random_excursions_variant",
    number=13,
    run=lambda sequence, mode: random_excursions_variant(sequence),
    departure=6e-3,
)
