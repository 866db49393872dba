"""The role of the instrument that looks at the pulse itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

import pydantic

from mtjlab.instruments.roles.role import InstrumentRole, Role
from mtjlab.instruments.safety.guard import Guarded
from mtjlab.instruments.safety.setting_value import finite_number
from mtjlab.instruments.settings.role_settings import RoleSettings

if TYPE_CHECKING:  # a bench file that is only read needs no arrays
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["OSCILLOSCOPE", "Oscilloscope", "Waveform", "GuardedOscilloscope", "OscilloscopeSettings"]

Positive = pydantic.PositiveFloat


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


class Oscilloscope(InstrumentRole, Protocol):
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

    def set_vertical(self, largest: float) -> None:
        """Choose a range that holds voltages of either polarity up to this one [V].

        Parameters
        ----------
        largest
            Largest voltage [V], of either polarity.
        """

    def set_window(self, duration: float) -> None:
        """Let the screen hold so much time [s], the trigger in its middle.

        Parameters
        ----------
        duration
            Time across the screen [s].
        """

    def start(self) -> None:
        """Wait for one trigger; come back when the instrument is ready for it."""

    def fetch(self) -> Waveform:
        """Give the sweep of the trigger that has come since `start`."""


class OscilloscopeSettings(RoleSettings):
    """An oscilloscope and where it looks."""

    channel: int = pydantic.Field(default=1, ge=1, le=4)
    """Channel that looks at the pulse."""
    position: Literal["beside", "instead"] = "beside"
    """Where it looks: ``beside`` the device, at its contacts, or ``instead`` of it, at the end of the cable."""
    impedance: Positive = 1e6
    """What it loads the line with, its own input, probe and feed-through terminator together [Ω]."""
    probe: Literal[1, 10, 100] = 1
    """Attenuation of its probe."""
    accuracy: float = pydantic.Field(default=0.005, ge=0, le=0.5)
    """Largest relative error of its vertical scale, by its data sheet."""
    trigger: str = pydantic.Field(default="EX5", pattern="^(EX|EX5|C[1-4])$")
    """Input that the generator's trigger output reaches: ``EX`` (up to 0.6 V), ``EX5`` (up to 3 V) or a channel."""
    trigger_level: float = 0.5
    """Voltage that makes a trigger; a negative one on the falling edge [V]."""


class GuardedOscilloscope(Guarded):
    """An oscilloscope; it only looks. See `Oscilloscope` for the methods."""

    plays = Oscilloscope
    start: Callable[[], None]
    fetch: Callable[[], Waveform]

    def set_vertical(self, largest: float) -> None:
        """Choose a range that holds voltages of either polarity up to this one [V]."""
        self._instrument.set_vertical(finite_number("range", largest, "give volts"))

    def set_window(self, duration: float) -> None:
        """Let the screen hold so much time [s], the trigger in its middle."""
        self._instrument.set_window(finite_number("window", duration, "give seconds"))


OSCILLOSCOPE = Role(
    name="oscilloscope",
    about="Looks at the pulses that reach the device.",
    guard=GuardedOscilloscope,
    safe_order=50,
    settings=OscilloscopeSettings,
    example={"driver": "siglentsds1000xhd", "resource": "TCPIP0::192.168.1.20::INSTR"},
)
