"""PyMeasure's way of naming a column with its unit, taken apart."""

from typing import NamedTuple, Self

__all__ = ["Column"]


class Column(NamedTuple):
    """A column of a procedure.

    Examples
    --------
    >>> Column.parse("Time (s)")
    Column(name='Time', unit='s')
    >>> Column.parse("P(1)")
    Column(name='P(1)', unit='')
    """

    name: str
    """Name without unit."""
    unit: str
    """Unit; empty where there is none."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take ``Name (unit)`` apart."""
        name, separator, unit = text.rpartition(" (")
        return cls(name, unit.removesuffix(")")) if separator else cls(text, "")
