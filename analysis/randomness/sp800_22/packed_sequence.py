"""One sequence of bits, packed, with what several tests share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import Stretch
from mtjlab.analysis.randomness.sp800_22.gram_histogram import GRAM, GramCounts
from mtjlab.analysis.randomness.sp800_22.shared_value import shared_value
from mtjlab.analysis.randomness.sp800_22.walk import Walk, Walker
from mtjlab.core import Bits, InputError

__all__ = ["PackedSequence"]

SPARE = 16
"""Zero bytes after the last bit, so that kernels may read whole words past it."""


class PackedSequence:
    """Bits eight a byte, the first in the most significant position.

    Parameters
    ----------
    packed
        The bytes, uint8.
    length
        Number of bits; by default all of them.

    Raises
    ------
    ValueError
        If there is no bit, or fewer than `length`.
    """

    def __init__(self, packed: NDArray[np.uint8], length: int | None = None) -> None:
        n = 8 * packed.size if length is None else length
        if not 0 < n <= 8 * packed.size:
            raise InputError(f"a sequence of {n:,} bits from {8 * packed.size:,}: give at least one bit and no more")
        used = -(-n // 8)
        padded = np.zeros(-(-used // 8) * 8 + SPARE, np.uint8)
        padded[:used] = packed[:used]
        if n % 8:
            padded[used - 1] &= (0xFF00 >> (n % 8)) & 0xFF
        self.length: int = n
        self.padded: NDArray[np.uint8] = padded
        self.words: NDArray[np.uint64] = padded.view(">u8").astype(np.uint64)

    @classmethod
    def of(cls, bits: ArrayLike | Bits | bytes | PackedSequence) -> PackedSequence:
        """Pack an array of 0 and 1; take `Bits` and `bytes` as packed already; leave a sequence as it is.

        Parameters
        ----------
        bits
            `Bits`; or 0 and 1, shape (N,); or bytes of eight bits each, the first most significant; or a sequence.

        Returns
        -------
        PackedSequence
            The bits, packed.

        Raises
        ------
        ValueError
            If the array is not one-dimensional, of 0 and 1, with at least one bit.
        """
        if isinstance(bits, PackedSequence):
            return bits
        if isinstance(bits, bytes | bytearray | memoryview):
            return cls(np.frombuffer(bits, np.uint8))
        packed = Bits.of(bits)
        return cls(packed.packed_bytes, len(packed))

    @shared_value
    def packed(self) -> NDArray[np.uint8]:
        """The bytes without the padding.

        Returns
        -------
        NDArray
            Eight bits a byte, the first most significant, uint8, shape (⌈length / 8⌉,).
        """
        return self.padded[: -(-self.length // 8)]

    @property
    def bits(self) -> NDArray[np.uint8]:
        """The bits, one a byte."""
        return np.unpackbits(self.packed, count=self.length)

    @shared_value
    def ones(self) -> int:
        """Number of ones.

        Returns
        -------
        int
            Their number.
        """
        return int(np.bitwise_count(self.words).sum(dtype=np.int64))

    @shared_value
    def walk(self) -> Walk:
        """The random walk of the bits taken as steps of -1 and 1.

        Returns
        -------
        Walk
            The walk.
        """
        walker = Walker()
        walker.follow(self.padded, self.words, self.length)
        return walker.result()

    @shared_value
    def _grams(self) -> GramCounts:
        ends = (self.padded[: self.length // 8], self.padded[:2])
        if self.length % 8 or self.length < GRAM:
            ends = (np.packbits(np.resize(self.bits, self.length + GRAM)), np.zeros(2, np.uint8))
        counts = GramCounts()
        counts.add(np.concatenate((*ends, np.zeros(2, np.uint8))), self.length)
        return counts.fold()

    def gram_counts(self, m: int) -> NDArray[np.uint32]:
        """Count the overlapping patterns of `m` bits, 0 to 16, the sequence taken as a ring; shape (2^m,).

        Parameters
        ----------
        m
            Bits of a pattern, 0 to 16.
        """
        return self._grams.of(m)

    def stretches(self, first: int, length: int, *, multiple: int = 1, overlap: int = 0) -> Iterator[Stretch]:
        """Give the bits as one stretch; see `BitSequence`.

        Parameters
        ----------
        first
            First bit, from 0.
        length
            Number of bits.
        multiple
            Bits of a block, which no stretch cuts.
        overlap
            Bits that a stretch shares with the next.
        """
        yield Stretch(self, first, length)

    def pieces(self, multiple: int = 1, *, overlap: int = 0) -> Iterator[PackedSequence]:
        """Give this very sequence; see `BitSequence`.

        Parameters
        ----------
        multiple
            Bits of a block, which no piece cuts.
        overlap
            Bits that a piece shares with the next.
        """
        yield self
