"""PyMeasure's way of naming a column with its unit, taken apart."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Self

from mtjlab.core import InputError
from mtjlab.data import link_name

__all__ = ["Column", "recorded_columns"]


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
        """Take ``Name (unit)`` apart.

        Parameters
        ----------
        text
            Name and unit of a column as `DATA_COLUMNS` has them.

        Returns
        -------
        Column
            With an empty unit where the text has none.
        """
        name, separator, unit = text.rpartition(" (")
        return cls(name, unit.removesuffix(")")) if separator else cls(text, "")


def recorded_columns(texts: Sequence[str]) -> dict[str, Column]:
    """Give each column of a procedure the name under which a recording keeps it.

    Parameters
    ----------
    texts
        ``DATA_COLUMNS`` of a procedure.

    Returns
    -------
    dict
        By the procedure's text. Columns of one name and several units keep the text as their name.

    Raises
    ------
    InputError
        If a column has no name that can be kept, or two have the same.

    Examples
    --------
    >>> [column.name for column in recorded_columns(["I (A)", "V (V)", "V (mV)"]).values()]
    ['I', 'V (V)', 'V (mV)']
    """
    parsed = {text: Column.parse(text) for text in texts}
    counts = Counter(column.name for column in parsed.values())
    columns = {
        text: Column(text, column.unit) if counts[column.name] > 1 else column for text, column in parsed.items()
    }
    if len(parsed) < len(texts):
        twice = [text for text, count in Counter(texts).items() if count > 1]
        raise InputError(f"DATA_COLUMNS names {', '.join(map(repr, twice))} twice: give each column a name of its own")
    links = Counter(link_name(column.name) for column in columns.values())
    for text, column in columns.items():
        link = link_name(column.name)
        if not column.name.strip() or column.name.strip(".") == "" or "\0" in column.name:
            raise InputError(f"DATA_COLUMNS has the name {text!r}: give the column a name of letters or digits")
        if links[link] > 1:
            raise InputError(f"DATA_COLUMNS has two names that a recording keeps as {link!r}: rename one")
    return columns
