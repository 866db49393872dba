"""Text that came from a file, made fit to be shown: nothing in it acts on the page."""

import re
from datetime import UTC, datetime
from typing import Any

__all__ = ["shown", "shown_time"]

_UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of what follows, and halves of characters; not tab and new line."""


def shown(value: Any) -> Any:
    """Replace what cannot be shown; tags and quotes are the template's to escape.

    Parameters
    ----------
    value
        What a template is about to write.

    Returns
    -------
    Any
        Text with U+FFFD for each such character; anything else as it is.
    """
    # Markup (a subclass of str) is the template's own.
    return _UNSHOWN.sub("\ufffd", value) if type(value) is str else value


def shown_time(text: str) -> str:
    """Shorten a time for a table, to the minute.

    Parameters
    ----------
    text
        ISO 8601; other text stays as it is.

    Returns
    -------
    str
        Date and time, UTC.

    Examples
    --------
    >>> shown_time("2026-12-01T10:18:48.120+00:00"), shown_time("yesterday")
    ('2026-12-01 10:18', 'yesterday')
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat(sep=" ", timespec="minutes")[:16]
    except ValueError:
        return text
