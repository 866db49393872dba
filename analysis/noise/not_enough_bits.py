"""The bits have come to an end."""

from __future__ import annotations

from mtjlab.core import InputError

__all__ = ["NotEnoughBits"]


class NotEnoughBits(InputError):  # noqa: N818 - says what is wrong without the word
    """Noise was asked for that takes more bits than are left; none was taken.

    Parameters
    ----------
    needed
        Bits that the request takes.
    left
        Bits that are left.
    total
        Bits that there were.
    """

    def __init__(self, needed: int, left: int, total: int) -> None:
        super().__init__(
            f"the noise needs {needed:,} more bits and {left:,} of {total:,} are left: record more bits, ask for "
            "fewer images or steps, or take fewer bits a normal"
        )
        self.needed = needed
        """Bits that the request takes."""
        self.left = left
        """Bits that are left."""
        self.total = total
        """Bits that there were."""

    def __reduce__(self) -> tuple[type[NotEnoughBits], tuple[int, int, int]]:
        # An exception is pickled by its message; this one must cross into the process that asked.
        return type(self), (self.needed, self.left, self.total)
