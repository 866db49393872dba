"""Extractors: what turns raw bits into conditioned ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtjlab.core import InputError, Registry

if TYPE_CHECKING:  # a command's arguments name the extractors, and loading numpy for that would take its time
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from mtjlab.core import Bits

__all__ = ["EXTRACTORS", "Extractor"]


@dataclass(frozen=True, kw_only=True)
class Extractor:
    """One way to condition bits.

    A package brings one of its own as an entry point in the group ``mtjlab.extractors``, whose name is the word for it
    on the command line and in files.
    """

    name: str
    """What a sentence calls it, such as ``von Neumann's extractor``."""

    claim: str
    """What holds of the bits that come out, and on which condition; a line without a full stop."""

    extract: Callable[[ArrayLike], NDArray[np.uint8]]
    """Takes raw bits, 0 and 1, shape (N,); returns conditioned ones, uint8, of shape (M,).

    It raises an `InputError` where what it is given holds anything but 0 and 1.
    """

    block: int = 0
    """Raw bits that it takes together: pieces of a multiple of these, extracted one after the other, give what all of
    them give at once, so that a file of any size takes little memory. 0 where it wants all bits at once."""

    extract_packed: Callable[[Bits], Bits] | None = None
    """The same on packed bits, where it can do without unpacking them."""

    begin: Callable[[], Callable[[Bits], Bits]] | None = None
    """Begins a stream, where it takes parts of any lengths: returns what takes them in order and gives what each adds.

    What the next part needs it remembers: all parts together give what `extract` gives of all at once."""

    @property
    def streams(self) -> bool:
        """Whether it takes bits as they come, without all of them in memory."""
        return bool(self.block) or self.begin is not None

    def stream(self) -> Callable[[Bits], Bits]:
        """Begin a stream: return what takes raw bits part after part, and gives what each adds.

        Returns
        -------
        Callable
            All parts together give what all at once give, but for what is left of a block at the end.

        Raises
        ------
        InputError
            If it wants all bits at once.
        """
        if self.begin is not None:
            return self.begin()
        if not self.block:
            raise InputError(f"{self.name} wants all raw bits at once, and these come as they are made")
        return _Blocks(self).take

    def condition(self, bits: Bits) -> Bits:
        """Return conditioned bits, unpacked in between only if this extractor cannot take them as they are.

        Parameters
        ----------
        bits
            Raw bits.

        Returns
        -------
        Bits
            What `extract` gives of them.

        Raises
        ------
        InputError
            If what the extractor gives are not bits.
        """
        if self.begin is not None:
            return self.begin()(bits)
        if self.extract_packed is not None:
            return self.extract_packed(bits)
        from mtjlab.core import Bits  # loads numpy, which a command's arguments do without

        return Bits(self.extract(bits.unpacked()))


class _Blocks:
    """Raw bits that wait until they fill a block."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._left: Bits | None = None

    def take(self, bits: Bits) -> Bits:
        """Take raw bits, and give what the whole blocks give."""
        raw = bits if self._left is None else self._left + bits
        whole = len(raw) // self._extractor.block * self._extractor.block
        self._left = raw[whole:]
        return self._extractor.condition(raw[:whole])


EXTRACTORS: Registry[Extractor] = Registry("mtjlab.extractors", "extractor", Extractor)
"""The extractors that are installed."""
