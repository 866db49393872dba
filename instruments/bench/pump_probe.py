"""Pump and probe of a bar: pulses of current, and readings at a small one, by whatever instruments the bench has."""

from mtjlab.instruments.bench.bench import Bench
from mtjlab.instruments.instrument_error import missing_role
from mtjlab.instruments.roles.current_source import GuardedCurrentSource
from mtjlab.instruments.roles.nanovoltmeter import GuardedNanovoltmeter
from mtjlab.instruments.roles.source_meter import GuardedSourceMeter, Reading

__all__ = ["PumpProbe"]


class PumpProbe:
    """A current source with a nanovoltmeter, or a source-meter alone, as the pump and the probe of a bar.

    With a source-meter the reading is that of two wires: contacts and leads are in it.

    Parameters
    ----------
    bench
        Opened bench.
    compliance
        Largest voltage [V] of pulses and of readings.

    Raises
    ------
    InstrumentError
        If the bench has neither a source-meter nor a current source with a nanovoltmeter.

    Examples
    --------
    >>> from mtjlab.instruments.bench.opening import open_bench
    >>> with open_bench("simulated-bar-2400", seed=1) as bench:
    ...     probe = PumpProbe(bench, compliance=12.0)
    ...     probe.pulse(3e-3, 10e-3)
    ...     probe.hold(1e-4)
    ...     reading = probe.read()
    >>> round(reading.voltage / reading.current, -2)
    1300.0
    """

    def __init__(self, bench: Bench, compliance: float) -> None:
        self._bench, self._compliance, self._current = bench, compliance, 0.0
        self._source: GuardedCurrentSource | GuardedSourceMeter
        self._meter: GuardedNanovoltmeter | None = None
        if "current_source" in bench.roles and "nanovoltmeter" in bench.roles:
            self._source, self._meter = bench.current_source, bench.nanovoltmeter
        elif "source_meter" in bench.roles:
            self._source = bench.source_meter
        else:
            raise missing_role(bench.file, "nanovoltmeter" if "current_source" in bench.roles else "source_meter")

    @property
    def two_wire(self) -> bool:
        """Whether contacts and leads are part of the readings."""
        return self._meter is None

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over.

        Parameters
        ----------
        cycles
            Power line cycles.
        """
        meter = self._meter or self._source
        assert isinstance(meter, GuardedNanovoltmeter | GuardedSourceMeter)
        return meter.integration_time(cycles)

    def set_integration(self, cycles: float) -> None:
        """Set the integration time of a reading in power line cycles.

        Parameters
        ----------
        cycles
            Power line cycles.
        """
        meter = self._meter or self._source
        assert isinstance(meter, GuardedNanovoltmeter | GuardedSourceMeter)
        meter.set_integration(cycles)

    def hold(self, current: float) -> None:
        """Let a steady current [A] flow from now on.

        Parameters
        ----------
        current
            Current [A], of either sign.
        """
        self._source.set_current(current, self._compliance)
        self._source.switch_on()
        self._current = current

    def pulse(self, current: float, width: float) -> None:
        """Send one pulse of current [A] and width [s]; the steady current flows again after it.

        Parameters
        ----------
        current
            Current [A], of either sign.
        width
            Width [s].
        """
        self._source.send_pulse(current, width, self._compliance)

    def read(self) -> Reading:
        """Take one reading of the voltage under the steady current.

        Returns
        -------
        Reading
            Voltage [V] and the current [A] that the source was set to.

        Raises
        ------
        ComplianceError
            If the source-meter cannot drive the current: a contact is open.
        """
        if self._meter is None:
            assert isinstance(self._source, GuardedSourceMeter)
            return self._source.read()
        return Reading(self._meter.read(), self._current)

    def read_across(self) -> Reading:
        """Take one reading of the voltage across the bar, where the bench's nanovoltmeter has a channel for it.

        Returns
        -------
        Reading
            Voltage across the bar [V] and the current along it [A].

        Raises
        ------
        InstrumentError
            If there is none.
        """
        if self._meter is None:
            raise missing_role(self._bench.file, "nanovoltmeter")
        self._meter.set_channel(2)
        try:
            return Reading(self._meter.read(), self._current)
        finally:
            self._meter.set_channel(1)

    def switch_off(self) -> None:
        """Switch the source off."""
        self._source.switch_off()
