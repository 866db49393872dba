"""How the ones scatter in bits of a source that is steered: less than chance where they steer it, else more."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtjlab.analysis import Goodness
from mtjlab.core import InputError

__all__ = ["measured_suppression", "spread_goodness", "suppression"]

_WORTH = 0.8
"""Of a window that follows another one, for the mean square: windows of a loop constant are correlated by ∓.3."""


def suppression(window: float, constant: float, between: float = 0.0, share: float = 0.0) -> float:
    """Give the standard deviation of the share of ones over a window, as a part of a fair stream's.

    Parameters
    ----------
    window
        Bits a window.
    constant
        Loop constant of the controller, in bits.
    between
        Bits between two actions of the controller; 0 for far fewer than the constant.
    share
        Pulses for each bit that steer and are given to nobody; 0 where the bits themselves steer.

    Returns
    -------
    float
        1 for a window far below the constant. Far above it sqrt(constant/window) for bits that steer; else
        sqrt(1 + 1/share): P follows the chance in the pulses that steer, and the bits follow P.

    Raises
    ------
    ValueError
        If window or constant is not positive, the share negative, or `between` not below twice the constant (no such
        loop is stable).

    Notes
    -----
    Each bit's excess is the deviation x of P plus the bit's own noise; the integral controller moves x by minus the
    excess over T. The sum over a window is thus T (x at its start - x at its end), and with x an Ornstein-Uhlenbeck
    process of time T its variance is that of a fair stream times (1 - exp(-w))/w, w = window/constant.

    Where others steer, x is such a process of the variance 1/(8 s T) by their noise, s being their share, and each bit
    has its own besides: the variance is that of a fair stream times 1 + (w - 1 + exp(-w))/(s w).

    Examples
    --------
    >>> [round(suppression(1e6, constant), 2) for constant in (1e5, 1e6, 1e8)]
    [0.32, 0.8, 1.0]
    >>> [round(suppression(1e5, constant, share=1 / 3), 2) for constant in (1e4, 1e5, 1e7)]
    [1.92, 1.45, 1.01]
    """
    if not (window > 0 and constant > 0 and share >= 0):
        raise InputError(f"window = {window}, constant = {constant}, share = {share}: give what is above 0")
    gain, ratio = between / constant, window / constant
    if not 0 <= gain < 2:
        raise InputError(f"between = {between} bits: give 0 to less than twice the constant, {constant}")
    kept = math.exp(-ratio) if not gain else abs(1 - gain) ** (ratio / gain)
    if share:
        more = 1 - 2 * (1 - gain) * (1 - kept) / (ratio * (2 - gain))
        return math.sqrt(1 + more / share)
    return math.sqrt(2 * (1 - kept) / (ratio * (2 - gain)))


def measured_suppression(deviations: Sequence[float]) -> tuple[float, float]:
    """Measure how the share of ones scatters about one half over windows, as a part of a fair stream's.

    Parameters
    ----------
    deviations
        Of each window, its ones less half its bits, over half the root of its bits; of a fair stream these are standard
        normal. Shape (windows,).

    Returns
    -------
    tuple of float
        Root mean square, and its standard error; not a number for fewer than eight windows.

    Examples
    --------
    >>> measured_suppression([1.0, -1.0] * 8)
    (1.0, 0.17677669529663687)
    """
    if len(deviations) < 8:
        return math.nan, math.nan
    spread = math.sqrt(math.fsum(value**2 for value in deviations) / len(deviations))
    return spread, spread / math.sqrt(2 * len(deviations))


def spread_goodness(deviations: Sequence[float], theory: float) -> Goodness:
    """Test whether windows scatter as a theory has it.

    Parameters
    ----------
    deviations
        As of `measured_suppression`, of windows of one loop constant that follow each other.
    theory
        Standard deviation that they should have.

    Returns
    -------
    Goodness
        Its probability is that of a spread at least so far off, too large or too small; 1 for fewer than eight windows.

    Examples
    --------
    >>> spread_goodness([0.5, -0.5] * 50, 0.8).p_value < 1e-3 < spread_goodness([0.8, -0.8] * 50, 0.8).p_value
    True
    """
    from scipy.stats import chi2

    if len(deviations) < 8:
        return Goodness(0.0, 0.0, 1.0)
    freedom = _WORTH * len(deviations)
    square = _WORTH * math.fsum(value**2 for value in deviations) / theory**2
    below, above = float(chi2.cdf(square, freedom)), float(chi2.sf(square, freedom))
    return Goodness(square, freedom, min(1.0, 2 * min(below, above)))
