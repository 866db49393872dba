"""The role of the lock-in amplifier, which measures the harmonics of an alternating voltage."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple, Protocol

import pydantic

from mtjlab.instruments.roles.role import GuardedSetting, NullInstrument, OutputRole, Role
from mtjlab.instruments.safety.guard import Switched
from mtjlab.instruments.safety.setting_value import finite_number, whole_number
from mtjlab.instruments.settings.role_settings import RoleSettings

__all__ = ["LOCK_IN", "GuardedLockIn", "LockIn", "LockInReading", "LockInSettings"]


class LockInReading(NamedTuple):
    """What a lock-in shows of one harmonic: rms values against its reference."""

    x: float
    """In phase [V]."""
    y: float
    """A quarter of a period ahead [V]."""

    @property
    def amplitude(self) -> float:
        """Amplitude R = √(X² + Y²) [V], rms."""
        return math.hypot(self.x, self.y)

    @property
    def phase(self) -> float:
        """Phase θ = atan2(Y, X) [rad]."""
        return math.atan2(self.y, self.x)


class LockIn(OutputRole, Protocol):
    """What a procedure may ask of a lock-in amplifier.

    Its reference is its own oscillator or a signal of others, such as the phase marker of a current source. Its output
    is that oscillator's: where the bench connects it to the device, through a resistor, it drives the current.

    Examples
    --------
    >>> lock_in.set_reference(None)             # doctest: +SKIP
    >>> lock_in.set_harmonic(2)                 # doctest: +SKIP
    >>> lock_in.read()                          # doctest: +SKIP
    LockInReading(x=-1.2e-09, y=3.41e-06)
    """

    def set_reference(self, frequency: float | None) -> None:
        """Choose the reference.

        Parameters
        ----------
        frequency
            Frequency of its own oscillator [Hz]; None follows the reference input.
        """

    def reference_frequency(self) -> float:
        """Give the frequency of the reference [Hz]."""

    def set_harmonic(self, harmonic: int) -> None:
        """Detect at a multiple of the reference's frequency.

        Parameters
        ----------
        harmonic
            1 for the fundamental, 2 for twice the frequency.
        """

    def set_time_constant(self, seconds: float) -> None:
        """Choose the shortest time constant of the output filter that is at least so long.

        Parameters
        ----------
        seconds
            Time constant [s].
        """

    def time_constant(self) -> float:
        """Give the time constant of the output filter [s]."""

    def settling_time(self) -> float:
        """Give the time [s] after which a change has reached the reading to a millionth."""

    def set_sensitivity(self, voltage: float) -> None:
        """Choose the smallest full scale that holds a voltage.

        Parameters
        ----------
        voltage
            Largest voltage that is to be read [V], rms.
        """

    def set_phase(self, phase: float) -> None:
        """Set the phase of the reference.

        Parameters
        ----------
        phase
            Phase [rad].
        """

    def set_amplitude(self, voltage: float) -> None:
        """Set the amplitude of its own oscillator.

        Parameters
        ----------
        voltage
            Voltage [V], rms.
        """

    def read(self) -> LockInReading:
        """Take one reading, of the filter's output as it is now.

        Raises
        ------
        InstrumentError
            If input, filter or output are overloaded, or if the reference is not locked.
        """

    def switch_on(self) -> None:
        """Let the oscillator drive its output."""

    def switch_off(self) -> None:
        """Bring the oscillator's output to zero, or to the least that the instrument has."""


class LockInSettings(RoleSettings):
    """A lock-in amplifier and what it is connected to."""

    contacts: Literal["longitudinal", "transverse"] = "longitudinal"
    """Contacts of the device that its input is connected to: those along a bar or those across it."""
    series_resistance: float | None = pydantic.Field(default=None, gt=0)
    """Resistance between the oscillator's output and the device [Ω]; left out, the oscillator is not connected."""


class GuardedLockIn(Switched):
    """A lock-in amplifier behind the interlock; see `LockIn` for the methods."""

    plays = LockIn
    read: Callable[[], LockInReading]
    time_constant: Callable[[], float]
    settling_time: Callable[[], float]
    reference_frequency: Callable[[], float]

    def set_reference(self, frequency: float | None) -> None:
        """Choose the reference: a frequency of its own, or that of the reference input."""
        allowed = "give hertz, or None for the reference input"
        self._instrument.set_reference(None if frequency is None else finite_number("frequency", frequency, allowed))

    def set_harmonic(self, harmonic: int) -> None:
        """Detect at a multiple of the reference's frequency."""
        self._instrument.set_harmonic(whole_number("harmonic", harmonic, 1))

    def set_time_constant(self, seconds: float) -> None:
        """Choose the shortest time constant of the output filter that is at least so long."""
        self._instrument.set_time_constant(finite_number("time constant", seconds, "give seconds"))

    def set_sensitivity(self, voltage: float) -> None:
        """Choose the smallest full scale that holds a voltage."""
        self._instrument.set_sensitivity(finite_number("sensitivity", voltage, "give volts"))

    def set_phase(self, phase: float) -> None:
        """Set the phase of the reference."""
        self._instrument.set_phase(finite_number("phase", phase, "give radians"))

    def set_amplitude(self, voltage: float) -> None:
        """Check the current that the oscillator would drive, then set its amplitude."""
        voltage = self._interlock.currents.oscillator(self._role, voltage)
        with self._making("amplitude"):
            self._instrument.set_amplitude(voltage)

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give the peak of the current that the oscillator drives."""
        resistance = self._interlock.currents.oscillator_resistance(self._role)
        peak = math.sqrt(2) * float(settings.get("sine_voltage", 0.0)) / resistance
        yield "oscillator current", peak, self._interlock.limits.current, "A"


class NullLockIn(NullInstrument):
    """Null twin of a lock-in amplifier: it settles at once."""

    @staticmethod
    def settling_time() -> float:
        """Give no time at all [s]."""
        return 0.0


LOCK_IN = Role(
    name="lock_in",
    about="Measures the harmonics of an alternating voltage.",
    guard=GuardedLockIn,
    safe_order=35,
    settings=LockInSettings,
    also_held=("current", "current_density"),
    guarded=(GuardedSetting("amplitude", "set_amplitude", known_when_opened=True, before_on=True),),
    null=NullLockIn,
    example={"driver": "sr830", "resource": "GPIB0::8::INSTR"},
)
