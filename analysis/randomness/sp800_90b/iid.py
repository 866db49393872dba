"""The IID track of SP 800-90B: whether a stream looks independent and identically distributed, and its entropy then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.sp800_90b.counting import most_common_value
from mtjlab.analysis.randomness.sp800_90b.estimate import Estimate
from mtjlab.analysis.randomness.sp800_90b.iid_tests import (
    IidTest,
    goodness_of_fit,
    independence,
    longest_repeat_test,
)
from mtjlab.analysis.randomness.sp800_90b.permutation_tests import PermutationTest, permutation_tests
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSource
from mtjlab.core import InputError

__all__ = ["IidAssessment", "assess_iid"]

LEAST = 1000
"""Symbols below which the tests say nothing."""


@dataclass(frozen=True)
class IidAssessment:
    """Whether the IID claim holds, and the min-entropy by it."""

    symbols: int
    """Number of symbols L."""

    bits_per_symbol: int
    """Bits a symbol."""

    seed: int
    """Seed of the rearrangements."""

    permutations: Mapping[str, PermutationTest]
    """The permutation tests by statistic; empty where the claim failed before them."""

    tests: Mapping[str, IidTest]
    """``independence``, ``goodness_of_fit`` and ``longest_repeat``."""

    literal: Estimate
    """Most common value of the symbols, bits a symbol."""

    bitstring: Estimate | None
    """Most common value of their bits, bits a bit; None for a source of two symbols."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the tests that failed."""
        every: dict[str, PermutationTest | IidTest] = {**self.permutations, **self.tests}
        return tuple(name for name, test in every.items() if not test.passed)

    @property
    def min_entropy(self) -> float | None:
        """Min-entropy, bits a symbol, by the most common value alone; None where the IID claim fails: it is not valid.

        Notes
        -----
        NIST SP 800-90B, section 3.1.3: the IID track is for sources that pass all its tests.
        """
        if self.failed:
            return None
        least = min(float(self.bits_per_symbol), self.literal.min_entropy or 0.0)
        if self.bitstring is None:
            return least
        return min(least, self.bits_per_symbol * (self.bitstring.min_entropy or 0.0))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and dicts, ready for JSON."""
        return {
            "claim_holds": not self.failed,
            "min_entropy": self.min_entropy,
            "failed": list(self.failed),
            "seed": self.seed,
            "permutation_tests": {
                name: {
                    "statistic": test.statistic,
                    "greater": test.greater,
                    "equal": test.equal,
                    "less": test.less,
                    "passed": test.passed,
                }
                for name, test in self.permutations.items()
            },
            "tests": {
                name: {
                    "statistic": test.statistic,
                    "degrees": test.degrees,
                    "p_value": test.p_value,
                    "passed": test.passed,
                    "reason": test.reason,
                }
                for name, test in self.tests.items()
            },
        }


def assess_iid(
    symbols: ArrayLike | SymbolSource,
    bits_per_symbol: int = 1,
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> IidAssessment:
    """Test whether symbols look independent and identically distributed, and assess their min-entropy if so.

    Parameters
    ----------
    symbols
        One-dimensional array of whole numbers below 2**bits_per_symbol, 1,000 at least, or a source made of it. The
        standard asks for a million.
    bits_per_symbol
        1 to 8; of a source made already, its own count.
    seed
        Of the rearrangements: the same seed gives the same result.
    progress
        Called with the rearrangements looked at, and how many there may be: fewer are enough where all tests pass.

    Returns
    -------
    IidAssessment
        The tests, and the min-entropy if the claim holds.

    Raises
    ------
    InputError
        If a symbol is out of range, there are fewer than 1,000 or too many, or all are the same.

    Notes
    -----
    NIST SP 800-90B (2018), section 5. The permutation tests, which take the time, are left out where another test has
    failed: they cannot save the claim, and a stream that fails them takes all 10,000 rearrangements. Who claims that a
    source is IID must also say why: passing is not a proof.
    """
    source = symbols if isinstance(symbols, SymbolSource) else SymbolSource(symbols, bits_per_symbol)
    if source.values.size < LEAST:
        raise InputError(
            f"the IID track needs at least {LEAST:,} symbols and got {source.values.size:,}: give a million"
        )
    literal = source.literal
    tests = {
        "independence": independence(literal),
        "goodness_of_fit": goodness_of_fit(literal),
        "longest_repeat": longest_repeat_test(literal),
    }
    bitstring = source.bitstring
    holds = all(test.passed for test in tests.values())
    return IidAssessment(
        symbols=int(source.values.size),
        bits_per_symbol=source.bits_per_symbol,
        seed=seed,
        permutations=permutation_tests(source, seed, progress=progress) if holds else {},
        tests=tests,
        literal=most_common_value(literal.symbols),
        bitstring=None if bitstring is None else most_common_value(bitstring.symbols),
    )
