"""Lines in the spectrum of P(1): pick-up of the mains, pumps, whatever is periodic, with its frequency."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import InputError

__all__ = ["Line", "Spectrum", "folded_frequency", "mains_of", "spectrum_of_share", "with_lines"]

EVEN = 0.01
"""Jitter of the start times, as a fraction of their mean step, up to which they count as even."""

HARMONICS = 10
"""Harmonics of the mains that are looked for."""

WANDERING = 0.002
"""By how much of itself the frequency of the mains wanders."""

FEW = 0.002
"""Of the rate: a folded line is told by its frequency if that is known to so little."""

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

    segments: int = 1
    """Stretches whose powers were averaged; power of independent bits is then a mean of so many exponentials."""


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
    # A window lasts until the next begins; the shortest quarter, since there may be pauses between others.
    length = float(np.quantile(np.diff(windows.times), 0.25))
    noise = windows.variance / int(windows.counts.sum())
    unit = "Hz" if windows.time_unit == "s" else "1/pulse"
    return with_lines(frequencies, powers, unit, 1 / step, noise=noise, length=length, level=level)


def with_lines(
    frequencies: NDArray[np.float64],
    powers: NDArray[np.float64],
    unit: str,
    rate: float,
    *,
    noise: float,
    length: float,
    level: float,
    segments: int = 1,
) -> Spectrum:
    """Find the lines in a spectrum.

    Parameters
    ----------
    frequencies, powers, unit, rate, segments
        As in `Spectrum`.
    noise
        Variance of P(1) of all bits of a segment, if they are independent.
    length
        Length of a window, in the unit that the frequencies are the inverse of.
    level
        Chance that independent bits have any line.

    Returns
    -------
    Spectrum
        The spectrum with threshold and lines.
    """
    from scipy.special import gammaincc, gammainccinv

    # The mean of K exponentials has the law of a gamma variable; for one segment it is e^(-power).
    own = 1 - (1 - level) ** (1 / frequencies.size)
    threshold = float(gammainccinv(segments, own)) / segments
    around = np.concatenate(([-np.inf], powers, [-np.inf]))
    peaks = np.flatnonzero((powers > threshold) & (powers >= around[:-2]) & (powers > around[2:]))
    lines = []
    for peak in peaks[np.argsort(-powers[peaks])]:
        frequency, power = float(frequencies[peak]), float(powers[peak])
        amplitude = 2 * math.sqrt(noise * power) / float(np.sinc(frequency * length))
        chance = float(gammaincc(segments, segments * power))
        lines.append(Line(frequency, amplitude, power, -math.expm1(frequencies.size * math.log1p(-chance))))
    return Spectrum(frequencies, powers, threshold, tuple(lines), unit, rate, segments)


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


def mains_of(line: Line, spectrum: Spectrum) -> str:
    """Say whether a line may be the mains.

    Parameters
    ----------
    line
        A line.
    spectrum
        The spectrum that it is in.

    Returns
    -------
    str
        ``"mains (50 Hz)"``, ``"mains (harmonic 3 of 50 Hz)"``, with ``", folded"`` where the windows are too long for
        it; empty where it is none of the first ten harmonics of 50 and 60 Hz within the resolution and 0.2 %, which
        the frequency of the mains wanders by.
    """
    if spectrum.unit != "Hz":
        return ""
    resolution = float(spectrum.frequencies[0])
    for harmonic in range(1, HARMONICS + 1):
        for mains in (50, 60):
            true = mains * harmonic
            folded = true > spectrum.rate / 2
            near = resolution + WANDERING * true
            # Wide windows fold so many harmonics into so few frequencies that a match means nothing.
            if abs(folded_frequency(true, spectrum.rate) - line.frequency) > near or (
                folded and near > FEW * spectrum.rate
            ):
                continue
            name = f"{mains} Hz" if harmonic == 1 else f"harmonic {harmonic} of {mains} Hz"
            return f"mains ({name}{', folded' if folded else ''})"
    return ""


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
