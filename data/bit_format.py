"""How bits may lie in a file."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["BitFormat"]


class BitFormat(StrEnum):
    """How bits lie in a file."""

    RECORDING = "recording"
    """An HDF5 file that mtjlab wrote."""

    PACKED = "packed"
    """Eight bits a byte, the first in the most significant position."""

    SYMBOLS = "symbols"
    """One symbol of one to eight bits a byte, in the least significant positions."""

    ASCII = "ascii"
    """The characters 0 and 1, with white space anywhere."""

    @classmethod
    def named(cls, name: str) -> BitFormat:
        """Return the format of this name.

        Raises
        ------
        ValueError
            If there is none; the message lists them.
        """
        try:
            return cls(name)
        except ValueError:
            raise ValueError(f"unknown format {name!r:.40}: expected one of {', '.join(cls)}") from None
