"""The role of the instrument that looks at the pulse itself."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Oscilloscope", "Waveform"]


class Waveform(NamedTuple):
    """One sweep."""

    start: float
    """Time of the first sample, from the trigger [s]."""
    interval: float
    """Time between samples [s]."""
    voltages: NDArray[np.float64]
    """Samples [V], shape (N,)."""
    clipped: bool
    """Whether some of them are at an end of the converter's range."""


class Oscilloscope(Protocol):
    """What a procedure may ask of an oscilloscope.

    Examples
    --------
    >>> scope.set_vertical(0.6)                 # doctest: +SKIP
    >>> scope.set_window(400e-9)                # doctest: +SKIP
    >>> scope.start()                           # doctest: +SKIP
    >>> generator.trigger()                     # doctest: +SKIP
    >>> scope.fetch().voltages.max()            # doctest: +SKIP
    0.5012
    """

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def set_vertical(self, largest: float) -> None:
        """Choose a range that holds voltages of either polarity up to this one [V]."""

    def set_window(self, duration: float) -> None:
        """Let the screen hold so much time [s], the trigger in its middle."""

    def start(self) -> None:
        """Wait for one trigger; come back when the instrument is ready for it."""

    def fetch(self) -> Waveform:
        """Give the sweep of the trigger that has come since `start`."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue."""

    def recover(self) -> None:
        """Make the connection anew after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""
