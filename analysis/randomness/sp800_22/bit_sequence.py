"""What a test may ask of a sequence of bits, be it in memory or in a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.walk import Walk

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

__all__ = ["BitSequence", "Stretch"]


class Stretch(NamedTuple):
    """A part of a sequence, in memory."""

    bits: PackedSequence
    """Bits that contain the part."""

    first: int
    """Where in them it begins."""

    length: int
    """Its length."""


class BitSequence(Protocol):
    """Bits that a test looks at stretch by stretch: all at once, or as many as memory should hold."""

    @property
    def length(self) -> int:
        """Number of bits."""

    @property
    def ones(self) -> int:
        """Number of ones."""

    @property
    def walk(self) -> Walk:
        """The random walk of the bits taken as steps of -1 and 1."""

    def gram_counts(self, m: int) -> NDArray[np.uint32]:
        """Count the overlapping patterns of `m` bits, 0 to 16, the sequence taken as a ring; shape (2^m,).

        Parameters
        ----------
        m
            Bits of a pattern, 0 to 16.
        """

    def stretches(self, first: int, length: int, *, multiple: int = 1, overlap: int = 0) -> Iterator[Stretch]:
        """Give `length` bits from `first` in one stretch or several.

        Each but the last is a multiple of `multiple` bits long and `overlap` bits more, which the next begins with. A
        last one shorter than `multiple` may be left out.

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

    def pieces(self, multiple: int = 1, *, overlap: int = 0) -> Iterator[PackedSequence]:
        """Give the whole sequence in one piece or several, cut as `stretches` does.

        Parameters
        ----------
        multiple
            Bits of a block, which no piece cuts.
        overlap
            Bits that a piece shares with the next.
        """
