"""Raw bits that come in parts, through an extractor, in memory that does not go with their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a command's arguments name the extractors, and loading numpy for that would take its time
    from mtjlab.analysis.extraction.extractor import Extractor
    from mtjlab.core import Bits

__all__ = ["conditioned", "pieces", "stretch"]


def conditioned(parts: Iterable[Bits], extractor: Extractor) -> Iterator[Bits]:
    """Give conditioned bits part by part; an extractor that wants all raw bits at once gets them.

    Parameters
    ----------
    parts
        Raw bits, of any lengths.
    extractor
        What they go through.

    Yields
    ------
    Bits
        What the extractor makes of them, in order.
    """
    from mtjlab.core import Bits

    if extractor.begin is not None:
        yield from map(extractor.begin(), parts)
        return
    if not extractor.block:
        yield extractor.condition(Bits.joined(parts))
        return
    left = Bits()
    for part in parts:
        raw = left + part
        whole = len(raw) // extractor.block * extractor.block
        yield extractor.condition(raw[:whole])
        left = raw[whole:]
    if left:
        yield extractor.condition(left)


def stretch(parts: Iterable[Bits], first: int, count: int) -> Iterator[Bits]:
    """Give a stretch of bits that come in parts.

    Parameters
    ----------
    parts
        Bits, of any lengths.
    first
        Place of the first bit to give, from 0.
    count
        How many to give, at most.

    Yields
    ------
    Bits
        A part; those after the stretch are not asked for.

    Examples
    --------
    >>> from mtjlab.core import Bits
    >>> list(stretch([Bits([1, 0, 1]), Bits([1, 1, 0])], 2, 3))
    [<1 bit: 1>, <2 bits: 11>]
    """
    at, end = 0, first + count
    for part in parts:
        if at + len(part) > first:
            yield part[max(first - at, 0) : end - at]
        at += len(part)
        if at >= end:
            return


def pieces(parts: Iterable[Bits], size: int) -> Iterator[Bits]:
    """Give the same bits in pieces of `size`; the last has what is left.

    Parameters
    ----------
    parts
        Bits, of any lengths.
    size
        Bits of a piece.

    Yields
    ------
    Bits
        A piece.

    Examples
    --------
    >>> from mtjlab.core import Bits
    >>> list(pieces([Bits([1, 0, 1]), Bits([1, 1])], 2))
    [<2 bits: 10>, <2 bits: 11>, <1 bit: 1>]
    """
    from mtjlab.core import Bits

    kept: list[Bits] = []
    count = 0
    for part in parts:
        kept.append(part)
        count += len(part)
        if count >= size:
            together = Bits.joined(kept)
            yield from (together[at : at + size] for at in range(0, count - size + 1, size))
            kept, count = [together[count // size * size :]], count % size
    if count:
        yield Bits.joined(kept)
