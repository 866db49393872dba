"""One sequence of bits that is too long for memory, read piece by piece."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import Stretch
from mtjlab.analysis.randomness.sp800_22.gram_histogram import GRAM, GramCounts
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.shared_value import shared_value
from mtjlab.analysis.randomness.sp800_22.walk import Walk, Walker

__all__ = ["LongSequence", "LONGEST_IN_MEMORY"]

LONGEST_IN_MEMORY = 1 << 20
"""Bits up to which a sequence of a file is read as a whole."""

PIECE = 1 << 20
"""Bits in memory at a time."""


class LongSequence:
    """Bits that are read when a test wants them, and read again when the next one does.

    Parameters
    ----------
    read
        Returns the bits from a first one on, so many, packed: `read(first, count)`.
    length
        Number of bits.
    """

    def __init__(self, read: Callable[[int, int], NDArray[np.uint8]], length: int) -> None:
        self.read = read
        self.length = length

    def stretches(self, first: int, length: int, *, multiple: int = 1, overlap: int = 0) -> Iterator[Stretch]:
        """Give the bits in stretches of about a million; see `BitSequence`.

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
        unit = math.lcm(multiple, 8)
        step = max(unit, PIECE // unit * unit)
        for at in range(0, max(1, length - overlap), step):
            count = min(step + overlap, length - at)
            if count >= multiple:
                yield Stretch(PackedSequence(self.read(first + at, count), count), 0, count)

    def pieces(self, multiple: int = 1, *, overlap: int = 0) -> Iterator[PackedSequence]:
        """Give the whole sequence in pieces of about a million bits; see `BitSequence`.

        Parameters
        ----------
        multiple
            Bits of a block, which no piece cuts.
        overlap
            Bits that a piece shares with the next.
        """
        for stretch in self.stretches(0, self.length, multiple=multiple, overlap=overlap):
            yield stretch.bits

    @shared_value
    def ones(self) -> int:
        """Number of ones.

        Returns
        -------
        int
            Their number.
        """
        return sum(piece.ones for piece in self.pieces())

    @shared_value
    def walk(self) -> Walk:
        """The random walk of the bits taken as steps of -1 and 1.

        Returns
        -------
        Walk
            The walk, of all pieces together.
        """
        walker = Walker()
        for piece in self.pieces():
            walker.follow(piece.padded, piece.words, piece.length)
        return walker.result()

    @shared_value
    def _grams(self) -> GramCounts:
        counts = GramCounts()
        left = self.length
        for piece in self.pieces(overlap=GRAM):
            # The last piece's overlap is a beginning too, and the sequence continues with its first bits.
            last = left <= piece.length
            bits = np.concatenate((piece.bits, np.unpackbits(self.read(0, GRAM)))) if last else piece.bits
            begin = piece.length - (0 if last else GRAM)
            counts.add(np.append(np.packbits(bits), np.zeros(2, np.uint8)), begin)
            left -= begin
        return counts.fold()

    def gram_counts(self, m: int) -> NDArray[np.uint32]:
        """Count the overlapping patterns of `m` bits, 0 to 16, the sequence taken as a ring; shape (2^m,).

        Parameters
        ----------
        m
            Bits of a pattern, 0 to 16.
        """
        return self._grams.of(m)
