"""The discrete Fourier transform (spectral) test."""

from __future__ import annotations

import math

import numpy as np
from scipy import fft

from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.peaks_below import peaks_below

__all__ = ["dft", "VARIANCE_DIVISOR"]

_SHARE = 0.05
_COVARIANCE = math.log(20) * _SHARE

VARIANCE_DIVISOR = _SHARE * (1 - _SHARE) / (_SHARE * (1 - _SHARE) - _COVARIANCE**2) / 0.5
"""c = 3.7903: the variance of the count is n (.95) (.05) / c."""


def dft(sequence: PackedSequence, mode: Mode = Mode.EXACT) -> Outcome:
    """Test whether 95 % of the peaks of the spectrum lie below the 95 % threshold.

    Notes
    -----
    SP 800-22 rev. 1a, 2.6. STS takes n (.95) (.05) / 4 for the variance of the count. By Parseval the n/2 powers have
    a fixed sum, with which "below the threshold" has the covariance -(ln 20) / 20 a peak; what of the variance .95 ·
    .05 a peak is left when the sum is known is .0250645, which makes the divisor 3.7903 (exact mode). Pareschi,
    Rovatti and Setti (2012) found 3.8 by simulation.
    """
    n = sequence.length
    if n < 10:
        return Outcome(test="dft", reason=f"{n} bits; the test needs 10")
    # STS writes ln(1/0.05) with ten digits.
    threshold = (2.995732274 if mode is Mode.NIST else math.log(20)) * n
    below = peaks_below(sequence, threshold) if n % 4 == 0 else None
    if below is None:
        spectrum = fft.rfft(2.0 * sequence.bits - 1)[: n // 2]
        below = int(np.count_nonzero(spectrum.real**2 + spectrum.imag**2 < threshold))
    expected = 0.95 * n / 2
    variance = n * 0.95 * 0.05 / (4 if mode is Mode.NIST else VARIANCE_DIVISOR)
    p = math.erfc(abs(below - expected) / math.sqrt(2 * variance))
    return Outcome(test="dft", p_values=(p,), statistics={"below": below, "expected": expected})
