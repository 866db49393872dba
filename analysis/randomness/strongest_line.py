"""Whether something periodic is in the bits: the hum of the mains, a pump, one device out of many that sticks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits, tallied
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["STRONGEST_LINE", "LineTally", "strongest_line"]

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
    return tallied(LineTally(), enough_bits(bits, 1, "the test for lines")).result()


class LineTally:
    """Keeps the sum of the spectra so far, and the bits that make no whole one yet."""

    def __init__(self) -> None:
        self._spectra = self._ones = 0
        self._powers: NDArray[np.float64] | None = None
        self._pending: list[NDArray[np.uint8]] = []

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        self._ones += int(np.count_nonzero(bits))
        self._pending.append(np.array(bits))
        if sum(part.size for part in self._pending) < LONGEST:
            return
        joined = np.concatenate(self._pending)
        whole = joined.size // LONGEST * LONGEST
        for stretch in joined[:whole].reshape(-1, LONGEST):
            own = _powers(stretch)
            self._powers = own if self._powers is None else self._powers + own
            self._spectra += 1
        self._pending = [joined[whole:]]

    def result(self) -> TestResult:
        """Give the test of all bits so far; those that make no whole spectrum count where there is no other."""
        rest = np.concatenate(self._pending) if self._pending else np.empty(0, np.uint8)
        n, ones = self._spectra * LONGEST + rest.size, self._ones
        if min(ones, n - ones) < LEAST_OF_EACH:
            return TestResult(
                name="strongest line",
                reason=f"{ones:,} ones and {n - ones:,} zeros: {LEAST_OF_EACH} of each are needed",
            )
        if self._powers is None:
            return _judge(_powers(rest), 1, n, ones / n)
        return _judge(self._powers, self._spectra, LONGEST, ones / n)


def _powers(stretch: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return squared transforms at whole periods; a constant in the bits has no part in them."""
    from scipy.fft import rfft

    transform = rfft(stretch.astype(np.float32) - np.float32(0.5))[1 : (stretch.size + 1) // 2]
    powers: NDArray[np.float64] = transform.real.astype(np.float64) ** 2 + transform.imag.astype(np.float64) ** 2
    return powers


def _judge(powers: NDArray[np.float64], spectra: int, length: int, share: float) -> TestResult:
    from scipy.special import gammaincc

    scale = share * (1 - share)
    at = int(np.argmax(powers))
    power, frequency = float(powers[at]) / (length * scale), (at + 1) / length
    amplitude = 2 * math.sqrt(scale * power / (length * spectra))
    single = float(gammaincc(spectra, power))
    return TestResult(
        name="strongest line",
        p_value=1.0 if single == 1 else -math.expm1(powers.size * math.log1p(-single)),
        found=f"one period in {1 / frequency:,.4g} bits, P(1) ± {amplitude:.2g}",
        statistics={"frequency": frequency, "power": power, "amplitude": amplitude, "spectra": spectra},
    )


STRONGEST_LINE = RandomnessTest(
    name="strongest line",
    run=lambda tested: strongest_line(tested.bits),
    tally=lambda _: LineTally(),
    least_bits=2 * LEAST_OF_EACH,
    place=50,
)
"""The test for lines as a part of an assessment."""
