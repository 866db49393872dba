"""What was counted of a stream against the toggled junction with its P_ud and P_du."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.bitstream.block_entropy import ByteCounts, ConditionalEntropy
from mtjlab.analysis.bitstream.lags import Correlogram
from mtjlab.analysis.bitstream.runs import RunLengths, pooled_chi_square
from mtjlab.analysis.bitstream.toggled_junction import ToggledJunction
from mtjlab.core import NORMAL_95

__all__ = ["byte_agreement", "correlation_p_value", "entropy_p_value", "expected_runs", "run_agreement"]

FITTED = 2
"""Probabilities that were found from the same bits."""

FITTED_TO_RUNS = 1
"""Degrees of freedom that they cost the runs. They are fitted to transitions, not to pooled lengths, so the law lies
between two less and none (Chernoff and Lehmann 1954); with one, 2 % of 500 streams of four junctions have p < 0.02."""


def expected_runs(runs: RunLengths, junction: ToggledJunction) -> NDArray[np.float64]:
    """Give the numbers of runs that the junction gives, as many in each row as there are.

    Parameters
    ----------
    runs
        Runs counted.
    junction
        The junction.

    Returns
    -------
    array
        As `RunLengths.expected`, shape (2, 64); zero in a row that the junction does not give.
    """
    law = junction.run_lengths(runs.counts.shape[1])
    expected: NDArray[np.float64] = np.nan_to_num(law) * runs.counts.sum(axis=1, keepdims=True)
    return expected


def run_agreement(runs: RunLengths, junction: ToggledJunction) -> Goodness:
    """Test run lengths against those of a toggled junction.

    Parameters
    ----------
    runs
        Runs counted.
    junction
        The junction, of the same bits.

    Returns
    -------
    Goodness
        Chi-square over both rows, the tail pooled.
    """
    expected = expected_runs(runs, junction)
    parts = [pooled_chi_square(counts, law) for counts, law in zip(runs.counts, expected, strict=True)]
    return Goodness.of(
        sum(found for found, _ in parts), max(0, sum(classes - 1 for _, classes in parts) - FITTED_TO_RUNS)
    )


def byte_agreement(found: ByteCounts, junction: ToggledJunction) -> Goodness:
    """Test the counts of bytes against those of a toggled junction.

    Parameters
    ----------
    found
        Bytes counted.
    junction
        The junction, of the same bits.

    Returns
    -------
    Goodness
        Pearson's chi-square over the bytes of which five or more are expected, the others together. Bytes that follow
        each other are taken as independent: they share one state, which is forgotten within a byte unless P_ud + P_du
        is far from 1.
    """
    expected = junction.words(8) * int(found.counts.sum())
    own = expected >= 5
    counts, law = found.counts[own], expected[own]
    if (rest := float(expected[~own].sum())) >= 5:
        counts, law = np.append(counts, found.counts[~own].sum()), np.append(law, rest)
    return Goodness.of(float(np.sum((counts - law) ** 2 / law)), max(0, law.size - 1 - FITTED))


def correlation_p_value(found: Correlogram, junction: ToggledJunction, bits: int) -> float:
    """Test the autocorrelation against that of a toggled junction.

    Parameters
    ----------
    found
        Autocorrelation.
    junction
        The junction, of the same bits.
    bits
        Number of bits.

    Returns
    -------
    float
        P-value of what is left: twice the smaller of those of its largest lag (Šidák) and of Ljung-Box.
    """
    lags = found.coefficients.size
    left = found.coefficients - junction.autocorrelation(lags) - found.band.mean(axis=1)
    # Bartlett 1946: bits that are correlated have coefficients that scatter more.
    widening = 1 + 2 * float(np.sum(junction.autocorrelation(lags) ** 2))
    spread = math.sqrt(widening) * np.diff(found.band, axis=1)[:, 0] / (2 * NORMAL_95)
    largest = float(np.max(np.abs(left) / spread))
    p_largest = -math.expm1(lags * math.log1p(-min(math.erfc(largest / math.sqrt(2)), 1 - 1e-16)))
    q = bits * (bits + 2) * math.fsum(left**2 / (bits - np.arange(1, lags + 1))) / widening
    return min(1.0, 2 * min(p_largest, Goodness.of(q, lags).p_value))


def entropy_p_value(found: ConditionalEntropy, junction: ToggledJunction) -> float:
    """Test the conditional entropies against those of a toggled junction.

    Parameters
    ----------
    found
        Conditional entropies.
    junction
        The junction, of the same bits.

    Returns
    -------
    float
        P-value of the h(k) that is farthest from the junction's, times their number (Bonferroni).
    """
    law = junction.entropies(len(found.entropies) - 1)
    z = max(
        abs(each.value - own) / each.uncertainty if each.uncertainty else 0.0
        for each, own in zip(found.entropies, law, strict=True)
    )
    return min(1.0, len(found.entropies) * math.erfc(z / math.sqrt(2)))
