"""Where bits come from: memory, a stream of any length, software. Each bit is given once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.noise.bit_supply import BitSupply, NotEnoughBits
from mtjlab.core import Bits, InputError

__all__ = ["HeldBits", "RepeatedBits", "SoftwareBits", "StreamedBits"]

PART = 2**20
"""Bits that software makes at a time."""


class HeldBits:
    """Bits in memory.

    Parameters
    ----------
    bits
        `Bits`, or a one-dimensional array of 0 and 1, of which a packed copy is kept, an eighth of its size.

    Raises
    ------
    InputError
        If the array holds anything but 0 and 1.

    Examples
    --------
    >>> supply = HeldBits([1, 0, 1, 1])
    >>> supply.take(3), supply.bits_used, supply.bits_left
    (<3 bits: 101>, 3, 1)
    """

    def __init__(self, bits: ArrayLike | Bits) -> None:
        self._bits = Bits.of(bits)
        self._used = 0

    def take(self, count: int) -> Bits:
        """Give the next `count` bits.

        Parameters
        ----------
        count
            How many.

        Raises
        ------
        NotEnoughBits
            If fewer are left; none is used then.
        """
        _refuse_negative(count)
        first = self._used
        if count > len(self._bits) - first:
            raise NotEnoughBits(count, len(self._bits) - first, len(self._bits))
        self._used += count
        return self._bits[first : self._used]

    @property
    def bits_used(self) -> int:
        """Bits given so far."""
        return self._used

    @property
    def bits_left(self) -> int:
        """Bits not yet given."""
        return len(self._bits) - self._used


class StreamedBits:
    """Bits that come in parts of any lengths, of which no more is in memory than one request takes.

    Parameters
    ----------
    parts
        The bits, in order; asked for when the parts before are used up.
    total
        How many there are, or what counts them, called once and only if somebody asks; None where no end is known.

    Examples
    --------
    >>> supply = StreamedBits(iter([Bits([1, 0]), Bits([0, 1, 1])]))
    >>> supply.take(3), supply.bits_used, supply.bits_left
    (<3 bits: 100>, 3, None)
    """

    def __init__(self, parts: Iterable[Bits], total: int | Callable[[], int] | None = None) -> None:
        self._parts = iter(parts)
        self._total = total
        self._ahead, self._at = Bits(), 0
        self._used = 0

    def take(self, count: int) -> Bits:
        """Give the next `count` bits; wait for them where they are still being made.

        Parameters
        ----------
        count
            How many.

        Raises
        ------
        NotEnoughBits
            If the parts end before; none is used then.
        """
        _refuse_negative(count)
        if self._at + count > len(self._ahead):
            self._fetch(count)
        taken = self._ahead[self._at : self._at + count]
        self._at += count
        self._used += count
        return taken

    def _fetch(self, count: int) -> None:
        kept = [self._ahead[self._at :]]
        held = len(kept[0])
        try:
            while held < count and (part := next(self._parts, None)) is not None:
                kept.append(part)
                held += len(part)
        finally:  # also where a part could not be had: those before it are not lost
            self._ahead, self._at = Bits.joined(kept), 0
        if held < count:
            raise NotEnoughBits(count, held, self._used + held)

    @property
    def bits_used(self) -> int:
        """Bits given so far."""
        return self._used

    @property
    def bits_left(self) -> int | None:
        """Bits not yet given; None where no end is known."""
        if callable(self._total):
            self._total = self._total()
        return None if self._total is None else self._total - self._used


class SoftwareBits(StreamedBits):
    """Fair bits of numpy's generator (PCG64), without end, for comparison with those of hardware.

    Parameters
    ----------
    seed
        Seed; the same gives the same bits, however they are asked for. None takes one from the operating system.

    Examples
    --------
    >>> SoftwareBits(1).take(8) == SoftwareBits(1).take(8)
    True
    """

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(_software(seed))


class RepeatedBits:
    """Bits that begin again when they have ended, for whoever asks for that: the noise is then not independent.

    Parameters
    ----------
    open
        Opens the bits at their beginning.

    Examples
    --------
    >>> supply = RepeatedBits(lambda: HeldBits([1, 1, 0]))
    >>> supply.take(7), supply.repeated
    (<7 bits: 1101101>, 2)
    """

    def __init__(self, open: Callable[[], BitSupply]) -> None:  # noqa: A002 - what it does
        self._open = open
        self._supply = open()
        self._used = 0
        self.repeated = 0
        """How often the bits have begun again so far; 0 as long as each was given once."""

    def take(self, count: int) -> Bits:
        """Give the next `count` bits, from the beginning again where they end.

        Parameters
        ----------
        count
            How many.

        Raises
        ------
        NotEnoughBits
            If there is not a single bit.
        """
        parts: list[Bits] = []
        wanted = count
        while True:
            try:
                parts.append(self._supply.take(wanted))
                break
            except NotEnoughBits as end:
                if not end.total:
                    raise
                parts.append(self._supply.take(end.left))
                wanted -= end.left
                self._supply = self._open()
                self.repeated += 1
        self._used += count
        return parts[0] if len(parts) == 1 else Bits.joined(parts)

    @property
    def bits_used(self) -> int:
        """Bits given so far, those that were given before included."""
        return self._used

    @property
    def bits_left(self) -> None:
        """None: they do not end."""
        return None


def _software(seed: int | None) -> Iterator[Bits]:
    generator = np.random.default_rng(seed)
    while True:
        yield Bits.packed(generator.bytes(PART // 8))


def _refuse_negative(count: int) -> None:
    if count < 0:
        raise InputError(f"count = {count}: expected 0 or more bits")
