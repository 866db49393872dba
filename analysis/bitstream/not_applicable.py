"""A result of its own: that a question cannot be answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mtjlab.core import InputError

__all__ = ["NotApplicable", "or_reason", "there"]

Found = TypeVar("Found")


@dataclass(frozen=True)
class NotApplicable:
    """A question that these bits cannot answer; a result like any other."""

    reason: str
    """Why, in one line."""


def or_reason(ask: Callable[[], Found]) -> Found | NotApplicable:
    """Give the answer, or the reason why there is none.

    Parameters
    ----------
    ask
        Gives the answer, or raises `InputError`.

    Returns
    -------
    object
        The answer, or `NotApplicable` with the message of the error.
    """
    try:
        return ask()
    except InputError as error:
        return NotApplicable(str(error))


def there(found: Found | NotApplicable) -> Found:
    """Give what was found.

    Parameters
    ----------
    found
        A result.

    Raises
    ------
    InputError
        If it is `NotApplicable`, with its reason.
    """
    if isinstance(found, NotApplicable):
        raise InputError(found.reason)
    return found
