"""A quantity with its uncertainty."""

from __future__ import annotations

from typing import NamedTuple

from mtjlab.core import NORMAL_95

__all__ = ["Estimate"]


class Estimate(NamedTuple):
    """A fitted quantity; as a tuple it is what procedures emit under ``fit``.

    Examples
    --------
    >>> Estimate(0.998, 0.004, "1").interval
    (0.9901601440618398, 1.0058398559381603)
    """

    value: float
    """Most likely value."""
    uncertainty: float
    """Its standard uncertainty."""
    unit: str
    """SI unit of both."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval, normal about the value."""
        return self.value - NORMAL_95 * self.uncertainty, self.value + NORMAL_95 * self.uncertainty
