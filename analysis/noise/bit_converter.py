"""How bits become normals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from mtjlab.core import Registry

if TYPE_CHECKING:  # a command's arguments name the converters, and loading numpy for that would take its time
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.core import Bits

__all__ = ["AnyConverter", "BitConverter", "NOISE_CONVERTERS", "PackedBitConverter", "RejectingConverter"]


@runtime_checkable
class BitConverter(Protocol):
    """Turn a fixed number of bits into one value of zero mean and unit variance, if the bits are fair.

    A package brings one of its own, or a `RejectingConverter`, as an entry point in the group
    ``mtjlab.noise_converters``. One that has a method `distribution`, which returns all values of a normal and their
    probabilities, has its `distribution_error` computed of these.
    """

    @property
    def bits_per_normal(self) -> int:
        """Bits that one normal takes."""
        ...

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1, for bits that are nearly fair, with P the probability of a one."""
        ...

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return one normal for each `bits_per_normal` bits, in their order.

        Parameters
        ----------
        bits
            Zeros and ones, shape (n * bits_per_normal,).

        Returns
        -------
        NDArray
            float32, shape (n,).
        """
        ...


@runtime_checkable
class PackedBitConverter(BitConverter, Protocol):
    """A converter that takes bits as they lie, eight a byte: they are not unpacked for it."""

    def convert_packed(self, bits: Bits) -> NDArray[np.float32]:
        """Return what `convert` returns of the same bits.

        Parameters
        ----------
        bits
            n * bits_per_normal bits.

        Returns
        -------
        NDArray
            float32, shape (n,).
        """
        ...


@runtime_checkable
class RejectingConverter(Protocol):
    """Turn as many bits into one value of zero mean and unit variance as that value needs, if the bits are fair.

    Methods that reject what they have drawn take more bits for some normals than for others. How many are taken
    depends on the bits alone, never on how many normals are asked for at a time: two draws of 100 normals give what one
    of 200 gives, and take the same bits.
    """

    @property
    def bits_per_normal(self) -> float:
        """Bits that one normal takes on average, if they are fair."""
        ...

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1, for bits that are nearly fair, with P the probability of a one."""
        ...

    def draw(self, count: int, take: Callable[[int], Bits]) -> NDArray[np.float32]:
        """Return normals made of the bits that `take` gives.

        Parameters
        ----------
        count
            How many normals.
        take
            Returns the next bits, as many as it is asked for; called several times, and only for bits that are used.

        Returns
        -------
        NDArray
            float32, shape (count,).

        Raises
        ------
        Exception
            What `take` raises, `NotEnoughBits` where a recording ends; the bits taken until then are spent.
        """
        ...


AnyConverter: TypeAlias = BitConverter | RejectingConverter
"""What turns bits into normals: a fixed number of bits each, or as many as each needs."""


NOISE_CONVERTERS: Registry[AnyConverter] = Registry("mtjlab.noise_converters", "noise converter", AnyConverter)
"""The converters that are installed."""
