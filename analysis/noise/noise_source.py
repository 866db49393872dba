"""Where normals come from: bits at hand, each taken once, or software, the reference."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.noise.bit_converter import BitConverter, PackedBitConverter
from mtjlab.core import Bits, InputError

__all__ = ["BitNoise", "NoiseSource", "NotEnoughBits", "PseudoRandomNoise"]


class NoiseSource(Protocol):
    """Anything that gives noise of zero mean and unit variance, and can say how many bits it used."""

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return independent normals.

        Parameters
        ----------
        shape
            Shape of the array.

        Returns
        -------
        NDArray
            float32, as ``array([[0.3186, -1.0101], [0.6745, 0.0478]], dtype=float32)`` for shape (2, 2).
        """
        ...

    @property
    def bits_used(self) -> int:
        """Random bits used so far; 0 for a source that uses none, as a pseudo-random one."""
        ...


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


class BitNoise:
    """A noise source that takes each bit once, in order.

    Parameters
    ----------
    bits
        `Bits`, or a one-dimensional array of 0 and 1, of which a packed copy is kept, an eighth of its size.
    converter
        What turns bits into normals: `InverseCdf16`, `BitSum`.

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

    def __init__(self, bits: ArrayLike | Bits, converter: BitConverter) -> None:
        self._run = _Run(Bits.of(bits))
        self._use(converter)

    @classmethod
    def from_packed(cls, packed: NDArray[np.uint8], count: int, converter: BitConverter) -> Self:
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

    def sharing(self, converter: BitConverter) -> Self:
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
        source._run = self._run
        source._use(converter)
        return source

    def _use(self, converter: BitConverter) -> None:
        self._converter = converter
        # Told once: asking a runtime protocol takes longer than an image's normals.
        self._convert = converter.convert_packed if isinstance(converter, PackedBitConverter) else _unpacking(converter)

    @property
    def converter(self) -> BitConverter:
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
            If fewer bits are left than this takes; none is used then.
        """
        needed = math.prod(shape) * self.converter.bits_per_normal
        if needed > self.bits_left:
            raise NotEnoughBits(needed, self.bits_left, self._run.total)
        return self._convert(self._run.take(needed)).reshape(shape)

    @property
    def bits_used(self) -> int:
        """Bits taken so far, by whatever shares them."""
        return self._run.used

    @property
    def bits_left(self) -> int:
        """Bits not yet taken."""
        return self._run.total - self._run.used


def _unpacking(converter: BitConverter) -> Callable[[Bits], NDArray[np.float32]]:
    return lambda bits: converter.convert(bits.unpacked())


class _Run:
    """A run of bits of which each is taken once."""

    def __init__(self, bits: Bits) -> None:
        self._bits = bits
        self.total = len(bits)
        self.used = 0

    def take(self, count: int) -> Bits:
        first = self.used
        self.used += count
        return self._bits[first : self.used]


class PseudoRandomNoise:
    """A noise source of numpy's generator (PCG64, ziggurat), for comparison with that of hardware.

    Parameters
    ----------
    seed
        Seed; the same gives the same noise. None takes one from the operating system.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._generator = np.random.default_rng(seed)

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return normals of `shape`, float32.

        Parameters
        ----------
        shape
            Shape of the array.
        """
        return self._generator.standard_normal(shape, dtype=np.float32)

    @property
    def bits_used(self) -> int:
        """Always 0: no random bit is used, the noise follows from the seed."""
        return 0
