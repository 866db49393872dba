"""How much too fair bits are that steer their own source."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtjlab.data.errors import InputError

__all__ = ["measured_suppression", "suppression"]


def suppression(window: float, constant: float, between: float = 0.0) -> float:
    """Give the standard deviation of the share of ones over a window, as a part of a fair stream's.

    Parameters
    ----------
    window
        Bits a window.
    constant
        Loop constant of the controller that the same bits steer, in bits.
    between
        Bits between two actions of the controller; 0 for far fewer than the constant.

    Returns
    -------
    float
        1 for a window far below the constant; sqrt(constant/window) far above it.

    Raises
    ------
    ValueError
        If window or constant is not positive, or `between` not below twice the constant (no such loop is stable).

    Notes
    -----
    Each bit's excess is the deviation x of P plus the bit's own noise; the integral controller moves x by minus the
    excess over T. The sum over a window is thus T (x at its start - x at its end), and with x an Ornstein-Uhlenbeck
    process of time T its variance is that of a fair stream times (1 - exp(-w))/w, w = window/constant.

    Examples
    --------
    >>> [round(suppression(1e6, constant), 2) for constant in (1e5, 1e6, 1e8)]
    [0.32, 0.8, 1.0]
    """
    if not (window > 0 and constant > 0):
        raise InputError(f"window = {window}, constant = {constant}: both must be above 0 bits")
    gain, ratio = between / constant, window / constant
    if not 0 <= gain < 2:
        raise InputError(f"between = {between} bits: give 0 to less than twice the constant, {constant}")
    kept = math.exp(-ratio) if not gain else abs(1 - gain) ** (ratio / gain)
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
