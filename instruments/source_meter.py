"""The role of the instrument that biases the device and reads its current."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Reading", "SourceMeter"]


class Reading(NamedTuple):
    """One reading of the device."""

    voltage: float
    """Bias [V]."""
    current: float
    """Current [A]."""


class SourceMeter(Protocol):
    """What a procedure may ask of a source-meter.

    Examples
    --------
    >>> meter.set_bias(0.05, compliance=1e-5)   # doctest: +SKIP
    >>> meter.switch_on()                       # doctest: +SKIP
    >>> meter.read()                            # doctest: +SKIP
    Reading(voltage=0.05, current=9.82e-07)
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Set the bias [V] and the largest current [A], and read both back."""

    def set_limit(self, compliance: float) -> None:
        """Set the largest current [A] as a backstop, before any bias is set."""

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a read in power line cycles."""

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over, on these mains."""

    def reading_duration(self, cycles: float) -> float:
        """Give the time [s] from one reading of so many cycles to the next: what the meter itself takes is in."""

    def read(self) -> Reading:
        """Take one reading."""

    def prepare_block(self, count: int, settle: float) -> None:
        """Set up the trigger model: `count` times trigger out, wait `settle` [s], read, store."""

    def start_block(self) -> None:
        """Start a prepared block and come back at once."""

    def fetch_block(self) -> NDArray[np.float64]:
        """Wait for the block and return its currents [A], shape (count,)."""

    def block_interval(self) -> float:
        """Give the time [s] from one reading to the next in the last block fetched, as the instrument measured it."""

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
