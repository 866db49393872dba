"""The ten estimators of SP 800-90B for sources that are not claimed to be independent and identically distributed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mtjlab.analysis.randomness.sp800_90b.bit_dictionary import guess_bits_by_dictionary
from mtjlab.analysis.randomness.sp800_90b.bit_predictors import (
    guess_bits_by_lag,
    guess_bits_by_markov,
    guess_bits_by_windows,
)
from mtjlab.analysis.randomness.sp800_90b.compression import compression
from mtjlab.analysis.randomness.sp800_90b.counting import collision, markov, most_common_value
from mtjlab.analysis.randomness.sp800_90b.estimate import Estimate
from mtjlab.analysis.randomness.sp800_90b.prediction import CORRECT, LONGEST, prediction_estimate
from mtjlab.analysis.randomness.sp800_90b.symbol_contexts import guess_symbols_by_dictionary, guess_symbols_by_markov
from mtjlab.analysis.randomness.sp800_90b.symbol_predictors import guess_symbols_by_lag, guess_symbols_by_windows
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSequence
from mtjlab.analysis.randomness.sp800_90b.tuples import longest_repeat, t_tuple

__all__ = ["ESTIMATORS", "EntropyEstimator"]


@dataclass(frozen=True)
class EntropyEstimator:
    """One estimator."""

    name: str
    """Its name in results."""

    section: str
    """Section of SP 800-90B."""

    run: Callable[[SymbolSequence], Estimate]
    """Estimates the min-entropy of a symbol."""

    bits_only: bool = False
    """Whether the standard has it for bits only."""

    least: int = 2
    """Symbols below which it does not apply."""

    def estimate(self, sequence: SymbolSequence) -> Estimate:
        """Estimate the min-entropy of a symbol, or say why the estimator does not apply.

        Parameters
        ----------
        sequence
            The symbols.
        """
        if self.bits_only and sequence.alphabet > 2:
            return Estimate(None, "the standard has it for bits only")
        if len(sequence) < self.least:
            return Estimate(None, f"{len(sequence):,} symbols; the estimator needs {self.least:,}")
        return self.run(sequence)


def multi_mcw(sequence: SymbolSequence) -> Estimate:
    """Estimate from guesses by the most common symbol of four windows: section 6.3.7."""
    bits = sequence.alphabet == 2
    state = (
        guess_bits_by_windows(sequence.symbols)
        if bits
        else guess_symbols_by_windows(sequence.symbols, sequence.alphabet)
    )
    return prediction_estimate(int(state[CORRECT]), len(sequence) - 63, int(state[LONGEST]), sequence.alphabet)


def lag(sequence: SymbolSequence) -> Estimate:
    """Estimate from guesses by the symbol 1 to 128 places before: section 6.3.8."""
    bits = sequence.alphabet == 2
    state = guess_bits_by_lag(sequence.symbols) if bits else guess_symbols_by_lag(sequence.symbols, sequence.alphabet)
    return prediction_estimate(int(state[CORRECT]), len(sequence) - 1, int(state[LONGEST]), sequence.alphabet)


def multi_mmc(sequence: SymbolSequence) -> Estimate:
    """Estimate from guesses by sixteen Markov models with counts: section 6.3.9."""
    guess = guess_bits_by_markov if sequence.alphabet == 2 else guess_symbols_by_markov
    state = guess(sequence.symbols)
    return prediction_estimate(int(state[CORRECT]), len(sequence) - 2, int(state[LONGEST]), sequence.alphabet)


def lz78y(sequence: SymbolSequence) -> Estimate:
    """Estimate from guesses by a dictionary of what came before: section 6.3.10."""
    guess = guess_bits_by_dictionary if sequence.alphabet == 2 else guess_symbols_by_dictionary
    correct, longest = guess(sequence.symbols)
    return prediction_estimate(int(correct), len(sequence) - 17, int(longest), sequence.alphabet)


ESTIMATORS = (
    EntropyEstimator("most_common_value", "6.3.1", lambda sequence: most_common_value(sequence.symbols)),
    EntropyEstimator("collision", "6.3.2", lambda sequence: collision(sequence.symbols), bits_only=True),
    EntropyEstimator("markov", "6.3.3", lambda sequence: markov(sequence.symbols), bits_only=True),
    EntropyEstimator("compression", "6.3.4", lambda sequence: compression(sequence.symbols), bits_only=True),
    EntropyEstimator("t_tuple", "6.3.5", lambda sequence: t_tuple(sequence.tuples, len(sequence))),
    EntropyEstimator("lrs", "6.3.6", lambda sequence: longest_repeat(sequence.tuples, len(sequence))),
    EntropyEstimator("multi_mcw", "6.3.7", multi_mcw, least=4096),
    EntropyEstimator("lag", "6.3.8", lag, least=3),
    EntropyEstimator("multi_mmc", "6.3.9", multi_mmc, least=4),
    EntropyEstimator("lz78y", "6.3.10", lz78y, least=19),
)
"""All ten, in the order of the standard."""
