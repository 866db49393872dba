"""The discrete Fourier transform (spectral) test."""

from __future__ import annotations

import math

import numpy as np
from scipy import fft

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.count_below import count_below
from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.peaks_below import peaks_below
from mtjlab.analysis.randomness.sp800_22.peaks_below_on_disk import peaks_below_on_disk, why_not_on_disk
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
    if isinstance(sequence, LongSequence):
        why = why_not_on_disk(n)
        if why:
            return Outcome(test="dft", reason=why)
    # STS writes ln(1/0.05) with ten digits.
    threshold = (2.995732274 if mode is Mode.NIST else math.log(20)) * n
    if isinstance(sequence, LongSequence):
        below = peaks_below_on_disk(sequence, threshold)
    else:
        below = sum(_below(piece, threshold) for piece in sequence.pieces())
    expected = 0.95 * n / 2
    variance = n * 0.95 * 0.05 / (4 if mode is Mode.NIST else VARIANCE_DIVISOR)
    p = math.erfc(abs(below - expected) / math.sqrt(2 * variance))
    return Outcome(test="dft", p_values=(p,), statistics={"below": below, "expected": expected})


def _without_the_last(sequence: BitSequence) -> BitSequence:
    if isinstance(sequence, LongSequence):
        return LongSequence(sequence.read, sequence.length - 1)
    (whole,) = sequence.pieces()
    return PackedSequence(whole.padded, whole.length - 1)


def _below(sequence: PackedSequence, threshold: float) -> int:
    below = peaks_below(sequence, threshold)
    return _below_anyhow(sequence, threshold) if below is None else below


def _below_anyhow(sequence: PackedSequence, threshold: float) -> int:
    """Count in float64, whatever the length; an even one as half as many complex numbers, which takes less memory."""
    steps = sequence.bits.astype(np.float64)
    steps *= 2
    steps -= 1
    if sequence.length % 2:
        spectrum = fft.rfft(steps)[: sequence.length // 2]
        return int(np.count_nonzero(spectrum.real**2 + spectrum.imag**2 < threshold))
    half = fft.fft(steps.view(np.complex128), overwrite_x=True)
    return count_below(half, np.roll(half[::-1], 1), 0, 1, threshold, both=False)


DFT = SuiteTest(name="dft", number=7, run=dft, least_bits=1000, half_step=4.47, departure=4e-3)
