"""One number against its range, and as a command carries it: what the interlock asks of each setting."""

import math

from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.safety.setting_value import FINEST, away_from_zero, in_six_digits, number, toward_zero

__all__ = ["carried", "carried_inwards", "check_limit", "checked_number", "sent_value"]

_LAST_PLACE = {"amplitude": FINEST}


def carried(name: str, value: float) -> float:
    """Give a setting as a command carries it; an integration time follows from what is sent, and is not sent."""
    return value if name == "integration" else in_six_digits(value, _LAST_PLACE.get(name, 0.0))


def carried_inwards(name: str, value: float) -> float:
    """Give the setting next to it that stresses the device less; a longer settle time does."""
    if name in ("settle", "integration"):
        return away_from_zero(value)
    return toward_zero(value, _LAST_PLACE.get(name, 0.0))


def checked_number(quantity: str, value: object, low: float, high: float, unit: str) -> float:
    """Give a setting as a number; its range is for the message alone.

    Parameters
    ----------
    quantity
        Name of the setting, for the message.
    value
        What was asked for, in the unit.
    low, high
        Allowed range.
    unit
        Unit, for the message; empty for none.

    Raises
    ------
    InputError
        If it is no number.
    """
    return number(quantity, value, f"the bench allows {low + 0.0:g} to {high:g}{f' {unit}' if unit else ''}")


def check_limit(quantity: str, value: object, low: float, high: float, unit: str) -> float:
    """Give a setting as a number within its range.

    Parameters
    ----------
    quantity
        Name of the setting, for the message.
    value
        What was asked for, in the unit.
    low, high
        Allowed range.
    unit
        Unit, for the message; empty for none.

    Raises
    ------
    InputError
        If it is no number.
    LimitError
        If it is not finite or not within the range; the message names both.
    """
    found = checked_number(quantity, value, low, high, unit)
    # Written so that NaN is refused too.
    if not (low <= found <= high and math.isfinite(found)):
        raise LimitError(quantity, found, low, high, unit)
    return found


def sent_value(quantity: str, value: object, low: float, high: float, unit: str) -> float:
    """Check a setting; give it as a command carries it, rounded inwards where the nearest would be beyond.

    Parameters
    ----------
    quantity
        Name of the setting, for the message.
    value
        What was asked for, in the unit.
    low, high
        Allowed range.
    unit
        Unit, for the message; empty for none.

    Raises
    ------
    InputError
        If it is no number.
    LimitError
        If it is not finite or not within the range; the message names both.
    """
    found = check_limit(quantity, value, low, high, unit)
    nearest = in_six_digits(found)
    return nearest if low <= nearest <= high else toward_zero(found)
