"""A setting as the interlock judges it: a plain number, and the one that a command can carry."""

import decimal
import math
import numbers

from mtjlab.core import InputError

__all__ = ["away_from_zero", "finite_number", "in_six_digits", "number", "toward_zero", "whole_number"]

DIGITS = 6
"""Significant digits of a command: most of PyMeasure's drivers write ``%g``."""
FINEST = 1e-6
"""Last place of an amplitude in volts: drivers of generators write ``%f``."""


def number(quantity: str, value: object, allowed: str) -> float:
    """Make a setting a Python float, so that nothing of its own type takes part in the arithmetic of a limit.

    Parameters
    ----------
    quantity
        What it is, for the message.
    value
        What was asked for: an int, a float, a scalar of NumPy, a Decimal or a Fraction.
    allowed
        What is allowed, in words, for the message.

    Returns
    -------
    float
        Infinite where the value is beyond any float; NaN stays NaN. Whoever compares it with a limit refuses both.

    Raises
    ------
    InputError
        If it is no number: an array, a text, a bool.

    Examples
    --------
    >>> import numpy as np
    >>> number("bias", np.float16(0.05), "0 to 1 V")
    0.04998779296875
    >>> number("bias", 10**400, "0 to 1 V")
    inf
    """
    # A bool is a number to Python; one of NumPy is not.
    if isinstance(value, bool) or not isinstance(value, numbers.Real | decimal.Decimal):
        what = f"{value!r}"
        shown = what if len(what) <= 40 else f"{what[:40]}..."
        raise InputError(f"{quantity} = {shown} is refused: a {type(value).__name__} is not a number; {allowed}")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value == abs(value) else -math.inf
    except ValueError:  # a signalling NaN of `decimal`
        return math.nan


def finite_number(quantity: str, value: object, allowed: str) -> float:
    """Make a setting that no limit bounds a Python float; raises as `number` does, also for NaN and infinities."""
    found = number(quantity, value, allowed)
    if not math.isfinite(found):
        raise InputError(f"{quantity} = {found:g} is refused: {allowed}")
    return found


def whole_number(quantity: str, value: object, smallest: int) -> int:
    """Make a count a Python int; raises as `number` does, also where it is no whole number or too small."""
    allowed = f"give a whole number from {smallest}"
    found = finite_number(quantity, value, allowed)
    if not (found == int(found) and found >= smallest):
        raise InputError(f"{quantity} = {found:g} is refused: {allowed}")
    return int(found)


def in_six_digits(value: float, last_place: float = 0.0) -> float:
    """Round as a command does that carries six digits, and none behind `last_place`.

    Examples
    --------
    >>> in_six_digits(1.23456789)
    1.23457
    >>> in_six_digits(0.0512345678, 1e-6)
    0.051235
    """
    rounded = float(f"{value:.{DIGITS - 1}e}")
    return round(rounded, round(-math.log10(last_place))) if last_place else rounded


def toward_zero(value: float, last_place: float = 0.0) -> float:
    """Round to what a command carries, but never to more than the value.

    Examples
    --------
    >>> toward_zero(1.23456789)
    1.23456
    >>> toward_zero(1.25)
    1.25
    """
    rounded = in_six_digits(value, last_place)
    if not abs(rounded) > abs(value):
        return rounded
    return in_six_digits(rounded - math.copysign(_unit(value, last_place), value), last_place)


def away_from_zero(value: float) -> float:
    """Round to what a command carries, but never to less than the value.

    Examples
    --------
    >>> away_from_zero(833.3333)
    833.334
    """
    rounded = in_six_digits(value)
    if not abs(rounded) < abs(value):
        return rounded
    return in_six_digits(rounded + math.copysign(_unit(value, 0.0), value))


def _unit(value: float, last_place: float) -> float:
    """Weight of the last digit."""
    return max(float(10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)), last_place)
