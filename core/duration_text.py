"""Durations and sizes, as people say them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from mtjlab.core.value_text import show_value

__all__ = ["show_bytes", "show_duration", "show_end"]

_MOST_DAYS = 10_000
"""Days beyond which no date is told."""


def show_duration(seconds: float | None) -> str:
    """Show a duration by its two largest parts.

    Parameters
    ----------
    seconds
        Duration [s]; None where it is not known.

    Returns
    -------
    str
        Such as ``1 h 7 min``; ``unknown`` where it is not known.

    Examples
    --------
    >>> [show_duration(each) for each in (0.0351, 12.3, 65, 4020, 200_000, None)]
    ['35 ms', '12 s', '1 min 5 s', '1 h 7 min', '2 d 7 h', 'unknown']
    """
    if seconds is None or not math.isfinite(seconds):
        return "unknown"
    if abs(seconds) < 9.95:
        return show_value(float(f"{seconds:.2g}"), "s")
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 else ""
    if whole < 60:
        return f"{sign}{whole} s"
    size, name = (60, "min") if whole < 3600 else (3600, "h") if whole < 86400 else (86400, "d")
    return sign + _two(whole, size, name)


def show_end(seconds: float | None, now: datetime | None = None) -> str:
    """Show how long something takes, and when it ends.

    Parameters
    ----------
    seconds
        Duration [s]; None where it is not known.
    now
        Beginning; by default now.

    Returns
    -------
    str
        Such as ``1 h 7 min, until 17:26``; below a minute the duration alone.

    Examples
    --------
    >>> show_end(4020, datetime(2026, 12, 1, 16, 19)), show_end(200_000, datetime(2026, 12, 1, 16, 19))
    ('1 h 7 min, until 17:26', '2 d 7 h, until 2026-12-03 23:52')
    """
    said = show_duration(seconds)
    if seconds is None or not 60 <= seconds < _MOST_DAYS * 86400:
        return said
    now = now or datetime.now()
    end = now + timedelta(seconds=seconds)
    return f"{said}, until {end:%H:%M}" if end.date() == now.date() else f"{said}, until {end:%Y-%m-%d %H:%M}"


def show_bytes(size: float | None) -> str:
    """Show a size by three digits.

    Parameters
    ----------
    size
        Size [bytes]; None where it is not known.

    Returns
    -------
    str
        Such as ``1.23 MB``; ``unknown`` where it is not known.

    Examples
    --------
    >>> show_bytes(999), show_bytes(1_234_567), show_bytes(None)
    ('999 B', '1.23 MB', 'unknown')
    """
    if size is None or not math.isfinite(size):
        return "unknown"
    for unit in ("B", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB" if size < 1000 else f"{size:,.0f} TB"


def _two(whole: int, size: int, name: str) -> str:
    """Say a duration in one part, and what is left of it in the next smaller one."""
    below, next_name = {60: (1, "s"), 3600: (60, "min"), 86400: (3600, "h")}[size]
    large, rest = divmod(whole, size)
    small = rest // below
    return f"{large:,} {name} {small} {next_name}" if small else f"{large:,} {name}"
