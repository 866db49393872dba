"""Where a recording is resumed."""

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["Resumption"]


@dataclasses.dataclass(frozen=True)
class Resumption:
    """What a procedure must know to resume."""

    bits: int
    """Bits that the recording holds."""
    rows: int
    """Rows that it holds."""
    began: float
    """Time at which the first segment began [s since 1970]."""
    repeats: bool
    """Whether the bench begins its random stream again, as a seeded simulated one does: the procedure then repeats what
    the recording holds, so that the stream continues where it stopped."""
    last_bits: NDArray[np.uint8]
    """The last of the bits, by which a repetition is recognised."""
    table: Callable[[], NDArray[np.float64]]
    """Reads the rows, shape (rows, columns)."""
    point: tuple[float, float, float] | None = None
    """Amplitude [V], width [s] and field [T] of the last block; None where there is no block."""

    def check(self, first: int, repeated: NDArray[np.uint8]) -> None:
        """Make sure that repeated bits are those of the recording, as far as `last_bits` tells.

        Parameters
        ----------
        first
            Place of the first of them in the recording.
        repeated
            Bits.

        Raises
        ------
        ValueError
            If they differ.
        """
        known = self.bits - len(self.last_bits)
        first, repeated = max(first, known), repeated[max(0, known - first) :]
        expected = self.last_bits[first - known : first - known + len(repeated)]
        if not np.array_equal(expected, repeated[: len(expected)]):
            raise InputError(
                "the simulated bench does not repeat what the recording holds, so it is not the one that made it "
                "(another device, model or version): begin a new recording"
            )
