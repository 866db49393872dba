"""What an assessment does with bits: tests that judge them, and estimates that are reported beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.test_result import TestResult
from mtjlab.core import InputError, Registry, checked_bits

__all__ = ["PIECE", "RANDOMNESS_TESTS", "RandomnessTest", "Tally", "TestedBits", "enough_bits", "tallied"]

PIECE = 1 << 20
"""Bits that a tally takes at once: what it makes of them on the way stays small."""


class Tally(Protocol):
    """What a test keeps of bits that pass by: so much memory, however many come."""

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next: 0 and 1, shape (N,), any number of them."""

    def result(self) -> TestResult:
        """Say what the test finds in all bits so far; however they were cut into pieces, it is the same."""


AnyTally = TypeVar("AnyTally", bound=Tally)


@dataclass(frozen=True)
class TestedBits:
    """The bits that are tested."""

    __test__: ClassVar[bool] = False  # the name looks like a test to pytest

    bits: NDArray[np.uint8]
    """0 and 1, shape (N,)."""

    symbols: ArrayLike | None = None
    """The symbols that the bits were read as, shape (M,); None where they are the bits themselves."""

    bits_per_symbol: int = 1
    """Bits a symbol, 1 to 8."""


@dataclass(frozen=True, kw_only=True)
class RandomnessTest:
    """One test of an assessment, or one estimate.

    A package brings one of its own as an entry point in the group ``mtjlab.randomness_tests``. Its p-values join the
    family over which the verdict is taken.
    """

    name: str
    """Its name in tables and results."""

    run: Callable[[TestedBits], TestResult]
    """Looks at the bits; the result has a p-value, a reason why there is none, or, of an estimate, neither."""

    least_bits: int = 1
    """Bits below which it does not apply."""

    tally: Callable[[int], Tally] | None = None
    """Makes an empty tally for symbols of so many bits; None where the test needs all bits at once."""

    place: int = 500
    """Where it stands in tables: tests of mtjlab below 100, its estimates above 900."""

    def result(self, tested: TestedBits) -> TestResult:
        """Look at the bits, or say that they are too few.

        Parameters
        ----------
        tested
            The bits.

        Returns
        -------
        TestResult
            What the test says, or that the bits are too few.
        """
        return self.too_few(tested.bits.size) or self.run(tested)

    def too_few(self, count: int) -> TestResult | None:
        """Say that so many bits are too few.

        Parameters
        ----------
        count
            Number of bits.

        Returns
        -------
        TestResult or None
            Why the test does not apply; None where it does.
        """
        if count >= self.least_bits:
            return None
        return TestResult(name=self.name, reason=f"{count:,} bits; the test needs {self.least_bits:,}")


def tallied(tally: AnyTally, bits: NDArray[np.uint8]) -> AnyTally:
    """Give all bits to a tally.

    Parameters
    ----------
    tally
        What takes them.
    bits
        0 and 1, shape (N,).

    Returns
    -------
    Tally
        `tally`.
    """
    for first in range(0, bits.size, PIECE):
        tally.add(bits[first : first + PIECE])
    return tally


RANDOMNESS_TESTS: Registry[RandomnessTest] = Registry("mtjlab.randomness_tests", "randomness test", RandomnessTest)
"""The tests and estimates that are installed."""


def enough_bits(bits: ArrayLike, least: int, purpose: str) -> NDArray[np.uint8]:
    """Return `bits` as uint8 zeros and ones, at least so many.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.
    least
        Number of bits needed.
    purpose
        What needs them, the subject of the message.

    Raises
    ------
    ValueError
        If there are fewer, or the array is none of bits.
    """
    checked = checked_bits(bits)
    if checked.size < least:
        raise InputError(f"{purpose} needs at least {least:,} bits and got {checked.size:,}: give more bits")
    return checked
