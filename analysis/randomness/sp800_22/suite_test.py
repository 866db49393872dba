"""A test of the suite, with all that the suite knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.core import Registry

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

__all__ = ["SP800_22_TESTS", "SuiteTest", "facts_of", "suite_tests"]

AFTER_STS = 1000
"""Number of a test that STS has not."""


@dataclass(frozen=True, kw_only=True)
class SuiteTest:
    """One test of a sequence of bits.

    A package brings one of its own as an entry point in the group ``mtjlab.sp800_22_tests``, whose name is the test's.
    """

    __test__: ClassVar[bool] = False  # the name looks like a test to pytest

    name: str
    """Its name, which is that of its entry point and of its outcomes."""

    run: Callable[[BitSequence, Mode], Outcome]
    """Tests a sequence, with the parameters of STS."""

    number: int = AFTER_STS
    """Its number in the menu of STS, by which the tests are ordered."""

    least_bits: int = 1
    """Bits that the standard asks for with these parameters; with fewer the test does not apply."""

    chi_square: bool = False
    """Whether its p-values have no lump at 1, where a two-sided count meets its mean: only so they can be too good."""

    half_step: float = 0.0
    """Of a count, whose values are a step apart: half a step in standard deviations, times the root of the bits."""

    law: Callable[[int], tuple[NullLaw, ...]] | None = None
    """Returns the law of the p-values on so many fair bits, one for all labels or one a label; None where they are
    uniform as far as is known."""

    departure: float = 0.0
    """How far ten bins of p-values are from equal at 100,000 bits, where no law says it better; it falls as 1/bits."""

    kernels: str = ""
    """Name of the process that compiles its kernels, with other tests of that name; empty where it has none."""

    def outcome(self, sequence: BitSequence, mode: Mode) -> Outcome:
        """Test a sequence, or say that it is too short.

        Parameters
        ----------
        sequence
            The bits.
        mode
            Which letter of the standard the test follows.

        Returns
        -------
        Outcome
            Its p-values, or why there are none.
        """
        if sequence.length < self.least_bits:
            reason = f"{sequence.length:,} bits; the standard asks for {self.least_bits:,}"
            return Outcome(test=self.name, reason=reason)
        return self.run(sequence, mode)


SP800_22_TESTS: Registry[SuiteTest] = Registry("mtjlab.sp800_22_tests", "SP 800-22 test", SuiteTest)
"""The tests that are installed."""


def suite_tests() -> tuple[SuiteTest, ...]:
    """Return all tests in the order of STS, those of other packages after them."""
    return tuple(sorted(SP800_22_TESTS.all().values(), key=lambda test: (test.number, test.name)))


def facts_of(name: str) -> SuiteTest:
    """Return what is known of the test of a name; of one that is not installed nothing is."""
    if name in SP800_22_TESTS.entries():
        return SP800_22_TESTS.load(name)
    return SuiteTest(name=name, run=lambda sequence, mode: Outcome(test=name, reason="the test is not installed"))
