"""The role of the instrument that reads small voltages."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["Nanovoltmeter"]


class Nanovoltmeter(Protocol):
    """What a procedure may ask of a nanovoltmeter.

    Examples
    --------
    >>> voltmeter.set_integration(1.0)          # doctest: +SKIP
    >>> voltmeter.read()                        # doctest: +SKIP
    0.0123456
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a read in power line cycles."""

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over, on these mains."""

    def set_range(self, voltage: float | None) -> None:
        """Set the range that holds a voltage [V]; None lets the instrument choose."""

    def read(self) -> float:
        """Take one reading [V]."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
