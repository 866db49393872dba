"""All tests of AIS 20/31, and their verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.ais_31.procedure_a import BLOCK, BLOCKS, T0_BITS, blocks_test, disjointness
from mtjlab.analysis.randomness.ais_31.procedure_b import entropy, transitions
from mtjlab.analysis.randomness.ais_31.test_value import TestValue
from mtjlab.analysis.randomness.randomness_test import enough_bits

__all__ = ["Ais31Result", "run_ais_31"]


@dataclass(frozen=True)
class Ais31Result:
    """What T0 to T8 say."""

    bits: int
    """Number of bits given."""

    procedure_a: tuple[TestValue, ...]
    """T0 to T5: for the bits that are given out."""

    procedure_b: tuple[TestValue, ...]
    """T6 to T8: for raw bits."""

    @property
    def failures(self) -> int:
        """Values outside of their bounds, in both procedures."""
        return sum(test.failed for test in (*self.procedure_a, *self.procedure_b))

    @property
    def passed(self) -> bool:
        """Whether no value lies outside of its bounds; what does not apply has no part in it."""
        return self.failures == 0

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and dicts, ready for JSON."""
        return {
            "passed": self.passed,
            "failures": self.failures,
            "tests": {
                test.name: {
                    "title": test.title,
                    "done": test.done,
                    "failed": test.failed,
                    "worst": test.worst,
                    "bounds": test.bounds,
                    "passed": test.passed,
                    "reason": test.reason,
                }
                for test in (*self.procedure_a, *self.procedure_b)
            },
        }


def run_ais_31(bits: ArrayLike) -> Ais31Result:
    """Do the tests T0 to T8.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1, 20,000 at least; 8,285,728 for all tests.

    Returns
    -------
    Ais31Result
        The tests, and whether all that apply have passed.

    Raises
    ------
    ValueError
        If there are fewer than 20,000 bits, or the array is none of bits.

    Notes
    -----
    AIS 20/31, version 2.0 (2011), section 2.4.4. T0 takes the first 3,145,728 bits and T1 to T5 those after it; of
    fewer than both take, T1 to T5 take the first. T6 to T8 take the first bits. The document repeats a procedure with
    new bits where one value lies outside of its bounds: give others.
    """
    checked = enough_bits(bits, BLOCK, "the suite AIS 20/31")
    whole = checked.size >= T0_BITS + BLOCKS * BLOCK
    return Ais31Result(
        bits=checked.size,
        procedure_a=(disjointness(checked), *blocks_test(checked[T0_BITS:] if whole else checked)),
        procedure_b=(*transitions(checked), entropy(checked)),
    )
