"""What a supply of bits is, and how it ends."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from mtjlab.core import Bits, InputError

__all__ = ["BitSupply", "NotEnoughBits"]


@runtime_checkable
class BitSupply(Protocol):
    """Anything that gives bits, each of them once: a recording, a file, a bench that makes them while one waits."""

    def take(self, count: int) -> Bits:
        """Give the next bits.

        Parameters
        ----------
        count
            How many.

        Returns
        -------
        Bits
            As many as were asked for.

        Raises
        ------
        NotEnoughBits
            If fewer are left; none is used then.
        """
        ...

    @property
    def bits_used(self) -> int:
        """Bits given so far."""
        ...

    @property
    def bits_left(self) -> int | None:
        """Bits not yet given; None where no end is known, as of a live bench."""
        ...


class NotEnoughBits(InputError):  # noqa: N818 - says what is wrong without the word
    """More bits were asked for than are left; none was taken.

    Parameters
    ----------
    needed
        Bits that the request takes.
    left
        Bits that are left.
    total
        Bits that there were.
    message
        What to say; by default what is needed, what is left and what to do.
    """

    def __init__(self, needed: int, left: int, total: int, message: str = "") -> None:
        super().__init__(
            message
            or f"the noise needs {needed:,} more bits and {left:,} of {total:,} are left: record more bits, ask for "
            "fewer images or steps, or take fewer bits a normal"
        )
        self.needed = needed
        """Bits that the request takes."""
        self.left = left
        """Bits that are left."""
        self.total = total
        """Bits that there were."""

    @classmethod
    def for_images(cls, count: int, bits_per_image: int, available: int) -> NotEnoughBits:
        """Say how many bits are missing for how many images.

        Parameters
        ----------
        count
            Images wanted.
        bits_per_image
            Bits that one takes.
        available
            Bits that there are.

        Returns
        -------
        NotEnoughBits
            To be raised.

        Examples
        --------
        >>> print(NotEnoughBits.for_images(3, 12_544, 30_000))  # doctest: +ELLIPSIS
        3 images need 37,632 bits (12,544 each) and there are 30,000: that is enough for 2, and 7,632 bits are ...
        """
        needed, enough = count * bits_per_image, available // bits_per_image
        message = (
            f"{count:,} images need {needed:,} bits ({bits_per_image:,} each) and there are {available:,}: that is "
            f"enough for {enough:,}, and {needed - available:,} bits are missing for the other {count - enough:,}; ask "
            "for fewer images or bring more bits"
        )
        return cls(needed, available, available, message)

    def at_image(self, made: int, count: int) -> NotEnoughBits:
        """Say at which of several images the bits have ended.

        Parameters
        ----------
        made
            Images that had all their bits.
        count
            Images wanted.

        Returns
        -------
        NotEnoughBits
            To be raised instead.

        Examples
        --------
        >>> print(NotEnoughBits(12_544, 200, 37_832).at_image(3, 8))  # doctest: +ELLIPSIS
        the bits suffice for 3 of 8 images and 12,344 are missing for the next: the noise needs 12,544 more bits and ...
        """
        missing = self.needed - self.left
        message = f"the bits suffice for {made:,} of {count:,} images and {missing:,} are missing for the next"
        return NotEnoughBits(self.needed, self.left, self.total, f"{message}: {self}")

    def __reduce__(self) -> tuple[type[NotEnoughBits], tuple[int, int, int, str]]:
        # An exception is pickled by its message; this one must cross into the process that asked.
        return type(self), (self.needed, self.left, self.total, str(self))
