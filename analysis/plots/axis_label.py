"""The text at an axis, with the prefix that suits the values."""

from __future__ import annotations

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["AxisLabel"]

_PREFIXES = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}
_PREFIXED = {"T", "V", "A", "s", "Hz", "Ω"}
_SYMBOLS = {"ohm": "Ω", "ohm**2/Hz": "Ω²/Hz", "1": ""}


class AxisLabel(NamedTuple):
    """What stands at an axis, and what its values are multiplied with.

    Examples
    --------
    >>> AxisLabel.of("field", "T", [-0.05, 0.02])
    AxisLabel(text='field (mT)', factor=1000.0)
    >>> AxisLabel.of("P(switch)", "1", [0.5])
    AxisLabel(text='P(switch)', factor=1.0)
    """

    text: str
    """Name and unit with its prefix."""
    factor: float
    """One over the prefix."""

    @classmethod
    def of(cls, name: str, unit: str, values: ArrayLike) -> Self:
        """Choose the prefix by the largest value.

        Parameters
        ----------
        name, unit
            As in the recording, where ``ohm`` stands for Ω and ``1`` for no unit.
        values
            Values in the unit, any shape; those that are not finite count for nothing.
        """
        unit = _SYMBOLS.get(unit, unit)
        sizes = np.abs(np.asarray(values, float))
        largest = float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))
        if not unit or unit not in _PREFIXED or not largest:
            return cls(f"{name} ({unit})" if unit else name, 1.0)
        exponent = min(9, max(-12, 3 * math.floor(math.log10(largest) / 3 + 1e-9)))
        return cls(f"{name} ({_PREFIXES[exponent]}{unit})", 10.0**-exponent)
