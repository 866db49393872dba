"""The role of the supply that makes a magnetic field at the device."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["Coil"]


class Coil(Protocol):
    """What a procedure may ask of a coil and its supply.

    A bench may have two: ``coil`` in the plane of the junction, along the axis about which its magnetisation
    precesses, and ``perpendicular_coil`` along the film normal.

    Examples
    --------
    >>> coil.switch_on()                        # doctest: +SKIP
    >>> coil.set_field(25.5e-3)                 # doctest: +SKIP
    >>> coil.field()                            # doctest: +SKIP
    0.0255
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def set_field(self, field: float) -> None:
        """Ramp to a field [T], come back when it is there, and read the supply's level back."""

    def field(self) -> float:
        """Field [T] that the supply's present level makes; 0 with the output off."""

    def set_limit(self, field: float) -> None:
        """Set the supply's own limit as a backstop [T], where it has one."""

    def switch_on(self) -> None:
        """Connect the output, at zero field."""

    def switch_off(self) -> None:
        """Ramp to zero field, then disconnect the output."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument; its ``output`` says whether the output is on, True or False."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
