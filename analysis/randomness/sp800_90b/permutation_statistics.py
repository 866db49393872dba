"""The statistics of which the permutation tests of SP 800-90B ask whether shuffling changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_90b.bzip2_size import compressed_bits, compressed_size
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSource

__all__ = ["LAGS", "STATISTICS", "PermutationStatistics"]

LAGS = (1, 2, 8, 16, 32)

STATISTICS = (
    "excursion",
    "directional_runs",
    "longest_directional_run",
    "increases_or_decreases",
    "median_runs",
    "longest_median_run",
    "average_collision",
    "maximum_collision",
    *(f"periodicity_{lag}" for lag in LAGS),
    *(f"covariance_{lag}" for lag in LAGS),
    "compression",
)
"""Their names, in the order of SP 800-90B, sections 5.1.1 to 5.1.11."""


@dataclass(frozen=True)
class PermutationStatistics:
    """What the statistics of any arrangement of a stream take from the stream itself."""

    total: int
    """Sum of the symbols."""

    double_median: int
    """Twice the median; for bits 1, as the standard has it."""

    as_bits: bool
    """Whether the symbols are 0 and 1: then most statistics are those of bytes made of eight."""

    ranks: NDArray[np.uint8]
    """Symbols counted without a gap, by symbol."""

    alphabet: int
    """Different symbols."""

    @classmethod
    def of(cls, source: SymbolSource) -> PermutationStatistics:
        """Take it from a stream.

        Parameters
        ----------
        source
            The stream.
        """
        values, ranked = source.values, source.literal
        ranks = np.zeros(256, np.uint8)
        ranks[values] = ranked.symbols
        bits = ranked.alphabet == 2
        middle = np.partition(ranked.symbols, (len(ranked) // 2, (len(ranked) - 1) // 2))
        double = 1 if bits else int(middle[len(ranked) // 2]) + int(middle[(len(ranked) - 1) // 2])
        total = int((ranked.symbols if bits else values).sum(dtype=np.int64))
        return cls(total, double, bits, ranks, ranked.alphabet)

    def __call__(self, values: NDArray[np.uint8], wanted: frozenset[str]) -> dict[str, float]:
        """Compute statistics of an arrangement.

        Parameters
        ----------
        values
            The symbols, of bits 0 and 1; shape (L,).
        wanted
            Names of the statistics.
        """
        ranks = values if self.as_bits else self.ranks[values]
        counted = _ones_of_bytes(values) if self.as_bits else ranks  # conversion I of section 5.1
        weighed = counted if self.as_bits else values
        found: dict[str, float] = {}
        if "excursion" in wanted:
            found["excursion"] = excursion(values, self.total)
        if not wanted.isdisjoint(STATISTICS[1:4]):
            found.update(zip(STATISTICS[1:4], directional_runs(counted), strict=True))
        if not wanted.isdisjoint(STATISTICS[4:6]):
            found.update(zip(STATISTICS[4:6], median_runs(ranks, self.double_median), strict=True))
        if not wanted.isdisjoint(STATISTICS[6:8]):
            found.update(zip(STATISTICS[6:8], self._collisions(ranks), strict=True))
        for lag in LAGS:
            if f"periodicity_{lag}" in wanted:
                found[f"periodicity_{lag}"] = int(np.count_nonzero(counted[:-lag] == counted[lag:]))
            if f"covariance_{lag}" in wanted:
                found[f"covariance_{lag}"] = covariance(weighed, lag)
        if "compression" in wanted:
            found["compression"] = compressed_bits(values) if self.as_bits else compressed_size(values)
        return {name: float(value) for name, value in found.items() if name in wanted}

    def _collisions(self, ranks: NDArray[np.uint8]) -> tuple[float, float]:
        """Return the mean and the largest number of symbols until one comes again; bytes, of bits: conversion II."""
        mean_and_most: tuple[float, float] = collisions(np.packbits(ranks) if self.as_bits else ranks)
        return mean_and_most


def _ones_of_bytes(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Count the ones of each eight bits; the last ones may be fewer than eight."""
    return np.bitwise_count(np.packbits(bits))


@kernel
def excursion(values: NDArray[np.uint8], total: int) -> float:
    """Return how far the running sum gets from that of a stream of the mean: section 5.1.1.

    Whole numbers decide which of two arrangements gets farther, for equal ones must count as equal.
    """
    n = values.size
    ahead, most = 0, 0
    for value in values:
        ahead += n * value - total
        most = max(most, abs(ahead))
    return most / n


@kernel
def directional_runs(values: NDArray[np.uint8]) -> tuple[int, int, int]:
    """Return number of runs up or down, the longest, and the steps of the more frequent kind: 5.1.2 to 5.1.4."""
    runs, run, longest, ups, before = 0, 0, 0, 0, -1
    for i in range(values.size - 1):
        up = 1 if values[i] <= values[i + 1] else 0
        ups += up
        run = run + 1 if up == before else 1
        runs += up != before
        longest = max(longest, run)
        before = up
    return runs, longest, max(ups, values.size - 1 - ups)


@kernel
def median_runs(values: NDArray[np.uint8], double_median: int) -> tuple[int, int]:
    """Return number of runs below the median or not, and the longest: sections 5.1.5 and 5.1.6."""
    runs, run, longest, before = 0, 0, 0, -1
    for value in values:
        side = 0 if 2 * np.int64(value) < double_median else 1
        run = run + 1 if side == before else 1
        runs += side != before
        longest = max(longest, run)
        before = side
    return runs, longest


@kernel
def collisions(values: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the mean and the largest number of symbols until one comes again: sections 5.1.7 and 5.1.8."""
    seen = np.full(256, -1, np.int64)
    start, count, total, longest = 0, 0, 0, 0
    for i in range(values.size):
        if seen[values[i]] >= start:
            length = i - start + 1
            count += 1
            total += length
            longest = max(longest, length)
            start = i + 1
        else:
            seen[values[i]] = i
    return total / max(count, 1), float(longest)


@kernel
def covariance(values: NDArray[np.uint8], lag: int) -> Any:
    """Return the sum of the products of symbols so many places apart: section 5.1.10."""
    total: Any = 0
    for i in range(values.size - lag):
        total += np.int64(values[i]) * np.int64(values[i + lag])
    return total
