"""The role of the instrument that sends voltage pulses to the device."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["PulseGenerator"]


class PulseGenerator(Protocol):
    """What a procedure may ask of a pulse generator.

    Examples
    --------
    >>> generator.set_pulse(1.25, 10e-9)        # doctest: +SKIP
    >>> generator.arm_external()                # doctest: +SKIP
    >>> generator.switch_on()                   # doctest: +SKIP
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Set the pulse at the device: amplitude [V] and width at half maximum [s], and read both back."""

    def set_limit(self, amplitude: float) -> None:
        """Set the instrument's own limit [V] as a backstop, where it has one."""

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the trigger input."""

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""

    def trigger(self) -> None:
        """Send one pulse; come back when it has been sent."""

    def switch_on(self) -> None:
        """Connect the output."""

    def switch_off(self) -> None:
        """Disconnect the output, first of all and at once."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument; its ``output`` says whether the output is on, True or False."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
