"""The role of the switch that connects one of several junctions to the bench."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["Multiplexer"]


class Multiplexer(Protocol):
    """What a procedure may ask of a multiplexer: several junctions in turn.

    Examples
    --------
    >>> multiplexer.junctions                   # doctest: +SKIP
    ('A1', 'A2', 'A3')
    >>> multiplexer.select("A2")                # doctest: +SKIP
    >>> multiplexer.selected()                  # doctest: +SKIP
    'A2'
    """

    @property
    def junctions(self) -> tuple[str, ...]:
        """Names of the junctions, as the bench file gives them."""

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def select(self, junction: str) -> None:
        """Disconnect whatever is connected, connect one junction, and read back what is closed."""

    def selected(self) -> str | None:
        """Name of the junction that is connected, if one is."""

    def switch_off(self) -> None:
        """Disconnect all junctions."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
