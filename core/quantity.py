"""A quantity with its uncertainty or its interval, and its unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Self

from mtjlab.core.constants import NORMAL_95
from mtjlab.core.errors import InputError

__all__ = ["Quantity"]


class Quantity(NamedTuple):
    """What was measured or fitted: a value, how well it is known, and its SI unit.

    Examples
    --------
    >>> str(Quantity(0.0255, 0.0003, "T")), str(Quantity(51286.9, 51.3, "Ω"))
    ('0.02550 ± 0.00030 T', '51287 ± 51 Ω')

    An interval that is not symmetric has ends instead:

    >>> str(Quantity(3.2e-6, low=1.1e-6, high=7.0e-6))
    '3.2e-06 (1.1e-06 to 7.0e-06, 95 %)'
    """

    value: float
    """The most likely value, in `unit`."""

    uncertainty: float = math.nan
    """Standard uncertainty, in `unit`; NaN where it is not known, or the ends tell more."""

    unit: str = ""
    """SI unit; ``"1"`` or empty where there is none."""

    low: float = math.nan
    """Lower end of the 95 % interval, in `unit`, where it is not symmetric; else NaN."""

    high: float = math.nan
    """Upper end, likewise."""

    @classmethod
    def of(cls, found: Sequence[float | str]) -> Self:
        """Take what a procedure gives as a tuple.

        Parameters
        ----------
        found
            Value, standard uncertainty, unit; or value, NaN, unit and both ends of the 95 % interval.

        Returns
        -------
        Quantity
            The same, with names.

        Raises
        ------
        InputError
            If it has another length, or a number is no number.
        """
        try:
            value, uncertainty, unit, *ends = found
            if len(ends) not in (0, 2):
                raise ValueError
            return cls(float(value), float(uncertainty), str(unit), *map(float, ends))
        except (TypeError, ValueError):
            raise InputError(
                f"{found!r:.80} is no result: give value, standard uncertainty, unit, or value, NaN, unit, low, high"
            ) from None

    @property
    def has_ends(self) -> bool:
        """Whether the interval is told by its ends."""
        return self.low < self.high

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval, in `unit`: its ends, or normal about the value; NaN where nothing is known of it."""
        if self.has_ends:
            return self.low, self.high
        return self.value - NORMAL_95 * self.uncertainty, self.value + NORMAL_95 * self.uncertainty

    def scaled(self, factor: float, unit: str) -> Self:
        """Multiply by an exact number, as for another unit.

        Parameters
        ----------
        factor
            The number.
        unit
            Unit of the product.

        Returns
        -------
        Quantity
            Value, uncertainty and ends times `factor`.
        """
        low, high = sorted((self.low * factor, self.high * factor))
        return type(self)(self.value * factor, self.uncertainty * abs(factor), unit, low, high)

    def __str__(self) -> str:
        value = float(self.value)
        unit = "" if self.unit == "1" else self.unit
        if self.has_ends:
            return f"{_with_ends(value, self.low, self.high)} {unit}".rstrip()
        if not (0 < self.uncertainty < math.inf and math.isfinite(value)):
            whole = value.is_integer() and abs(value) < 1e15
            return f"{value:.0f} {unit}".rstrip() if whole else f"{value:.6g} {unit}".rstrip()
        # Two digits of the uncertainty, and the value to the same place.
        places = 1 - math.floor(math.log10(self.uncertainty))
        if 0 <= places <= 6 and abs(value) < 1e6:
            return f"{value:.{places}f} ± {self.uncertainty:.{places}f} {unit}".rstrip()
        digits = max(1, places + math.floor(math.log10(abs(value) or self.uncertainty)))
        return f"{value:.{digits}e} ± {self.uncertainty:.1e} {unit}".rstrip()


def _with_ends(value: float, low: float, high: float) -> str:
    spread = min(high - value if math.isfinite(high) else math.inf, value - low if math.isfinite(low) else math.inf)
    spread = spread if 0 < spread < math.inf else high - low
    places = 1 - math.floor(math.log10(spread)) if spread < math.inf else 6
    small = places > 6 or max(abs(each) for each in (value, low, high) if math.isfinite(each)) >= 1e6
    told = [f"{each:.1e}" if small else f"{each:.{max(places, 0)}f}" for each in (value, low, high)]
    return f"{told[0]} ({told[1]} to {told[2]}, 95 %)"
