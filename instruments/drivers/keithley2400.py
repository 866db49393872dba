"""The Keithley 2400 as the source-meter: it biases, triggers the generator, reads and stores by itself."""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pymeasure.instruments.keithley import Keithley2400

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import ask_line_frequency
from mtjlab.instruments.drivers.keithley2400_current import CurrentSourcing
from mtjlab.instruments.instrument_error import ComplianceError, InstrumentError, OutOfStepError
from mtjlab.instruments.roles.source_meter import Reading, SourceMeterSettings
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["Keithley2400SourceMeter"]

START_BLOCK = ":TRAC:CLE;:TRAC:FEED SENS;:TRAC:FEED:CONT NEXT;:INIT;*OPC?;:SYST:ERR?"
LARGEST_BLOCK = 2500
"""Readings that the instrument's buffer holds."""
OVERFLOW = 9.9e37 * (1 - 1e-6)
"""What stands for a reading beyond the range, less what 32 bits round off."""
IN_COMPLIANCE = 0.999
"""Share of the compliance from which a reading is one of the limit and not of the device."""
OVERHEAD = 285e-6
"""What a reading takes beside integration [s], at most: 185 µs of the converter and 100 µs of the trigger (2400 series
user's manual, p. A-6 and A-8: one function, no automatic zero)."""
LONG_ENOUGH = 0.1
"""Duration of a block [s] from which its time stamps tell the interval to some per cent."""
OLD_SECOND, LAST_OLD_FIRMWARE = 0.9765625, 17
"""What the time stamps of firmware up to C17 call a second [s] (user's manual, p. 9-5)."""


class Keithley2400SourceMeter(CurrentSourcing):
    """A Keithley 2400 that sources a voltage and measures the current, or the other way round.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Line of the trigger link.

    Notes
    -----
    A block is one run of the trigger model: source event, trigger out to the generator, source delay,
    measurement, store; it comes back as one block of 32-bit floats, current only (all five elements as text
    take fifty times as long): ``#0``, the floats, a newline (user's manual, p. 18-48 to 18-50).
    """

    IDENTITIES = r"MODEL 24[0-4]\d"
    MODELS = "Keithley 2400 series (2400 to 2440)"

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        self._role = role
        self._wiring = wiring
        self._count = 0
        self._longest = 0.0
        self.cycles = 1.0
        self._settle, self._settles = 0.0, False
        self._line_frequency = 0.0
        self._bias = 0.0
        self._compliance = 1.05e-4
        super().__init__(self._connect(role), role.resource)
        with self._talking():
            self._set_up()

    def _connect(self, role: RoleSettings) -> Keithley2400:
        return Keithley2400(open_visa(role, self))

    def _set_up(self) -> None:
        driver = self.driver
        self._count = 0
        driver.source_enabled = False
        driver.reset()
        driver.source_mode = "voltage"
        self.mode, self.level, self.limit = "voltage", 0.0, 0.0
        if isinstance(self._role, SourceMeterSettings) and self._role.wires == 4:
            driver.wires = 4
        driver.write(":SENS:FUNC 'CURR'")
        driver.write(":FORM:ELEM CURR")
        driver.write(":FORM:DATA REAL,32")
        driver.write(":FORM:BORD SWAP")
        if not str(driver.ask(":FORM:BORD?")).strip().upper().startswith("SWAP"):
            raise InstrumentError(f"{self.resource} does not send its readings in the byte order that was asked for")
        driver.write(":TRAC:TST:FORM ABS")
        self._line_frequency = ask_line_frequency(driver, self.resource)
        # Reading the zero again before every measurement would double the time of a bit.
        driver.auto_zero_enabled = False
        driver.trigger_immediately()
        driver.disable_output_triggers()
        self._refuse_errors("setting up")

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Set the bias [V] and the largest current [A], and read both back."""
        driver = self.driver
        with self._talking():
            self.source("voltage")
            driver.compliance_current = compliance
            driver.source_voltage = voltage
            self._confirm("compliance", compliance, driver.compliance_current, "A")
            self._confirm("bias", voltage, driver.source_voltage, "V")
        self._bias = voltage
        self._compliance = compliance
        self._refuse_errors("setting the bias")

    def set_limit(self, compliance: float) -> None:
        """Set the largest current [A] as a backstop; its limit of the voltage begins at 20 V and helps no junction."""
        with self._talking():
            self.driver.compliance_current = compliance
            self._confirm("compliance", compliance, self.driver.compliance_current, "A")
        self._compliance = compliance
        self._refuse_errors("setting its limit")

    def set_integration(self, cycles: float) -> None:
        """Set the integration time in power line cycles, 0.01 to 10."""
        if not 0.01 <= cycles <= 10:
            raise InputError(f"integration = {cycles:g} power line cycles: the 2400 takes 0.01 to 10")
        with self._talking():
            self.driver.current_nplc = cycles
        self.cycles = cycles
        self._refuse_errors("setting the integration time")

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading of so many power line cycles integrates over, on these mains."""
        return cycles / self._line_frequency

    def reading_duration(self, cycles: float) -> float:
        """Give the time [s] from one reading of so many cycles to the next, at most."""
        return self.integration_time(cycles) + OVERHEAD

    def read(self) -> Reading:
        """Take one reading.

        Raises
        ------
        InstrumentError
            If the reading overflows.
        """
        with self._talking():
            # A single reading must not fire the generator.
            if self._count:
                self.driver.disable_output_triggers()
                self.driver.trigger_count = 1
                self._count = 0
            found = float(self.fetch(":READ?", 1)[0])
            return Reading(found, self.level) if self.mode == "current" else Reading(self._bias, found)

    def prepare_block(self, count: int, settle: float) -> None:
        """Set up the trigger model: `count` times trigger out, wait `settle` [s], read, store.

        Where no trigger line is wired nothing is triggered: the readings alone are taken.
        """
        if not 1 <= count <= LARGEST_BLOCK:
            raise InputError(f"block = {count} readings: the 2400 stores 1 to {LARGEST_BLOCK}")
        driver = self.driver
        with self._talking():
            driver.arm_source = "immediate"
            driver.trigger_source = "immediate"
            if self._wiring.trigger_line:
                driver.trigger_output_event = "source"
                driver.trigger_output_line = self._wiring.trigger_line
            else:
                driver.disable_output_triggers()
            driver.source_delay = settle
            driver.arm_count = 1
            driver.trigger_count = count
            # config_buffer(2500) of the driver silently sends 1024.
            driver.write(f":TRAC:POIN {count}")
        self._count, self._settle, self._settles = count, settle, False
        self._longest = count * (settle + self.reading_duration(self.cycles) + 1e-3)
        self._refuse_errors("preparing a block")

    def start_block(self) -> None:
        """Start a prepared block and come back at once."""
        if not self._count:
            raise InstrumentError("start_block was called before prepare_block")
        with self._talking():
            # *OPC? answers when the last reading is stored; its answer proves that this very line arrived, so that what
            # is fetched is no block of before.  Asking for errors in the same line saves the way there and back.
            self.driver.write(START_BLOCK)

    def fetch_block(self) -> NDArray[np.float64]:
        """Wait for the block and return its currents [A], shape (count,).

        Raises
        ------
        InstrumentError
            If the instrument reports an error, or if a reading overflows.
        """
        connection = self.driver.adapter
        with self._talking():
            with connection.patience(self._longest):
                complete, _, error = connection.read().strip().partition(";")
            if complete != "1" or not error:
                raise OutOfStepError(f"{complete!r} came instead of the end of a block")
            if not error.startswith(("0,", "+0,")):
                others = [error.replace('"', ""), *self.errors()]
                raise InstrumentError(f"{self.resource} reports, while taking a block: {'; '.join(others)}")
            currents = self.fetch(":TRAC:DATA?", self._count)
        if not self._settles:
            self._confirm_settling()
        return currents

    def _confirm_settling(self) -> None:
        """Hold the first block that was prepared against its settle time, where a block is long enough to tell.

        Notes
        -----
        The manual says (p. A-8) that the source delay is left out where the source's level stays as it is; pulses would
        come more often than the interlock has allowed.
        """
        wanted = self._settle + self.integration_time(self.cycles)
        if self._settle > OVERHEAD and self._count * wanted > LONG_ENOUGH:
            interval = self.block_interval()
            if interval < 0.9 * wanted:
                raise InstrumentError(
                    f"{self.resource} takes a reading every {interval:.3g} s, and settle = {self._settle:g} s asks for "
                    f"{wanted:.3g} s: the instrument leaves the delay out; ask for a settle time of 0 s"
                )
        self._settles = True

    def block_interval(self) -> float:
        """Give the time [s] from one reading to the next in the last block fetched, from its time stamps.

        Raises
        ------
        InstrumentError
            If the time stamps do not increase.

        Notes
        -----
        Stamps count from the first reading, in steps of 1 ms or so (user's manual, p. 9-4 and 9-5): the interval is the
        slope of a line through all of them.
        """
        count, driver = self._count, self.driver
        if count < 2:
            return self._settle + self.reading_duration(self.cycles)
        with self._talking():
            driver.write(":FORM:ELEM TIME")
            stamps = driver.adapter.query_block(":TRAC:DATA?", count)
            # Times must never be taken for readings.
            element = "VOLT" if self.mode == "current" else "CURR"
            driver.write(f":FORM:ELEM {element}")
            if str(driver.ask(":FORM:ELEM?")).strip().upper() != element:
                raise OutOfStepError("the readings' elements are not as they were set")
        interval = float(np.polynomial.Polynomial.fit(np.arange(count), stamps, 1).deriv()(0.0))
        if not interval > 0:
            raise InstrumentError(
                f"{self.resource}: the time stamps of a block do not increase ({interval:g} s a reading)"
            )
        firmware = re.search(r"\bC(\d+)\b", self.identify().rpartition(",")[2])
        return interval * (OLD_SECOND if firmware and int(firmware[1]) <= LAST_OLD_FIRMWARE else 1.0)

    def fetch(self, query: str, count: int) -> NDArray[np.float64]:
        """Ask for readings of what is not sourced, and refuse those of the range's end or the limit's."""
        values: NDArray[np.float64] = self.driver.adapter.query_block(query, count)
        largest = np.abs(values).max()
        if not largest < OVERFLOW:  # NaN too
            raise InstrumentError(
                f"{self.resource}: a reading overflows; is the device connected and the range large enough?"
            )
        sources_current = self.mode == "current"
        limit, unit, fault = (self.limit, "V", "open") if sources_current else (self._compliance, "A", "shorted")
        if largest >= limit * IN_COMPLIANCE:
            raise ComplianceError(
                f"{self.resource}: a reading is at the compliance of {limit:g} {unit}; is the device {fault}, or the "
                "compliance too small?"
            )
        return values

    def switch_on(self) -> None:
        """Connect the output."""
        with self._talking():
            self.driver.source_enabled = True
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Stop a block that runs and switch the output off; the driver's shutdown ramps for half a second first."""
        with self._talking():
            # In the middle of a block the instrument takes no other command than this one.
            self.driver.reset_trigger()
            self.driver.source_enabled = False

    def output_enabled(self) -> bool:
        """Whether the output is on."""
        with self._talking():
            return bool(self.driver.source_enabled)

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        driver = self.driver
        with self._talking():
            return {
                "output": str(bool(driver.source_enabled)),
                **self.current_settings(),
                "source_voltage": answered_number(driver.source_voltage),
                "compliance_current": answered_number(driver.compliance_current),
                "current_nplc": answered_number(driver.current_nplc),
                "line_frequency": self._line_frequency,
                "source_delay": answered_number(driver.source_delay),
                "trigger_count": answered_number(driver.trigger_count),
                "trigger_output_line": answered_number(driver.trigger_output_line),
            }
