"""What of a stream of bits matters for images: bias, correlation and drift, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness import RANDOMNESS_TESTS, TestedBits
from mtjlab.core import NORMAL_95, Bits, Quantity

__all__ = ["BLOCKS", "LAGS", "StreamQuantities"]

LAGS = 64
"""Largest lag of the correlations: that of the autocorrelation test."""

BLOCKS = 32
"""Blocks that drift is told from, at least: with fewer its upper end says nothing."""

_MOST = 2**24
"""Bits that the correlations are taken of, at most: the first ones."""


@dataclass(frozen=True)
class StreamQuantities:
    """Bias, correlation and drift of bits.

    Examples
    --------
    >>> bits = np.random.default_rng(1).random(1_000_000) < 0.495
    >>> found = StreamQuantities.of(bits, block=12_544)
    >>> str(found.excess), found.blocks, found.drift_p_value > 0.01
    ('-0.0092 (-0.0112 to -0.0071, 95 %)', 79, True)
    """

    bits: int
    """Number of bits."""
    excess: Quantity
    """2P - 1, with P the probability of a one; the interval allows for correlation and drift."""
    correlations: NDArray[np.float64]
    """Correlation of bits 1, 2, ... apart, shape (`LAGS`,)."""
    correlation_error: float
    """Standard error of each."""
    drift: Quantity
    """Standard deviation of 2P - 1 from block to block, beyond the scatter of independent draws."""
    drift_p_value: float
    """Probability of so much scatter between blocks if P were constant."""
    block: int
    """Bits of a block."""
    blocks: int
    """Number of blocks."""

    @classmethod
    def of(cls, bits: ArrayLike | Bits, block: int) -> Self:
        """Measure bits.

        Parameters
        ----------
        bits
            `Bits`, or 0 and 1, shape (N,).
        block
            Bits in which P is taken as constant, those of an image; shorter where there are not 32 such blocks, which
            overstates a drift rather than missing it.

        Returns
        -------
        StreamQuantities
            Bias, correlations and drift, with 95 % intervals.

        Notes
        -----
        A block of L bits has a share of ones whose 2P - 1 scatters by the variance (1 - e²)(1 + 2 Σ ρ_k) / L if P is
        constant, with e the mean.  The sum of squares over blocks, in units of it, is then χ²; the excess of the
        measured variance over it is the drift's, its interval that of a normal sample's variance.
        """
        packed = Bits.of(bits)
        count = len(packed)
        excess = 2.0 * packed.ones() / count - 1.0 if count else 0.0
        correlations = _correlations(packed)
        size = max(8, min(block, count // BLOCKS) // 8 * 8)
        blocks = count // size
        # A stream without a single one, or nearly, is not known to have none.
        spread = max(1.0 - excess**2, min(1.0, 4.0 / max(count, 1)))
        alone = spread * max(0.1, 1.0 + 2.0 * float(correlations.sum())) / size
        if blocks < BLOCKS:
            drift, p_value, scatter = Quantity(0.0, low=0.0, high=1.0), 1.0, math.inf
        else:
            drift, p_value, scatter = _drift(packed, size, blocks, alone)
        half = NORMAL_95 * math.sqrt(max(scatter, alone) / max(blocks, 1))
        return cls(
            bits=count,
            excess=Quantity(excess, low=max(-1.0, excess - half), high=min(1.0, excess + half)),
            correlations=correlations,
            correlation_error=1.0 / math.sqrt(max(1, min(count, _MOST))),
            drift=drift,
            drift_p_value=p_value,
            block=size,
            blocks=blocks,
        )

    def weighted_correlation(self, weights: NDArray[np.float64]) -> Quantity:
        """Add up the correlations of all lags, each with its weight.

        Parameters
        ----------
        weights
            One a lag, shape (`LAGS`,).

        Returns
        -------
        Quantity
            Σ W_k ρ_k with its 95 % interval.
        """
        value = float(weights @ self.correlations)
        half = NORMAL_95 * self.correlation_error * math.sqrt(float(weights @ weights))
        return Quantity(value, low=value - half, high=value + half)


def _correlations(bits: Bits) -> NDArray[np.float64]:
    test = RANDOMNESS_TESTS.load("autocorrelation").result(TestedBits(bits[:_MOST].unpacked()))
    # Without a result where bits are too few, or one of the two values too rare.
    return np.array(test.series["coefficients"] if test.series.get("coefficients") else [0.0] * LAGS)


def _drift(bits: Bits, size: int, blocks: int, alone: float) -> tuple[Quantity, float, float]:
    """Return the drift, the p-value of none, and the variance of 2P - 1 between blocks."""
    from scipy.special import chdtrc, chdtri  # slow to import

    ones = np.bitwise_count(bits.packed_bytes[: blocks * size // 8]).reshape(blocks, -1).sum(axis=1, dtype=np.int64)
    scatter = float(np.var(2.0 * ones / size, ddof=1))
    freedom = blocks - 1
    variances = (scatter, *(scatter * freedom / float(chdtri(freedom, tail)) for tail in (0.025, 0.975)))
    value, low, high = (math.sqrt(max(0.0, each - alone)) for each in variances)
    return Quantity(value, low=low, high=high), float(chdtrc(freedom, freedom * scatter / alone)), scatter
