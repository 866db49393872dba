"""The role of the instrument that reads small voltages."""

from collections.abc import Callable
from typing import Protocol

from mtjlab.instruments.roles.role import InstrumentRole, NullInstrument, Role
from mtjlab.instruments.safety.guard import Guarded
from mtjlab.instruments.safety.mains import shortest_integration
from mtjlab.instruments.safety.setting_value import finite_number, whole_number

__all__ = ["NANOVOLTMETER", "Nanovoltmeter", "GuardedNanovoltmeter"]


class Nanovoltmeter(InstrumentRole, Protocol):
    """What a procedure may ask of a nanovoltmeter.

    Examples
    --------
    >>> voltmeter.set_integration(1.0)          # doctest: +SKIP
    >>> voltmeter.read()                        # doctest: +SKIP
    0.0123456
    """

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a read in power line cycles.

        Parameters
        ----------
        cycles
            Power line cycles.
        """

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over, on these mains.

        Parameters
        ----------
        cycles
            Power line cycles.
        """

    def set_range(self, voltage: float | None) -> None:
        """Set the range that holds a voltage [V]; None lets the instrument choose.

        Parameters
        ----------
        voltage
            Largest voltage that is to be read [V]; None for a range that the instrument chooses.
        """

    def set_channel(self, channel: int) -> None:
        """Read another pair of contacts from now on; a driver need not have this.

        Parameters
        ----------
        channel
            1 for the contacts along a bar, as at first, or 2 for those across it.
        """

    def read(self) -> float:
        """Take one reading [V].

        Returns
        -------
        float
            The voltage [V].
        """


class GuardedNanovoltmeter(Guarded):
    """A nanovoltmeter; it has no output, and only its loss matters to the bench."""

    plays = Nanovoltmeter
    optional = frozenset({"set_channel"})
    read: Callable[[], float]
    integration_time: Callable[[float], float]

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a read in power line cycles."""
        self._instrument.set_integration(finite_number("integration", cycles, "give power line cycles"))

    def set_range(self, voltage: float | None) -> None:
        """Set the range that holds a voltage [V]; None lets the instrument choose."""
        allowed = "give volts, or None for the instrument to choose"
        self._instrument.set_range(None if voltage is None else finite_number("range", voltage, allowed))

    def set_channel(self, channel: int) -> None:
        """Read another pair of contacts from now on."""
        self._instrument.set_channel(whole_number("channel", channel, 1))


class NullNanovoltmeter(NullInstrument):
    """Null twin of a nanovoltmeter."""

    integration_time = staticmethod(shortest_integration)


NANOVOLTMETER = Role(
    name="nanovoltmeter",
    about="Reads small voltages.",
    guard=GuardedNanovoltmeter,
    safe_order=40,
    null=NullNanovoltmeter,
    example={"driver": "keithley2182", "resource": "GPIB0::7::INSTR"},
)
