"""Test procedure B of AIS 20/31: T6 to T8 on raw bits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.ais_31.test_value import TestValue

__all__ = ["entropy", "transitions"]

SAMPLE = 100_000
"""Bits of each of the samples of T6 and T7."""

LIMIT = 15.13
"""Chi-square with one degree of freedom at a level of 10⁻⁴."""

LEARNED, COUNTED = 2560, 256_000
"""Bytes that T8 learns, and that it counts."""

LEAST_ENTROPY = 7.976


def transitions(bits: NDArray[np.uint8]) -> tuple[TestValue, ...]:
    """Test the share of ones, and whether it depends on the one, two or three bits before: T6a, T6b, T7a, T7b.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), raw.

    Notes
    -----
    Disjoint tuples: the first bits say to which sample the last bit belongs, until each has 100,000.
    """
    rows = [_share(bits)]
    names = ("T6b", "T7a", "T7b")
    for before, name in enumerate(names, 1):
        title = "transition" if before == 1 else f"{before} bits before"
        bounds = "|P(1|0) + P(0|1) - 1| < 0.02" if before == 1 else f"chi-square < {LIMIT}"
        shares = _shares_after(bits, before)
        if shares is None:
            needed = (before + 1) * SAMPLE * 2**before
            reason = f"{bits.size:,} bits; the test needs some {int(1.02 * needed):,}"
            rows.append(TestValue(name, title, 0, 0, None, bounds, reason))
            continue
        half = shares.size // 2
        if before == 1:
            values = np.array([abs(shares[0] - shares[1])])
            limit = 0.02
        else:
            pooled = (shares[:half] + shares[half:]) / 2
            values = (shares[:half] - shares[half:]) ** 2 * SAMPLE / (2 * pooled * (1 - pooled))
            limit = LIMIT
        failed = int((values >= limit).sum())
        rows.append(TestValue(name, title, values.size, failed, float(values.max()), bounds))
    return tuple(rows)


def _share(bits: NDArray[np.uint8]) -> TestValue:
    bounds = "|P(1) - 0.5| < 0.025"
    if bits.size < SAMPLE:
        return TestValue("T6a", "share of ones", 0, 0, None, bounds, f"{bits.size:,} bits; the test needs {SAMPLE:,}")
    share = float(bits[:SAMPLE].mean())
    return TestValue("T6a", "share of ones", 1, int(abs(share - 0.5) >= 0.025), share, bounds)


def _shares_after(bits: NDArray[np.uint8], before: int) -> NDArray[np.float64] | None:
    """Return the share of ones after each pattern of bits, the first the most significant; None where they are few."""
    tuples = bits[: bits.size // (before + 1) * (before + 1)].reshape(-1, before + 1)
    patterns = tuples[:, :before] @ (1 << np.arange(before - 1, -1, -1))
    shares = np.empty(1 << before)
    for pattern in range(1 << before):
        places = np.flatnonzero(patterns == pattern)[:SAMPLE]
        if places.size < SAMPLE:
            return None
        shares[pattern] = tuples[places, before].mean()
    return shares


def entropy(bits: NDArray[np.uint8]) -> TestValue:
    """Test the entropy of bytes by the distances of equal ones: T8.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), raw.

    Notes
    -----
    Coron, "On the security of random sources", PKC 1999: the mean of (1/ln 2) (1 + 1/2 + ... + 1/(A - 1)) over the
    distances A estimates the entropy of a byte without bias if bytes are independent.
    """
    bounds, needed = f"> {LEAST_ENTROPY}", 8 * (LEARNED + COUNTED)
    if bits.size < needed:
        return TestValue("T8", "entropy", 0, 0, None, bounds, f"{bits.size:,} bits; the test needs {needed:,}")
    octets = np.packbits(bits[:needed])
    order = np.argsort(octets, kind="stable")
    before = np.full(octets.size, -1, np.int64)
    same = octets[order[1:]] == octets[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    places = np.arange(LEARNED, octets.size)
    distances = np.where(before[places] < 0, places + 1, places - before[places])
    harmonic = np.concatenate([[0.0, 0.0], np.cumsum(1 / np.arange(1, octets.size + 1))])  # of A - 1, by A
    value = float(harmonic[distances].mean()) / math.log(2)
    return TestValue("T8", "entropy", 1, int(value <= LEAST_ENTROPY), value, bounds)
