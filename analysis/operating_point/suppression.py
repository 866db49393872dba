"""How much too fair bits are that steer their own source."""

from __future__ import annotations

import math

__all__ = ["suppression"]


def suppression(window: float, constant: float) -> float:
    """Give the standard deviation of the share of ones over a window, as a part of a fair stream's.

    Parameters
    ----------
    window
        Bits a window.
    constant
        Loop constant of the controller that the same bits steer, in bits.

    Returns
    -------
    float
        1 for a window far below the constant; sqrt(constant/window) far above it.

    Raises
    ------
    ValueError
        If one of them is not positive.

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
        raise ValueError(f"window = {window}, constant = {constant}: both must be above 0 bits")
    ratio = window / constant
    return math.sqrt(-math.expm1(-ratio) / ratio)
