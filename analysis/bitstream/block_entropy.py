"""Entropy of a bit given the bits before it, and how evenly bytes occur."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.bitstream.packed_pieces import packed_pieces
from mtjlab.core import Bits, InputError, Quantity

__all__ = ["ByteCounts", "ConditionalEntropy", "WordTally", "byte_uniformity", "conditional_entropy"]

MOST = 8
"""Bits before, at most: words of nine bits are counted at all eight places in a byte from pairs of bytes."""

LEAST_BYTES = 1280
"""Bytes with which each of 256 values is expected five times (Cochran 1954)."""


@dataclass(frozen=True)
class ConditionalEntropy:
    """Entropy h(k) of a bit given the k bits before it."""

    entropies: tuple[Quantity, ...]
    """h(0), h(1), … in bits, with standard uncertainties."""

    memory: tuple[Goodness, ...]
    """G-test of h(k) = h(k - 1), for k = 1, 2, …: small p-value where the k-th bit before still tells something."""


@dataclass(frozen=True, eq=False)
class ByteCounts:
    """How often each byte occurs, in bytes that do not overlap."""

    counts: NDArray[np.int64]
    """Of byte 0, 1, …, 255, the first bit the most significant."""

    goodness: Goodness
    """Pearson's chi-square against equal frequencies, 255 degrees of freedom."""

    @property
    def deviations(self) -> NDArray[np.float64]:
        """Deviation of each count from its even share in units of the standard deviation of chance, shape (256,)."""
        expected = int(self.counts.sum()) / 256
        found: NDArray[np.float64] = (self.counts - expected) / np.float64(math.sqrt(expected * 255 / 256))
        return found


class WordTally:
    """Counts bytes and pairs of bytes of a stream that comes in pieces of whole bytes."""

    def __init__(self) -> None:
        self._pairs = np.zeros(1 << 16, np.int64)
        self._last: int | None = None

    def add(self, bits: Bits) -> None:
        """Take the bits that come next; those that fill no byte, at the end, are left out.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        octets = bits.words(8)
        if not octets.size:
            return
        if self._last is not None:
            self._pairs[self._last << 8 | int(octets[0])] += 1
        pairs = octets[:-1].astype(np.uint16) << 8 | octets[1:]
        self._pairs += np.bincount(pairs, minlength=1 << 16)
        self._last = int(octets[-1])

    def entropy(self, most: int | None = None) -> ConditionalEntropy:
        """Give the conditional entropy of all bits so far; see `conditional_entropy`.

        Parameters
        ----------
        most
            Largest number of bits before; None for eight, or as many as there are bits for.

        Raises
        ------
        InputError
            If there are too few bits.
        """
        n = int(self._pairs.sum()) * 8
        if most is None:
            most = min(MOST, max(0, ((n + 8) // 5).bit_length() - 2))
        least = max(16, 5 * 2 ** (most + 1))
        if not n or n + 8 < least:
            raise InputError(f"{n and n + 8:,} bits in whole bytes: h({most}) needs at least {least:,}")
        entropies, plain = [], []
        for before in range(most + 1):
            counts = _words(self._pairs, before + 1).reshape(-1, 2)
            entropy, found = _entropy(counts)
            entropies.append(found)
            plain.append(entropy)
        gains = [max(0.0, 2 * n * math.log(2) * (a - b)) for a, b in pairwise(plain)]
        return ConditionalEntropy(
            tuple(entropies), tuple(Goodness.of(gain, 2**before) for before, gain in enumerate(gains))
        )

    def bytes(self) -> ByteCounts:
        """Give the counts of bytes of all bits so far; see `byte_uniformity`.

        Raises
        ------
        InputError
            If there are too few bits.
        """
        counts = self._pairs.reshape(256, 256).sum(axis=1)
        if self._last is not None:
            counts[self._last] += 1
        total = int(counts.sum())
        if total < LEAST_BYTES:
            raise InputError(f"{8 * total:,} bits: the chi-square of bytes needs at least {8 * LEAST_BYTES:,}")
        expected = total / 256
        return ByteCounts(counts, Goodness.of(float(np.sum((counts - expected) ** 2)) / expected, 255))


def conditional_entropy(bits: ArrayLike | Bits, most: int = MOST) -> ConditionalEntropy:
    """Estimate the entropy of a bit given the bits before it.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), or `Bits`.
    most
        Largest number of bits before, k, 0 to 8.

    Returns
    -------
    ConditionalEntropy
        h(k) for k = 0 to `most`, and tests of memory.

    Raises
    ------
    InputError
        If `most` is out of its range, or there are fewer than 16 bits, or fewer than 5 · 2^(most + 1).

    Notes
    -----
    h(k) = -Σ n_wb log2(n_wb / n_w) / n over words w of k bits and the bit b after them, which is too small by
    m / (2 n ln 2) on average; that is added, m the number of words after which both bits were seen (Miller 1955, one
    free probability a word). The variance is that of -log2(n_wb / n_w) over n, and m / 2 / (n ln 2)² for the spread of
    the correction, which is all that is left for fair bits. The G-test, 2 n ln 2 (h(k - 1) - h(k)) before correction,
    is chi-square with 2^(k - 1) degrees of freedom (Bartlett, Proc. Camb. Phil. Soc. 47, 86 (1951)).
    This is a Shannon entropy, to see memory by; the claim of a source is min-entropy, SP 800-90B.
    """
    if not 0 <= most <= MOST:
        raise InputError(f"most = {most}: expected 0 to {MOST} bits before")
    return _tallied(Bits.of(bits)).entropy(most)


def byte_uniformity(bits: ArrayLike | Bits) -> Goodness:
    """Test whether all 256 bytes are equally frequent, over bytes that do not overlap.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), or `Bits`; bits that fill no byte are left out.

    Returns
    -------
    Goodness
        Pearson's chi-square, 255 degrees of freedom.

    Raises
    ------
    InputError
        If there are fewer than 10,240 bits: five of each byte are to be expected.
    """
    return _tallied(Bits.of(bits)).bytes().goodness


def _tallied(bits: Bits) -> WordTally:
    tally = WordTally()
    for piece in packed_pieces([bits]):
        tally.add(piece)
    return tally


def _words(pairs: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Count the words of up to nine bits that begin at any bit of the first byte of a pair."""
    counts = np.zeros(1 << width, np.int64)
    for skip in range(8):
        counts += pairs.reshape(1 << skip, 1 << width, -1).sum(axis=(0, 2))
    return counts


def _entropy(counts: NDArray[np.int64]) -> tuple[float, Quantity]:
    """Give the entropy of the bit after a word as counted, and corrected; counts have shape (words, 2)."""
    n = int(counts.sum())
    of = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
    seen = counts > 0
    surprise = np.log2(of[seen] / counts[seen])
    weight = counts[seen] / n
    entropy = float(weight @ surprise)
    both = int(np.count_nonzero(seen.all(axis=1)))
    # Chance alone makes the counted surprises differ, by both / n (in nats squared): that is no variance of the law.
    chance = both / (n * math.log(2)) ** 2
    spread = max(0.0, float(weight @ (surprise - entropy) ** 2) / n - chance) + chance / 2
    return entropy, Quantity(entropy + both / (2 * n * math.log(2)), math.sqrt(spread), "bit")
