"""The Keithley 2182 as the nanovoltmeter."""

from collections.abc import Mapping

from pymeasure.instruments.keithley import Keithley2182

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter, ask_line_frequency
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["Keithley2182Nanovoltmeter"]

OVERFLOW = 9.9e37
LARGEST = {1: 120.0, 2: 12.0}
"""Largest range of each channel [V]."""


class Keithley2182Nanovoltmeter(Adapter):
    """A Keithley 2182, of which one channel is read at a time, at first channel 1."""

    IDENTITIES = r"MODEL 2182A?,"
    MODELS = "Keithley 2182 and 2182A"

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        self._line_frequency, self._channel = 0.0, 1
        super().__init__(Keithley2182(open_visa(role, self)), role.resource)
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        self.driver.write("*RST")
        self._line_frequency = ask_line_frequency(self.driver, self.resource)
        self.driver.ch_1.setup_voltage(nplc=1)
        self._channel = 1
        self._refuse_errors("setting up")

    def set_integration(self, cycles: float) -> None:
        """Set the integration time in power line cycles, 0.01 to 1 s worth of them, and read it back."""
        if not 0.01 <= cycles <= self._line_frequency:
            raise InputError(
                f"integration = {cycles:g} power line cycles: the 2182 takes 0.01 to {self._line_frequency:g}, a second"
            )
        with self._talking():
            self.driver.voltage_nplc = cycles
            self._confirm("integration", cycles, self.driver.voltage_nplc, "power line cycles")
        self._refuse_errors("setting the integration time")

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over, on these mains."""
        return cycles / self._line_frequency

    def set_range(self, voltage: float | None) -> None:
        """Set the range of the channel that holds a voltage [V]; None lets the instrument choose."""
        largest = LARGEST[self._channel]
        if voltage is not None and not 0 <= voltage <= largest:
            raise InputError(
                f"range = {voltage:g} V: channel {self._channel} of the 2182 takes 0 to {largest:g} V, or None "
                "for one that it chooses"
            )
        with self._talking():
            channel = self.driver.ch_1 if self._channel == 1 else self.driver.ch_2
            if voltage is None:
                channel.voltage_range_auto_enabled = True
            else:
                channel.voltage_range = voltage
        self._refuse_errors("setting the range")

    def set_channel(self, channel: int) -> None:
        """Read another channel from now on, 1 or 2, and read it back."""
        if channel not in LARGEST:
            raise InputError(f"channel = {channel}: the 2182 has 1 and 2")
        with self._talking():
            self.driver.active_channel = channel
            self._confirm("channel", channel, self.driver.active_channel, "by number")
        self._channel = channel
        self._refuse_errors("choosing the channel")

    def read(self) -> float:
        """Take one reading [V]."""
        with self._talking():
            voltage = answered_number(self.driver.voltage)
        if abs(voltage) >= OVERFLOW:
            raise InstrumentError(f"{self.resource}: the reading overflows; choose a larger range")
        return voltage

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        with self._talking():
            return {
                "voltage_nplc": answered_number(self.driver.voltage_nplc),
                "line_frequency": self._line_frequency,
                "voltage_range": answered_number(self.driver.ch_1.voltage_range),
                "voltage_range_auto": str(bool(self.driver.ch_1.voltage_range_auto_enabled)),
            }
