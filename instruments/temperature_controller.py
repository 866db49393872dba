"""The role of the instrument that reads and holds the temperature of the device."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["TemperatureController"]


class TemperatureController(Protocol):
    """What a procedure may ask of a temperature controller.

    Examples
    --------
    >>> controller.set_temperature(310.0)       # doctest: +SKIP
    >>> controller.switch_on()                  # doctest: +SKIP
    >>> controller.temperature()                # doctest: +SKIP
    309.87
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def temperature(self) -> float:
        """Temperature at the device [K]."""

    def set_temperature(self, temperature: float) -> None:
        """Set the temperature to be held [K] and read it back; comes back at once."""

    def switch_on(self) -> None:
        """Let the heater hold the set temperature."""

    def switch_off(self) -> None:
        """Switch the heater off."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument; its ``output`` says whether the output is on, True or False."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
