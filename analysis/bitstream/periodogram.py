"""Lines in the spectrum of P(1): pick-up of the mains, pumps, whatever is periodic, with its frequency."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import InputError

__all__ = ["Line", "Spectrum", "folded_frequency", "spectrum_of_share"]

EVEN = 0.01
"""Jitter of the start times, as a fraction of their mean step, up to which they count as even."""

LEAST_WINDOWS = 8
"""Windows of which a spectrum is taken."""

MOST_UNEVEN = 20_000
"""Windows that are not evenly spaced, at most: each takes part in the sum of each frequency."""

PIECE = 1 << 22
"""Elements of the matrix of phases at once."""


@dataclass(frozen=True)
class Line:
    """A line that stands out of the noise of independent bits."""

    frequency: float
    """In Hz, or per pulse."""

    amplitude: float
    """Amplitude a of P(1) = p + a cos(2 π f t), corrected for the mean over a window."""

    power: float
    """In units of the mean power of independent bits."""

    p_value: float
    """Probability that independent bits have a power so large at any of the frequencies."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Periodogram of the share of ones."""

    frequencies: NDArray[np.float64]
    """From one period in the whole stretch to half the rate of the windows, shape (F,)."""

    powers: NDArray[np.float64]
    """Power in units of that of independent bits, where it is exponential with mean 1; shape (F,)."""

    threshold: float
    """Power that independent bits pass at any frequency with probability `level`."""

    lines: tuple[Line, ...]
    """What passes the threshold, the local maxima, strongest first."""

    unit: str
    """``"Hz"``, or ``"1/pulse"`` where the time of the bits is not known."""

    rate: float
    """Rate of the windows: a line above half of it appears folded (`folded_frequency`)."""


def spectrum_of_share(windows: Windows, *, level: float = 0.01) -> Spectrum:
    """Look for lines in the share of ones along time.

    Parameters
    ----------
    windows
        At least eight windows with their start times.
    level
        Chance that independent, steady bits show any line.

    Returns
    -------
    Spectrum
        Powers, threshold and lines.

    Raises
    ------
    InputError
        If there are too few windows, too many that are not evenly spaced, all bits are equal, or `level` is not between
        0 and 1.

    Notes
    -----
    Ones less their expectation, over the binomial √(n p (1 - p)), are fitted by a sine and a cosine at each frequency;
    the power is half the drop of chi-square (Lomb, Astrophys. Space Sci. 39, 447 (1976); Scargle, Astrophys. J. 263,
    835 (1982)), with the known variance, by Fourier transform where windows are even. Frequencies are F multiples of
    the inverse length. Threshold -ln(1 - (1 - level)^(1/F)). P that drifts shows as power at the lowest frequencies.
    """
    if not 0 < level < 1:
        raise InputError(f"level = {level}: expected a number between 0 and 1, as 0.01")
    if len(windows) < LEAST_WINDOWS:
        raise InputError(f"{len(windows)} windows: a spectrum needs at least {LEAST_WINDOWS}, make them smaller")
    if not windows.variance:
        raise InputError("all bits are equal: there is no spectrum")
    number = len(windows)
    step = float(windows.times[-1] - windows.times[0]) / (number - 1)
    # Half the rate is left out: there a sine is zero at all windows and one degree of freedom is left.
    frequencies = np.arange(1, (number + 1) // 2) / (number * step)
    if _is_even(windows, step):
        transform = np.fft.rfft(_whitened(windows))[1 : frequencies.size + 1]
        powers = np.abs(transform) ** 2 / number
    else:
        powers = _powers(windows, frequencies)
    own = 1 - (1 - level) ** (1 / frequencies.size)
    threshold = -math.log(own)
    lines = _lines(windows, frequencies, powers, threshold)
    return Spectrum(frequencies, powers, threshold, lines, "Hz" if windows.time_unit == "s" else "1/pulse", 1 / step)


def folded_frequency(frequency: float, rate: float) -> float:
    """Give the frequency at which a line appears in windows of this rate.

    Parameters
    ----------
    frequency
        True frequency [Hz].
    rate
        Windows a second [Hz].

    Returns
    -------
    float
        Frequency from 0 to rate / 2.

    Raises
    ------
    InputError
        If a number is not positive.

    Examples
    --------
    >>> folded_frequency(50.0, 60.0), folded_frequency(50.0, 1000.0)
    (10.0, 50.0)
    """
    if not (0 < frequency < math.inf and 0 < rate < math.inf):
        raise InputError(f"frequency = {frequency}, rate = {rate}: expected positive numbers")
    return abs(frequency - rate * round(frequency / rate))


def _is_even(windows: Windows, step: float) -> bool:
    even = windows.times[0] + step * np.arange(len(windows))
    jitter = float(np.max(np.abs(windows.times - even)))
    return jitter <= EVEN * step and bool(np.all(windows.counts == windows.counts[0]))


def _whitened(windows: Windows) -> NDArray[np.float64]:
    """Ones less their mean, with variance 1 for independent bits."""
    whitened: NDArray[np.float64] = (windows.ones - windows.share * windows.counts) / np.sqrt(
        windows.counts * windows.variance
    )
    return whitened


def _powers(windows: Windows, frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit sine and cosine at each frequency by least squares; half of what the squared deviations lose."""
    if len(windows) > MOST_UNEVEN:
        raise InputError(
            f"{len(windows):,} windows that are not evenly spaced: a spectrum takes at most {MOST_UNEVEN:,}; "
            "make them longer"
        )
    deviation, weight = _whitened(windows), np.sqrt(windows.counts)
    times = windows.times - windows.times[0]
    powers = np.empty(frequencies.size)
    rows = max(1, PIECE // times.size)
    for first in range(0, frequencies.size, rows):
        phases = 2 * np.pi * frequencies[first : first + rows, None] * times
        cosine, sine = np.cos(phases) * weight, np.sin(phases) * weight
        cc, ss, cs = (cosine**2).sum(axis=1), (sine**2).sum(axis=1), (cosine * sine).sum(axis=1)
        yc, ys = cosine @ deviation, sine @ deviation
        powers[first : first + rows] = (yc**2 * ss - 2 * yc * ys * cs + ys**2 * cc) / (2 * (cc * ss - cs**2))
    return powers


def _lines(
    windows: Windows, frequencies: NDArray[np.float64], powers: NDArray[np.float64], threshold: float
) -> tuple[Line, ...]:
    around = np.concatenate(([-np.inf], powers, [-np.inf]))
    peaks = np.flatnonzero((powers > threshold) & (powers >= around[:-2]) & (powers > around[2:]))
    # A window lasts until the next begins; the shortest quarter, since there may be pauses between others.
    length = float(np.quantile(np.diff(windows.times), 0.25))
    bits = int(windows.counts.sum())
    found = []
    for peak in peaks[np.argsort(-powers[peaks])]:
        frequency, power = float(frequencies[peak]), float(powers[peak])
        amplitude = math.sqrt(4 * windows.variance * power / bits) / float(np.sinc(frequency * length))
        p_value = -math.expm1(frequencies.size * math.log1p(-math.exp(-power)))
        found.append(Line(frequency, amplitude, power, p_value))
    return tuple(found)
