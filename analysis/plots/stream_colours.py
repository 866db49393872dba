"""Colours of the plots of a stream, for light and dark surroundings; colour-blind safe."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "StreamColours"]


@dataclass(frozen=True)
class StreamColours:
    """Colours as matplotlib takes them; the defaults are Okabe and Ito's on white."""

    background: str = "#ffffff"
    """Behind everything."""

    text: str = "#1a1a1a"
    """Of text and axes."""

    muted: str = "#6f7780"
    """Of guides, laws and labels that are not to stand out."""

    grid: str = "#e3e6ea"
    """Of grid lines."""

    first: str = "#0072b2"
    """Of what was measured; of zeros where ones are beside them."""

    second: str = "#d55e00"
    """Of ones, and of what is odd."""

    third: str = "#009e73"
    """Of the toggled junction's law."""


LIGHT = StreamColours()
"""On white."""

DARK = StreamColours(
    background="#16191d",
    text="#e8eaed",
    muted="#9aa3ad",
    grid="#31373e",
    first="#56b4e9",
    second="#ff9e4a",
    third="#3fd0a4",
)
"""On nearly black, each with a contrast of at least 4.5."""
