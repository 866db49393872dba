"""Whether something periodic is in the bits: the hum of the mains, a pump, one device out of many that sticks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["STRONGEST_LINE", "strongest_line"]

LONGEST = 1 << 20
"""Bits of one spectrum, at most; those of a longer stream are added up."""

LEAST_OF_EACH = 100
"""Ones and zeros, at least, for the power at a frequency to be exponential far out."""


def strongest_line(bits: ArrayLike) -> TestResult:
    """Test whether the strongest line of the spectrum is one that independent bits may show.

    The DFT test of SP 800-22 counts how many powers lie below a threshold; one line among half a million, however
    strong, does not change that count. This test looks at the strongest line itself.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.

    Returns
    -------
    TestResult
        Statistics `frequency` (of the strongest line, in periods a bit), `power` (in units of that of independent
        bits), `amplitude` (the a of P(1) = p + a cos(2 π f k) that gives such a power) and `spectra` (how many were
        added up). Not applicable where there are fewer than 100 ones or zeros.

    Raises
    ------
    ValueError
        If there is no bit.

    Notes
    -----
    Each of F frequencies below half a period a bit has the power abs(Σ (x_k - p) exp(-2 π i f k))² / (L p (1 - p)) in
    a stretch of L bits; of independent bits it is exponential with mean 1, and the sum over s stretches has the gamma
    law of shape s. p = 1 - (1 - Q(s, power))^F with the greatest. No period a bit (that is the frequency test) and
    half a period (alternation) are left out. A frequency between two of the spectrum keeps at least .405 of its power.
    """
    checked = enough_bits(bits, 1, "the test for lines")
    n, ones = checked.size, int(np.count_nonzero(checked))
    if min(ones, n - ones) < LEAST_OF_EACH:
        return TestResult(
            name="strongest line",
            reason=f"{ones:,} ones and {n - ones:,} zeros: {LEAST_OF_EACH} of each are needed",
        )
    from scipy.special import gammaincc

    length = min(n, LONGEST)
    spectra, share = n // length, ones / n
    powers = np.zeros((length + 1) // 2 - 1)
    for stretch in checked[: spectra * length].reshape(spectra, length):
        powers += np.abs(np.fft.rfft(stretch - share)[1 : powers.size + 1]) ** 2
    powers /= length * share * (1 - share)
    at = int(np.argmax(powers))
    power, frequency = float(powers[at]), (at + 1) / length
    amplitude = 2 * math.sqrt(share * (1 - share) * power / (length * spectra))
    single = float(gammaincc(spectra, power))
    return TestResult(
        name="strongest line",
        p_value=1.0 if single == 1 else -math.expm1(powers.size * math.log1p(-single)),
        found=f"one period in {1 / frequency:,.4g} bits, P(1) ± {amplitude:.2g}",
        statistics={"frequency": frequency, "power": power, "amplitude": amplitude, "spectra": spectra},
    )


STRONGEST_LINE = RandomnessTest(
    name="strongest line", run=lambda tested: strongest_line(tested.bits), least_bits=2 * LEAST_OF_EACH, place=50
)
"""The test for lines as a part of an assessment."""
