"""The role of the instrument that drives a current through a bar, steady or as a pulse."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["CurrentSource"]


class CurrentSource(Protocol):
    """What a procedure may ask of a current source.

    A pump-probe measurement pulses, then reads: `send_pulse`, then `set_current` with the small probe current and
    `Nanovoltmeter.read`.

    Examples
    --------
    >>> source.set_current(1e-4, compliance=2.0)             # doctest: +SKIP
    >>> source.switch_on()                                   # doctest: +SKIP
    >>> source.send_pulse(8e-3, width=50e-6, compliance=10)  # doctest: +SKIP
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def set_current(self, current: float, compliance: float) -> None:
        """Set the steady current [A] and the largest voltage [V], and read both back."""

    def set_limit(self, compliance: float) -> None:
        """Set the largest voltage [V] as a backstop, before any current is set."""

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Send one rectangular pulse of current [A] and width [s]; leave the output on at the steady current.

        Comes back when the pulse is over.
        """

    def switch_on(self) -> None:
        """Connect the output."""

    def switch_off(self) -> None:
        """Switch the output off, at once and without a ramp."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument; its ``output`` says whether the output is on, True or False."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
