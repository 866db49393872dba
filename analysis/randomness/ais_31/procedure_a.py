"""Test procedure A of AIS 20/31: T0, and T1 to T5 on blocks of 20,000 bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.ais_31.test_value import TestValue

__all__ = ["BLOCK", "BLOCKS", "T0_BITS", "blocks_test", "disjointness"]

WORD, WORDS = 48, 1 << 16
T0_BITS = WORD * WORDS
"""Bits of T0."""

BLOCK, BLOCKS = 20_000, 257
"""Bits a block, and blocks."""

RUNS = ((2267, 2733), (1079, 1421), (502, 748), (223, 402), (90, 223), (90, 223))
"""Runs of one value of length 1, 2, 3, 4, 5, and 6 or more that a block may hold."""

LAGS = 5000


def disjointness(bits: NDArray[np.uint8]) -> TestValue:
    """Test that no two of 65,536 words of 48 bits are equal: T0.

    Parameters
    ----------
    bits
        0 and 1, shape (N,); the first 3,145,728 are taken.
    """
    bounds = "no two equal"
    if bits.size < T0_BITS:
        return TestValue("T0", "disjointness", 0, 0, None, bounds, f"{bits.size:,} bits; the test needs {T0_BITS:,}")
    octets = np.packbits(bits[:T0_BITS]).reshape(WORDS, WORD // 8)
    equal = WORDS - np.unique(octets, axis=0).shape[0]
    return TestValue("T0", "disjointness", 1, int(equal > 0), float(equal), bounds)


def blocks_test(bits: NDArray[np.uint8]) -> tuple[TestValue, ...]:
    """Test each block of 20,000 bits: monobit, poker, runs, long run, autocorrelation, T1 to T5.

    Parameters
    ----------
    bits
        0 and 1, shape (N,); 257 blocks at most are taken.

    Notes
    -----
    The bounds of T1 to T4 are those of FIPS 140-1, a false-alarm probability of some 10⁻⁶ each.
    """
    titles = ("monobit", "poker", "runs", "long run", "autocorrelation")
    bounds = ("9,654 < ones < 10,346", "1.03 < chi-square < 57.4", "as FIPS 140-1", "below 34", "2,326 < sum < 2,674")
    count = min(BLOCKS, bits.size // BLOCK)
    if not count:
        reason = f"{bits.size:,} bits; the test needs {BLOCK:,}"
        return tuple(
            TestValue(f"T{i + 1}", title, 0, 0, None, bound, reason)
            for i, (title, bound) in enumerate(zip(titles, bounds, strict=True))
        )
    values = np.array([_block(block) for block in bits[: count * BLOCK].reshape(count, BLOCK)])
    middles = (BLOCK / 2, 15.0, 0.0, 15.0, LAGS / 2)
    outside = (
        (values[:, 0] <= 9654) | (values[:, 0] >= 10346),
        (values[:, 1] <= 1.03) | (values[:, 1] >= 57.4),
        values[:, 2] > 0,
        values[:, 3] >= 34,
        (values[:, 4] <= 2326) | (values[:, 4] >= 2674),
    )
    return tuple(
        TestValue(
            f"T{i + 1}",
            titles[i],
            count,
            int(outside[i].sum()),
            float(values[np.abs(values[:, i] - middles[i]).argmax(), i]),
            bounds[i],
        )
        for i in range(5)
    )


def _block(block: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return ones, chi-square of nibbles, counts of runs out of bounds, longest run, autocorrelation of a block."""
    counts = np.bincount(block.reshape(-1, 4) @ np.array([8, 4, 2, 1]), minlength=16)
    poker = 16 / 5000 * float((counts.astype(float) ** 2).sum()) - 5000
    ends = np.flatnonzero(np.diff(block, append=1 - block[-1]))
    lengths = np.diff(ends, prepend=-1)
    odd = 0
    for value in (0, 1):
        held = np.bincount(np.minimum(lengths[block[ends] == value], 6), minlength=7)[1:]
        odd += sum(not low <= seen <= high for seen, (low, high) in zip(held, RUNS, strict=True))
    return float(block.sum()), poker, float(odd), float(lengths.max()), _autocorrelation(block)


def _autocorrelation(block: NDArray[np.uint8]) -> float:
    """Return how many of 5,000 bits differ from those at the distance at which most or fewest differed before.

    The distance, 1 to 5,000, is chosen on the first half of the block, and looked at in the second.
    """
    first = block[: 2 * LAGS].astype(float) * 2 - 1
    size = 1 << 14  # a correlation at up to 5,000 places needs 10,000
    spectrum = np.fft.rfft(first, size) * np.conj(np.fft.rfft(first[:LAGS], size))
    agreement = np.rint(np.fft.irfft(spectrum, size)[1 : LAGS + 1])
    lag = int(np.abs(agreement).argmax()) + 1
    second = block[2 * LAGS :]
    return float(np.count_nonzero(second[:LAGS] != second[lag : lag + LAGS]))
