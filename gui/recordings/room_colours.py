"""Colours that can be read on what the window has behind them."""

from __future__ import annotations

from typing import NamedTuple

from qtpy.QtGui import QPalette

__all__ = ["RoomColours"]

LIGHT, DARK = ("#b3362c", "#8a5a00"), ("#ff8f7d", "#e6b450")
"""On a light and on a dark window: the colour of what is wrong, and of what can be resumed."""


class RoomColours(NamedTuple):
    """Colours of the Recordings room, each ``#rrggbb``."""

    background: str
    """Behind lists and plots."""

    text: str
    """Of words and axes."""

    warning: str
    """Of what is wrong."""

    muted: str
    """Of what can be resumed."""

    @classmethod
    def of(cls, palette: QPalette) -> RoomColours:
        """Choose by what the system has, light or dark.

        Parameters
        ----------
        palette
            That of a widget.
        """
        behind, text = (palette.color(role) for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Text))
        return cls(behind.name(), text.name(), *(DARK if behind.lightness() < text.lightness() else LIGHT))
