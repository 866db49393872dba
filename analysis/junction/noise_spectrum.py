"""Noise of the resistance: its spectrum, the 1/f corner, telegraph noise."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.junction.flicker_error import BETWEEN_RUNS
from mtjlab.analysis.junction.state_visits import StateVisits
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["NoiseSpectrum"]

_SIDE, _FINE = 6, 16
"""Lines to either side over which a window's leakage counts, and parts of each."""
_SMALLEST_GROUP, _GROUPS = 3, 24
"""Frequencies of the first group that the goodness averages over, and groups at most."""


@dataclasses.dataclass(frozen=True)
class NoiseSpectrum:
    """Power spectral density of a resistance record, with the fit S(f) = A/f + B."""

    frequencies: NDArray[np.float64]
    """Frequencies [Hz], shape (F,), zero left out."""
    density: NDArray[np.float64]
    """One-sided power spectral density [Ω²/Hz], shape (F,)."""
    averages: int
    """Independent segments averaged; the relative error of a value is its inverse root."""
    flicker: Quantity
    """A, the power of the 1/f noise at 1 Hz [Ω²]."""
    white: Quantity
    """B, the white floor [Ω²/Hz]."""
    telegraph: bool
    """Whether the record hops between two levels of its own, again and again: random telegraph noise."""
    expected: NDArray[np.float64]
    """What the fit expects of the estimate at each frequency [Ω²/Hz], shape (F,): smoothing by the readings' window,
    folding, and the leakage of the segments' window are in it."""
    events: int
    """Changes to another level and back, too few to be noise: the state that switched, or a reading that failed. The
    records that they are in are left out; where that would be all of them, the steps are taken out."""
    left_out: int
    """Records left out for them."""
    mean: Quantity
    """Mean of the readings that count [Ω]; uncertain by what the 1/f noise does from run to run."""

    @classmethod
    def of(cls, resistances: ArrayLike, interval: float, segments: int = 32, window: float = 0.0) -> Self:
        """Estimate the spectrum of equally spaced readings, and fit it.

        Parameters
        ----------
        resistances
            Readings of one state [Ω], shape (N,), or shape (records, N) for several records that are each contiguous.
            A few changes to another level are left out.
        interval
            Time between two readings [s].
        segments
            Stretches of each record that overlap by half, and whose spectra are averaged.
        window
            Time over which each reading averages [s], 0 for none; the 1/f noise is smoothed by it, and what it leaves
            above half the sampling rate folds back.

        Returns
        -------
        NoiseSpectrum
            The spectrum, with the fit of white and 1/f noise.

        Raises
        ------
        FitError, InputError
            If there are fewer than 16 readings a segment, the interval is not positive, or a reading not finite.

        Notes
        -----
        P. D. Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967), Hann window. The fit is the maximum of Whittle's
        likelihood, which treats each averaged value as gamma-distributed about its expectation; least squares of the
        logarithms would be biased low.
        """
        from scipy.optimize import minimize
        from scipy.signal import welch

        readings = np.atleast_2d(np.asarray(resistances, float))
        length = 2 * (readings.shape[-1] // (segments + 1))
        if not interval > 0:
            raise InputError(f"interval = {interval} s: give the time between two readings, above zero")
        if not np.isfinite(readings).all():
            raise FitError("readings that are not finite: the device is open, or the meter at its limit")
        if length < 16:
            raise FitError(
                f"{readings.shape[-1]} readings in {segments} segments leave {length} a segment: take more readings, "
                "or fewer segments"
            )
        visits = StateVisits.of(readings)
        given, readings = len(readings), visits.undisturbed(readings)
        frequencies, densities = welch(readings, 1 / interval, "hann", nperseg=length, noverlap=length // 2)
        density, averages = densities.mean(axis=0), segments * len(readings)
        # The lowest value has lost to the removed mean; the highest is one-sided already.
        f, s = frequencies[2:-1], density[2:-1]
        shape = _leaked(f, interval, window)
        if not s.any():
            raise FitError(
                f"all {readings.size} readings are {readings.flat[0]:g} Ω: the meter's resolution hides the noise"
            )

        def cost(log_parameters: NDArray[np.float64]) -> float:
            model = np.exp(log_parameters[0]) * shape + np.exp(log_parameters[1])
            return float(np.sum(np.log(model) + s / model))

        top = float(np.median(s[-max(4, s.size // 4) :]))
        bottom = float(np.median(s[: max(4, s.size // 16)] * f[: max(4, s.size // 16)]))
        start = np.log([max(bottom, top * f[0] * 1e-3), top])
        options = {"xatol": 1e-6, "fatol": 1e-9, "maxiter": 4000}
        found = minimize(cost, start, method="Nelder-Mead", options=options)
        flicker, white = np.exp(found.x)
        expected = flicker * shape + white
        widening = _goodness(s, expected, averages).widening
        errors = [widening * each for each in _uncertainties(shape, float(flicker), float(white), averages)]
        return cls(
            f,
            s,
            averages,
            Quantity(float(flicker), errors[0], "Ω²"),
            Quantity(float(white), errors[1], "Ω²/Hz"),
            visits.telegraph,
            expected,
            visits.hops,
            given - len(readings),
            _mean(readings, interval, float(flicker), float(white)),
        )

    @property
    def corner(self) -> float:
        """Frequency at which 1/f noise and white floor are equal [Hz]."""
        return self.flicker.value / self.white.value

    @property
    def p_value(self) -> float:
        """Goodness: probability of a misfit at least so large if the noise is 1/f and white.

        Ratios of estimate and expectation, averaged over neighbouring frequencies, are gamma-distributed; their cube
        roots are normal (E. B. Wilson and M. M. Hilferty, Proc. Natl. Acad. Sci. 17, 684 (1931)).
        """
        return _goodness(self.density, self.expected, self.averages).p_value

    def hooge(self, mean_resistance: float, area: float) -> Quantity:
        """Give the Hooge-like parameter α of a junction [m²].

        Parameters
        ----------
        mean_resistance
            Mean of the readings [Ω].
        area
            Area of the pillar [m²].

        Returns
        -------
        Quantity
            α = A_pillar·A/R² [m²], from S_V = α V²/(area f); MgO junctions have about 2e-22 m².
        """
        factor = area / mean_resistance**2
        return Quantity(self.flicker.value * factor, self.flicker.uncertainty * factor, "m²")


def _mean(readings: NDArray[np.float64], interval: float, flicker: float, white: float) -> Quantity:
    lasted = readings.size * interval
    variance = flicker * (math.log(max(BETWEEN_RUNS / lasted, 1.0)) + 1.5) + white / (2 * lasted)
    return Quantity(float(readings.mean()), math.sqrt(variance), "Ω")


def _goodness(density: NDArray[np.float64], expected: NDArray[np.float64], averages: int) -> Goodness:
    ratio = density / expected
    edges = np.unique(np.geomspace(_SMALLEST_GROUP, ratio.size, _GROUPS).astype(int))
    groups = np.split(ratio, edges[:-1])
    sizes = np.array([group.size for group in groups], float)
    shape = _independent(averages) * sizes / (1 + 2 * ((1 - 1 / sizes) * 4 / 9 + (1 - 2 / sizes) / 36))
    roots = np.cbrt([group.mean() for group in groups])
    z = (roots - (1 - 1 / (9 * shape))) * np.sqrt(9 * shape)
    return Goodness.of(float(z @ z), len(groups) - 2)


def _flicker_shape(frequencies: NDArray[np.float64], interval: float, window: float) -> NDArray[np.float64]:
    """Give the density of unit 1/f noise as the readings have it: averaged over a window, then sampled.

    Without a window nothing would bound the folded part; it is left out, as for readings that were filtered before.
    """
    if not window:
        return np.asarray(1 / frequencies)
    folded = np.abs(frequencies + np.arange(-8, 9)[:, None] / interval)
    return np.asarray((np.sinc(folded * window) ** 2 / folded).sum(axis=0))


def _leaked(frequencies: NDArray[np.float64], interval: float, window: float) -> NDArray[np.float64]:
    """Give the same as Hann windows see it, whose spectrum is four lines wide: a tenth more at the second line."""
    line = float(frequencies[1] - frequencies[0])
    offsets = (np.arange(-_SIDE * _FINE, _SIDE * _FINE) + 0.5) / _FINE
    kernel = (np.sinc(offsets) / (1 - offsets**2)) ** 2
    seen = np.abs(frequencies + line * offsets[:, None])
    spread = _flicker_shape(seen.ravel(), interval, window).reshape(seen.shape)
    return np.asarray(kernel @ spread / kernel.sum())


def _independent(segments: int) -> float:
    """Give what segments that overlap by half are worth: their powers are correlated by (1/6)²."""
    return segments / (1 + 2 / 36 * (segments - 1) / segments)


def _uncertainties(shape: NDArray[np.float64], flicker: float, white: float, segments: int) -> tuple[float, float]:
    """Give the standard errors of the two parameters from Fisher's information.

    Neighbouring frequencies of Hann windows have powers correlated by (2/3)² and (1/6)²; segments that overlap by half
    by (1/6)². Both make the averages worth less than their number.
    """
    model = flicker * shape + white
    gradient = np.stack([shape / model, 1 / model])
    covariance = np.linalg.inv(_independent(segments) * gradient @ gradient.T) * (1 + 2 * (4 / 9 + 1 / 36))
    return float(np.sqrt(covariance[0, 0])), float(np.sqrt(covariance[1, 1]))
