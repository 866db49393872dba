"""How a bar is contacted: a current source with a nanovoltmeter, or a source-meter alone."""

from typing import Protocol

from mtjlab.instruments import Bench, InstrumentError

__all__ = ["BarLeads", "FourPoint", "TwoWire", "leads_of"]

READING_OVERHEAD = 5e-3
"""Time [s] that a nanovoltmeter takes beside its integration, about."""


class BarLeads(Protocol):
    """Sends currents through the bar and reads its voltages."""

    def set_up(self, integration: float, largest: float) -> None:
        """Make the settings: integration time [power line cycles], largest current of a reading [A]."""

    def switch_on(self) -> None:
        """Switch the output on, with no current."""

    def voltage(self, current: float, *, transverse: bool = False) -> float:
        """Read the voltage along the bar, or across it, at a current [A]."""

    def rest(self) -> None:
        """Let no current flow."""

    def pulse(self, current: float, width: float) -> None:
        """Send one pulse [A], [s]; no current flows afterwards."""


class FourPoint:
    """A current source at the ends of the bar, a nanovoltmeter at its voltage contacts: channel 2 is across it.

    Parameters
    ----------
    bench
        Bench.
    compliance
        Largest voltage of the current source [V].
    """

    def __init__(self, bench: Bench, compliance: float) -> None:
        self._source, self._meter, self._compliance = bench.current_source, bench.nanovoltmeter, compliance
        self._channel: int | None = None

    def set_up(self, integration: float, largest: float) -> None:
        """Make the settings."""
        self._source.set_current(largest, self._compliance)
        self._source.set_current(0.0, self._compliance)
        self._meter.set_integration(integration)

    def switch_on(self) -> None:
        """Switch the output on, with no current."""
        self._source.set_current(0.0, self._compliance)
        self._source.switch_on()

    def voltage(self, current: float, *, transverse: bool = False) -> float:
        """Read a voltage [V] at a current [A]."""
        channel = 2 if transverse else 1
        if channel != self._channel:
            if transverse or self._channel is not None:
                self._meter.set_channel(channel)
            self._channel = channel
        self._source.set_current(current, self._compliance)
        return self._meter.read()

    def rest(self) -> None:
        """Let no current flow."""
        self._source.set_current(0.0, self._compliance)

    def pulse(self, current: float, width: float) -> None:
        """Send one pulse; no current flows afterwards."""
        self._source.set_current(0.0, self._compliance)
        self._source.send_pulse(current, width, self._compliance)


class TwoWire:
    """A source-meter alone, pump and probe in one; its leads and contacts are in the readings.

    Parameters
    ----------
    bench
        Bench.
    compliance
        Largest voltage [V].
    """

    def __init__(self, bench: Bench, compliance: float) -> None:
        self._meter, self._compliance = bench.source_meter, compliance

    def set_up(self, integration: float, largest: float) -> None:
        """Make the settings."""
        self._meter.set_current(largest, self._compliance)
        self._meter.set_current(0.0, self._compliance)
        self._meter.set_integration(integration)

    def switch_on(self) -> None:
        """Switch the output on, with no current."""
        self._meter.set_current(0.0, self._compliance)
        self._meter.switch_on()

    def voltage(self, current: float, *, transverse: bool = False) -> float:
        """Read a voltage [V] at a current [A]."""
        if transverse:
            raise InstrumentError(
                "a source-meter alone reads no voltage across the bar: use a bench with a current source and a "
                "nanovoltmeter"
            )
        self._meter.set_current(current, self._compliance)
        return self._meter.read().voltage

    def rest(self) -> None:
        """Let no current flow."""
        self._meter.set_current(0.0, self._compliance)

    def pulse(self, current: float, width: float) -> None:
        """Send one pulse; no current flows afterwards."""
        self._meter.set_current(0.0, self._compliance)
        self._meter.send_pulse(current, width, self._compliance)


def leads_of(bench: Bench, compliance: float) -> BarLeads:
    """Choose by what the bench has: a current source where there is one.

    Parameters
    ----------
    bench
        Bench.
    compliance
        Largest voltage [V].
    """
    return FourPoint(bench, compliance) if "current_source" in bench.roles else TwoWire(bench, compliance)
