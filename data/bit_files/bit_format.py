"""How bits may lie in a file."""

from __future__ import annotations

from mtjlab.core import NamedFormat

__all__ = ["BitFormat"]


class BitFormat(NamedFormat):
    """How bits lie in a file."""

    RECORDING = "recording"
    """An HDF5 file that mtjlab wrote."""

    PACKED = "packed"
    """Eight bits a byte, the first in the most significant position."""

    SYMBOLS = "symbols"
    """One symbol of one to eight bits a byte, in the least significant positions."""

    ASCII = "ascii"
    """The characters 0 and 1, with white space anywhere."""
