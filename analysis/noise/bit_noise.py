"""Normals from bits, each bit taken once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.noise.bit_converter import AnyConverter, BitConverter, PackedBitConverter, RejectingConverter
from mtjlab.analysis.noise.bit_supplies import HeldBits
from mtjlab.analysis.noise.bit_supply import BitSupply
from mtjlab.core import Bits

__all__ = ["BitNoise"]


class BitNoise:
    """A noise source that takes each bit once, in order.

    Parameters
    ----------
    bits
        `Bits`; or a one-dimensional array of 0 and 1, of which a packed copy is kept, an eighth of its size; or a
        `BitSupply`, such as a file of any size or a live bench.
    converter
        What turns bits into normals: `InverseCdf16`, `BitSum`, or a `RejectingConverter`.

    Raises
    ------
    ValueError
        If the array holds anything but 0 and 1.

    Examples
    --------
    >>> from mtjlab.analysis.noise.bit_sum import BitSum
    >>> noise = BitNoise([1, 1, 0, 1, 0, 0], BitSum(2))
    >>> noise.normal((2,)), noise.bits_used
    (array([1.4142135, 0.       ], dtype=float32), 4)
    """

    def __init__(self, bits: ArrayLike | Bits | BitSupply, converter: AnyConverter) -> None:
        self._supply: BitSupply = bits if isinstance(bits, BitSupply) else HeldBits(bits)
        self._use(converter)

    @classmethod
    def from_packed(cls, packed: NDArray[np.uint8], count: int, converter: AnyConverter) -> Self:
        """Take `count` bits that lie eight a byte, the first in the most significant position.

        Parameters
        ----------
        packed
            Bytes, uint8, one-dimensional; a copy is kept if they can be written to.
        count
            Number of bits.
        converter
            What turns bits into normals.

        Returns
        -------
        BitNoise
            A source of these bits.

        Raises
        ------
        ValueError
            If the array is not of bytes, or holds fewer bits.
        """
        return cls(Bits.packed(packed, count), converter)

    def sharing(self, converter: AnyConverter) -> Self:
        """Return a source with another converter on the same run of bits: what one takes is gone for both.

        Parameters
        ----------
        converter
            What turns bits into the normals of the new source.

        Examples
        --------
        >>> from mtjlab.analysis.noise.bit_sum import BitSum
        >>> pairs = BitNoise([1, 1, 0, 1, 1], BitSum(2))
        >>> singles = pairs.sharing(BitSum(1))
        >>> pairs.normal((1,)), singles.normal((1,)), pairs.normal((1,)), singles.bits_left
        (array([1.4142135], dtype=float32), array([-1.], dtype=float32), array([1.4142135], dtype=float32), 0)
        """
        source = type(self).__new__(type(self))
        source._supply = self._supply
        source._use(converter)
        return source

    def _use(self, converter: AnyConverter) -> None:
        self._converter = converter
        # Told once: asking a runtime protocol takes longer than an image's normals.
        self._draw = _drawing(converter, self._supply)

    @property
    def converter(self) -> AnyConverter:
        """What turns bits into normals."""
        return self._converter

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return normals of `shape`, float32, from the next bits.

        Parameters
        ----------
        shape
            Shape of the array.

        Raises
        ------
        NotEnoughBits
            If fewer bits are left than this takes; none is used then, but by a `RejectingConverter`.
        """
        return self._draw(math.prod(shape)).reshape(shape)

    @property
    def supply(self) -> BitSupply:
        """Where the bits come from."""
        return self._supply

    @property
    def bits_used(self) -> int:
        """Bits taken so far, by whatever shares them."""
        return self._supply.bits_used

    @property
    def bits_left(self) -> int | None:
        """Bits not yet taken; None where no end is known."""
        return self._supply.bits_left

    @property
    def repeated(self) -> int:
        """How often the bits have begun again, as `RepeatedBits` do; 0 as long as each was taken once."""
        return int(getattr(self._supply, "repeated", 0))


def _drawing(converter: AnyConverter, supply: BitSupply) -> Callable[[int], NDArray[np.float32]]:
    """Return what makes so many normals of the next bits."""
    if isinstance(converter, RejectingConverter):
        return lambda count: converter.draw(count, supply.take)
    fixed: BitConverter = converter
    each = fixed.bits_per_normal
    if isinstance(fixed, PackedBitConverter):
        return lambda count: fixed.convert_packed(supply.take(count * each))
    return lambda count: fixed.convert(supply.take(count * each).unpacked())
