"""Numbers as people write them, where nothing may be guessed."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from mtjlab.core.errors import InputError

__all__ = ["exact_number"]

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?([eE][+-]?\d+)?")
_UNDERSCORES = re.compile(r"(?<=\d)_(?=\d)")


def exact_number(word: str) -> Decimal:
    """Read a number: ``5000000``, ``5_000_000``, ``5,000,000`` or ``5e6``.

    A comma stands between groups of three digits only: ``1,5e4`` is 15,000 to one reader and 150,000 to another.

    Parameters
    ----------
    word
        The text.

    Returns
    -------
    Decimal
        Exactly what is written; finite.

    Raises
    ------
    InputError
        If it is not a number, or a comma stands elsewhere.

    Examples
    --------
    >>> exact_number("1,500"), exact_number("5e3")
    (Decimal('1500'), Decimal('5E+3'))
    >>> exact_number("1,5e4")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mtjlab.core.errors.InputError: '1,5e4' has a comma: write a decimal point, and commas between groups of three...
    """
    text = _UNDERSCORES.sub("", word.strip())
    if "," in text:
        if not _GROUPED.fullmatch(text):
            raise InputError(
                f"{word!r:.60} has a comma: write a decimal point, and commas between groups of three digits only"
            )
        text = text.replace(",", "")
    try:
        if "_" in text:
            raise InvalidOperation
        number = Decimal(text)
    except InvalidOperation:
        raise InputError(f"{word!r:.60} is not a number") from None
    if not number.is_finite():
        raise InputError(f"{word!r:.60} is not a finite number")
    return number
