"""Values that are worked out once and asked for again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Remembered"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by what they were worked out from, forgotten all together where they are too many.

    Parameters
    ----------
    most
        How many are kept.

    Examples
    --------
    >>> squares = Remembered[int, int](2)
    >>> [squares.of(number, lambda: number**2) for number in (3, 4, 3, 5)]
    [9, 16, 9, 25]
    >>> len(squares)
    1
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, V] = {}

    def __len__(self) -> int:
        """Give how many are kept now."""
        return len(self._values)

    def of(self, key: K, work_out: Callable[[], V]) -> V:
        """Give the value of a key, worked out where it is not known."""
        if key not in self._values:
            if len(self._values) >= self._most:
                self._values.clear()
            self._values[key] = work_out()
        return self._values[key]
