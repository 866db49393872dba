"""A value of a sequence that several tests share, computed when the first asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

__all__ = ["shared_value"]

T = TypeVar("T")


class shared_value(Generic[T]):  # noqa: N801  it is used as a decorator
    """A property that is computed once an object.

    Notes
    -----
    `functools.cached_property` of Python 3.11 holds one lock for all objects while it computes: workers would wait for
    each other, each with a sequence of its own. No sequence goes to two workers, so none needs a lock.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name under which objects keep the value, before which Python looks at no property like this."""
        self._name = name

    @overload
    def __get__(self, of: None, owner: type) -> shared_value[T]: ...
    @overload
    def __get__(self, of: object, owner: type) -> T: ...
    def __get__(self, of: object | None, owner: type) -> shared_value[T] | T:
        """Compute the value and leave it with the object."""
        if of is None:
            return self
        value = of.__dict__[self._name] = self._compute(of)
        return value
