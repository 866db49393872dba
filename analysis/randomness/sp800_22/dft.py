"""The discrete Fourier transform (spectral) test."""

from __future__ import annotations

import math

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.spectrum.peaks import peaks_below, why_no_spectrum
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest

__all__ = ["DFT", "dft", "VARIANCE_DIVISOR"]

_SHARE = 0.05
_COVARIANCE = math.log(20) * _SHARE

VARIANCE_DIVISOR = _SHARE * (1 - _SHARE) / (_SHARE * (1 - _SHARE) - _COVARIANCE**2) / 0.5
"""c = 3.7903: the variance of the count is n (.95) (.05) / c."""


def dft(sequence: BitSequence, mode: Mode = Mode.EXACT) -> Outcome:
    """Test whether 95 % of the peaks of the spectrum lie below the 95 % threshold.

    Notes
    -----
    Of a sequence of odd length the exact mode leaves out the last bit.

    SP 800-22 rev. 1a, 2.6. STS takes n (.95) (.05) / 4 for the variance of the count. By Parseval the n/2 powers have
    a fixed sum, with which "below the threshold" has the covariance -(ln 20) / 20 a peak; what of the variance .95 ·
    .05 a peak is left when the sum is known is .0250645, which makes the divisor 3.7903 (exact mode). Iwasaki derives
    the variance from Parseval's theorem too (arXiv:1806.10357); programs often take 3.8, a figure from simulations.
    """
    if sequence.length % 2 and (mode is Mode.EXACT or isinstance(sequence, LongSequence)):
        # The law of the count is that of an even length. STS takes any, with the same formula.
        sequence = _without_the_last(sequence)
    n = sequence.length
    if n < 10:
        return Outcome(test="dft", reason=f"{n} bits; the test needs 10")
    why = why_no_spectrum(sequence)
    if why:
        return Outcome(test="dft", reason=why)
    # STS writes ln(1/0.05) with ten digits.
    threshold = (2.995732274 if mode is Mode.NIST else math.log(20)) * n
    below = peaks_below(sequence, threshold)
    expected = 0.95 * n / 2
    variance = n * 0.95 * 0.05 / (4 if mode is Mode.NIST else VARIANCE_DIVISOR)
    p = math.erfc(abs(below - expected) / math.sqrt(2 * variance))
    return Outcome(test="dft", p_values=(p,), statistics={"below": below, "expected": expected})


def _without_the_last(sequence: BitSequence) -> BitSequence:
    if isinstance(sequence, LongSequence):
        return LongSequence(sequence.read, sequence.length - 1)
    (whole,) = sequence.pieces()
    return PackedSequence(whole.padded, whole.length - 1)


DFT = SuiteTest(name="dft", number=7, run=dft, least_bits=1000, half_step=4.47, departure=4e-3)
