"""A file of bits or a recording as a supply: of any size, read piece by piece, conditioned on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.noise.bit_supplies import RepeatedBits, StreamedBits
from mtjlab.analysis.noise.bit_supply import BitSupply

if TYPE_CHECKING:
    from mtjlab.analysis.extraction import Extractor
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.core import Bits
    from mtjlab.data import BitFormat

__all__ = ["BitsInFile"]


@dataclass(frozen=True)
class BitsInFile:
    """The bits of a file after an extractor, none of which is read before somebody asks for it.

    Examples
    --------
    >>> bits = BitsInFile.open("bits.bin", "packed")  # doctest: +SKIP
    >>> noise = BitNoise(bits.supply(), INVERSE_CDF16)  # doctest: +SKIP
    """

    file: SequenceFile
    """The file, its format, and how many raw bits it has."""
    extractor: Extractor | None
    """What they go through; None for bits as they are."""

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        format: str | None = None,  # noqa: A002 - what a user says: --format
        bits_per_symbol: int | None = None,
        *,
        extractor: Extractor | None = None,
    ) -> BitsInFile:
        """Look at a file and count its raw bits.

        Parameters
        ----------
        path
            Recording or file of bits.
        format
            recording, packed, symbols or ascii; None tells it by the content.
        bits_per_symbol
            Bits of each symbol, 1 to 8, of a file of symbols; None takes as many as its largest symbol has.
        extractor
            What the raw bits go through; None for bits as they are.

        Returns
        -------
        BitsInFile
            Its bits.

        Raises
        ------
        InputError
            If the file is missing, a directory, empty, or of a format that cannot be told; the message is one line.
        """
        from mtjlab.analysis.randomness import SequenceFile  # loads more than a supply of other bits needs

        return cls(SequenceFile.open(Path(path), format, bits_per_symbol), extractor)

    @property
    def format(self) -> BitFormat:
        """How the bits lie in the file."""
        return self.file.format

    @cached_property
    def count(self) -> int:
        """Bits after the extractor; with one, the file is read through when this is first asked for."""
        return self.file.bits if self.extractor is None else sum(map(len, self.parts()))

    def parts(self) -> Iterator[Bits]:
        """Give all bits from the first, part after part; a part has a million or so."""
        if self.extractor is None:
            return self.file.parts()
        from mtjlab.analysis.extraction import conditioned

        return conditioned(self.file.parts(), self.extractor)

    def supply(self, *, repeat: bool = False) -> BitSupply:
        """Return the bits from the first, each to be given once.

        Parameters
        ----------
        repeat
            Whether they begin again at their end, as often as asked for; the noise is then not independent.

        Returns
        -------
        BitSupply
            `StreamedBits`, or `RepeatedBits`, whose `repeated` says how often they have begun again.
        """
        return RepeatedBits(self._once) if repeat else self._once()

    def _once(self) -> StreamedBits:
        return StreamedBits(self.parts(), lambda: self.count)
