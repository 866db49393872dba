"""Values with units, as people say and read them: ``10 ns``, ``1250 mV``, ``5 M``."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mtjlab.core.errors import InputError
from mtjlab.core.number_text import exact_number

if TYPE_CHECKING:
    from pint import UnitRegistry

__all__ = ["UnitMismatchError", "example_value", "read_value", "show_value"]

_PREFIXES = {"f": -15, "p": -12, "n": -9, "µ": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12}
_PREFIXED = ("s", "V", "A", "T", "m", "Ω", "Hz", "J", "W", "F")
"""Units that are shown with a prefix."""
_EXAMPLES = {
    "": "5 M or 2e6", "s": "10 ns", "V": "1250 mV", "A": "10 µA", "T": "80 mT or 800 Oe", "Ω": "50 kΩ", "m": "60 nm",
    "Hz": "1 kHz", "K": "300 K or 25 degC", "rad": "45 deg", "A/m": "1 MA/m",
}  # fmt: skip
_NUMBER = re.compile(r"\s*([+-]?(?:\d[\d_,]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
_CGS = re.compile(r"(?<![A-Za-z])([mkµu]?)(?:Oe|oersteds?|Gs?|[gG]auss)(?![A-Za-z])")
_SAME = str.maketrans({"\u2126": "Ω", "\u03bc": "µ", "\u212b": "Å", "\u2212": "-", "\u00a0": " ", "\u202f": " "})
"""Signs that look alike, and spaces that do not break: the form and copied text have them."""
_VACUUM = Decimal("4e-7") * Decimal("3.14159265358979323846264338")
"""Magnetic constant [V·s/(A·m)] as the definitions of oersted and gauss have it."""
_LONGEST = 60
"""Letters of a value; a longer one is no value."""
_GIVEN = 4
"""Digits up to which a whole number is shown by a prefix, such as ``2.5 M``."""


class UnitMismatchError(InputError):
    """A value has a unit that is of another kind than what is asked for, or no unit at all that is known."""


def read_value(word: str, unit: str = "") -> Decimal:
    """Read a value as people say it.

    A number alone is in `unit`. Any unit of the same kind is converted by pint, exactly where its definition is a
    decimal fraction. Fields may be flux densities or field strengths, with the magnetic constant 4π·10⁻⁷ V·s/(A·m)
    between them: 1 Oe is 0.1 mT. Angles are no frequencies, so that rpm is no unit of Hz.

    Parameters
    ----------
    word
        Such as ``10 ns``, ``1250 mV``, ``0.1 T``, ``2e6``; without a unit also ``5 M``, ``20 %``.
    unit
        Unit of what comes back, such as ``s`` or ``J/(V*m)``; empty for a pure number.

    Returns
    -------
    Decimal
        The value in `unit`; finite.

    Raises
    ------
    UnitMismatchError
        If its unit does not fit; the message names the unit that does, and an example.
    InputError
        If it is no number.

    Examples
    --------
    >>> float(read_value("1250 mV", "V")), float(read_value("80 Oe", "T")), int(read_value("5 M"))
    (1.25, 0.008, 5000000)
    >>> read_value("10 V", "s")
    Traceback (most recent call last):
    mtjlab.core.value_text.UnitMismatchError: '10 V' is not in s: give a number in s, or a value such as 10 ns
    """
    text, unit = word.translate(_SAME).strip(), unit.translate(_SAME).strip()
    split = _NUMBER.fullmatch(text)
    if len(text) > _LONGEST or split is None:
        exact_number(word)  # says what is wrong with it
        raise InputError(f"{word!r:.60} is not a number")
    number, said = exact_number(split[1]), split[2]
    if "," in split[1] and unit not in ("", "1"):
        raise InputError(f"{word!r:.60} has a comma: write a decimal point")
    if said in ("", unit):
        return number
    try:
        found = _converted(number, said, "" if unit == "1" else unit)
    except Exception:  # pint raises a dozen kinds, of its tokenizer and of Python's, too
        found = None
    if found is None or not found.is_finite():
        where = f"in {unit}" if unit not in ("", "1") else "a number without a unit"
        a = f"a number {where}" if unit not in ("", "1") else "a number"
        raise UnitMismatchError(f"{word!r:.60} is not {where}: give {a}, or a value such as {example_value(unit)}")
    return found


def example_value(unit: str) -> str:
    """Give a value as one may type it.

    Parameters
    ----------
    unit
        Unit that is asked for, such as ``s``; empty for a pure number.

    Returns
    -------
    str
        Such as ``10 ns``.
    """
    known = _EXAMPLES.get("" if unit == "1" else unit.translate(_SAME))
    return known if known is not None else f"1 {unit}"


def show_value(value: float | int, unit: str = "") -> str:
    """Show a value as people say it; `read_value` reads exactly this value again.

    Parameters
    ----------
    value
        The value, in `unit`.
    unit
        SI unit; empty for a pure number.

    Returns
    -------
    str
        With a prefix where the unit takes one, and all digits.

    Examples
    --------
    >>> show_value(1e-8, "s"), show_value(1.25, "V"), show_value(5_000_000), show_value(1_234_567)
    ('10 ns', '1.25 V', '5 M', '1,234,567')
    """
    if unit == "1":
        unit = ""
    if isinstance(value, int) and not unit:
        return _whole(value)
    if not math.isfinite(value) or unit.translate(_SAME) not in _PREFIXED or not value:
        return f"{_plain(value)} {unit}".rstrip()
    number = Decimal(repr(value))
    power = 3 * (number.adjusted() // 3)
    if unit == "s" and 0 < power < _PREFIXES["T"]:
        power = 0  # nobody says kiloseconds
    if unit == "s" and power > 0:
        return f"{_plain(value)} {unit}"
    for prefix, exponent in _PREFIXES.items():
        if exponent == power:
            return f"{number.scaleb(-power).normalize():f} {prefix}{unit}"
    return f"{_plain(value)} {unit}"


def _whole(value: int) -> str:
    digits = str(abs(value))
    if len(digits.rstrip("0")) <= _GIVEN and len(digits) > _GIVEN:
        power = min(3 * ((len(digits) - 1) // 3), _PREFIXES["T"])
        prefix = next(name for name, exponent in _PREFIXES.items() if exponent == power)
        return f"{Decimal(value).scaleb(-power).normalize():f} {prefix}"
    return f"{value:,}"


def _plain(value: float) -> str:
    """Write a number with all of its digits, without a useless fraction."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e6
    return str(int(value)) if whole else repr(value)


def _converted(number: Decimal, said: str, unit: str) -> Decimal | None:
    """Convert by pint; None where the units are of different kinds."""
    if unit == "":
        said = re.sub(r"(?<![A-Za-z])([kMGT]?)bits?$", r"\1", said)
        if said in _PREFIXES or said == "u":
            return number.scaleb(_PREFIXES["µ" if said == "u" else said])
    registry = _registry()
    said = _CGS.sub(r"\1field_unit_of_cgs", said.replace("°C", "degC"))
    quantity = registry.Quantity(number, registry.parse_units(said))
    wanted = registry.parse_units(unit.replace("°C", "degC"))
    kind, asked = quantity.to_root_units().units, registry.Quantity(Decimal(1), wanted).to_root_units().units
    field, strength = (registry.Quantity(Decimal(1), name).to_root_units().units for name in ("T", "A/m"))
    vacuum = registry.Quantity(_VACUUM, "V*s/(A*m)")
    if kind == strength and asked == field:
        quantity, kind = quantity * vacuum, field
    elif kind == field and asked == strength:
        quantity, kind = quantity / vacuum, strength
    return Decimal(quantity.to(wanted).magnitude) if kind == asked else None


@lru_cache(1)
def _registry() -> UnitRegistry[Any]:
    """Make pint's units, in decimal fractions; it takes a third of a second, so only who says a unit waits for it."""
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry(non_int_type=Decimal)
    registry.define("field_unit_of_cgs = 1e-4 * tesla")  # pint's own ones are no multiples of SI units
    return registry
