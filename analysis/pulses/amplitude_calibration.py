"""What reaches the end of a line of what a generator is told: a straight line, and what is wrong where it is none."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.junction import student_factor
from mtjlab.core import FitError, Quantity

__all__ = ["AmplitudeCalibration"]

FACTOR = 0.15
"""Relative deviation up to which a gain counts as twice or half of what is expected."""
BENT = 0.02
"""Share of the largest amplitude from which a deviation from the straight line counts."""
UNLIKELY = 1e-4


@dataclasses.dataclass(frozen=True)
class AmplitudeCalibration:
    """Gain and offset of a line, with their uncertainties."""

    gain: Quantity
    """Volts at the end for each volt that the generator is told [V/V]; the oscilloscope's own error is in it."""
    offset: Quantity
    """Volts at the end for an amplitude of zero [V]."""
    loss: Quantity
    """Loss that gives this gain where the wiring is otherwise as described [dB]."""
    chi_square: float
    """Of the measured amplitudes about the straight line."""
    freedom: int
    """Degrees of freedom."""
    diagnosis: str
    """What is wrong, in words, with what to do; empty where nothing is."""

    @property
    def p_value(self) -> float:
        """Chance of a worse agreement if the line is straight."""
        from scipy.special import gammaincc

        return float(gammaincc(self.freedom / 2, self.chi_square / 2))

    @classmethod
    def fit(
        cls,
        amplitudes: ArrayLike,
        measured: ArrayLike,
        errors: ArrayLike,
        *,
        lossless: float,
        expected_loss: float,
        accuracy: float,
    ) -> Self:
        """Fit a straight line by weighted least squares.

        Parameters
        ----------
        amplitudes
            What the generator was told [V], shape (N,), at least three different ones.
        measured
            Amplitudes at the end of the line [V], shape (N,).
        errors
            Their standard errors [V], shape (N,).
        lossless
            Gain that the line would have without any loss [V/V].
        expected_loss
            Loss that it is said to have [dB].
        accuracy
            Largest relative error of the oscilloscope's scale. It counts as uniform within (JCGM 100:2008, 4.3.7).

        Returns
        -------
        AmplitudeCalibration
            The calibration. Where the points scatter more than they may about the line, the uncertainties are widened
            by √(χ²/ν) and are Student's.

        Raises
        ------
        FitError
            If there are fewer than three different amplitudes.
        """
        told, seen, sigma = (np.asarray(each, float) for each in (amplitudes, measured, errors))
        if np.unique(told).size < 3:
            raise FitError(f"{np.unique(told).size} different amplitudes: give at least three")
        design = np.stack([told, np.ones_like(told)], axis=1) / sigma[:, None]
        covariance = np.linalg.inv(design.T @ design)
        slope, zero = covariance @ (design.T @ (seen / sigma))
        residual = seen - slope * told - zero
        chi_square, freedom = float(((residual / sigma) ** 2).sum()), told.size - 2
        widened = math.sqrt(chi_square / freedom) * student_factor(freedom) if chi_square > freedom else 1.0
        slope_error, zero_error = widened * np.sqrt(np.diag(covariance))
        scale = accuracy / math.sqrt(3)
        gain = Quantity(float(slope), float(math.hypot(slope_error, slope * scale)), "V/V")
        offset = Quantity(float(zero), float(math.hypot(zero_error, zero * scale)), "V")
        found = cls(gain, offset, _loss(gain, lossless), chi_square, freedom, "")
        bend = float(np.abs(residual).max() / np.abs(seen).max())
        return dataclasses.replace(found, diagnosis=_diagnosis(found, bend, lossless, expected_loss))


def _loss(gain: Quantity, lossless: float) -> Quantity:
    if gain.value <= 0:
        return Quantity(math.inf, math.inf, "dB")
    decibels = 20 / math.log(10)
    return Quantity(-decibels * math.log(gain.value / lossless), decibels * gain.uncertainty / gain.value, "dB")


def _diagnosis(found: AmplitudeCalibration, bend: float, lossless: float, expected_loss: float) -> str:
    if found.gain.value < 0:
        return (
            f"the pulse comes out inverted (gain {found.gain.value:.3g}): a transformer or an inverting amplifier is "
            "in the line, or the generator's polarity is inverted"
        )
    if found.p_value < UNLIKELY and bend > BENT:
        return (
            f"the amplitude at the end is no straight line of the one that was set: it deviates by {bend:.1%} of the "
            "largest. An amplifier that saturates, a generator that changes its attenuator, or a bad contact"
        )
    ratio = found.gain.value / (lossless * 10 ** (-expected_loss / 20))
    for factor, words in _FACTORS.items():
        if abs(ratio / factor - 1) < FACTOR:
            return f"{ratio:.3g} times the amplitude that [wiring] says reaches the end: {words}"
    return ""


_FACTORS = {
    2.0: "an end is open where 50 Ω are meant: the oscilloscope's impedance is larger than [roles.oscilloscope] says, "
    "or the generator does not know of the load that [wiring] load names",
    0.5: "an end has 50 Ω where an open one is meant: a feed-through terminator or an oscilloscope at 50 Ω that "
    "[roles.oscilloscope] impedance does not say, or a generator told of another load than [wiring] load",
}
"""What is behind a factor of two."""
