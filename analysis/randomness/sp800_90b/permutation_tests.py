"""The permutation tests of SP 800-90B: whether a stream differs from its own rearrangements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_90b.permutation_statistics import STATISTICS, PermutationStatistics
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSource

__all__ = ["PERMUTATIONS", "PermutationTest", "permutation_tests"]

PERMUTATIONS = 10_000

FEW = 5
"""Permutations on one side of the stream, out of 10,000, with which it counts as odd."""


@dataclass(frozen=True)
class PermutationTest:
    """One statistic of the stream among those of its rearrangements."""

    statistic: float
    """Of the stream as it is."""

    greater: int
    """Rearrangements with a greater one."""

    equal: int
    """Rearrangements with the same."""

    less: int
    """Rearrangements with a smaller one."""

    @property
    def permutations(self) -> int:
        """Rearrangements that were looked at."""
        return self.greater + self.equal + self.less

    @property
    def decided(self) -> bool:
        """Whether the test has passed: more rearrangements cannot change that."""
        return self.greater + self.equal > FEW and self.less + self.equal > FEW

    @property
    def passed(self) -> bool:
        """Whether the stream is not among the oddest 0.05 % at either end."""
        return self.decided


def rearranged_bits(ones: int, count: int, generator: np.random.Generator) -> NDArray[np.uint8]:
    """Return bits of which `ones` are one, each arrangement of them as likely as any other.

    Notes
    -----
    Fair bits have some number of ones, and all arrangements of these are equally likely; then as many ones as are too
    many are taken at random, or zeros. That is much less than to shuffle a million bits.
    """
    bits = np.unpackbits(np.frombuffer(generator.bytes((count + 7) // 8), np.uint8), count=count)
    excess = int(np.count_nonzero(bits)) - ones
    if abs(excess) > count // 8:  # strongly biased: few places would be left to find by trying
        bits = np.zeros(count, np.uint8)
        bits[generator.choice(count, ones, replace=False, shuffle=False)] = 1
        return bits
    kind = 1 if excess > 0 else 0
    left = abs(excess)
    while left:
        places = generator.integers(0, count, 4 * left + 16)
        places = places[bits[places] == kind]
        _, first = np.unique(places, return_index=True)
        places = places[np.sort(first)][:left]
        bits[places] = 1 - kind
        left -= places.size
    return bits


def permutation_tests(
    source: SymbolSource,
    seed: int = 1,
    *,
    most: int = PERMUTATIONS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, PermutationTest]:
    """Compare a stream with its rearrangements by the statistics of SP 800-90B.

    Parameters
    ----------
    source
        The stream.
    seed
        Of the rearrangements: the same seed gives the same result.
    most
        Rearrangements at most: as many are needed where a test fails.
    progress
        Called with the rearrangements looked at, and `most`.

    Returns
    -------
    dict
        Of each statistic the test.

    Notes
    -----
    NIST SP 800-90B, section 5.1: a test fails if out of 10,000 rearrangements no more than five have a statistic at
    least as large as that of the stream, or no more than five one at most as large. Once both are more, the test has
    passed, and its statistic is no longer computed.
    """
    compute = PermutationStatistics.of(source)
    values = source.literal.symbols if compute.as_bits else source.values
    generator = np.random.Generator(np.random.PCG64(seed))
    own = compute(values, frozenset(STATISTICS))
    found = {name: PermutationTest(own[name], 0, 0, 0) for name in STATISTICS}
    for count in range(most):
        open_tests = frozenset(name for name, test in found.items() if not test.decided)
        if not open_tests:
            break
        progress(count, most)
        if compute.as_bits:
            arranged = rearranged_bits(compute.total, values.size, generator)
        else:
            arranged = generator.permutation(values)
        for name, value in compute(arranged, open_tests).items():
            test = found[name]
            found[name] = PermutationTest(
                test.statistic,
                test.greater + (value > test.statistic),
                test.equal + (value == test.statistic),
                test.less + (value < test.statistic),
            )
    progress(most, most)
    return found
