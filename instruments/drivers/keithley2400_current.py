"""The Keithley 2400 as a source of current: pump and probe of a bar with two wires."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.safety.setting_value import toward_zero
from mtjlab.instruments.visa.answers import answered_number

__all__ = ["SHORTEST_READING", "CurrentSourcing"]

SHORTEST_READING = 0.01
"""Power line cycles of the reading that ends a pulse: the fewest there are."""
LARGEST = 1.05
"""Largest current [A]."""
COMPLIANCES = (2e-4, 210.0)
"""Smallest and largest voltage limit [V]."""
LONGEST = 999.9999
"""Longest source delay [s]."""


class CurrentSourcing(Adapter):
    """Currents and their pulses, for a driver of the 2400.

    Notes
    -----
    A pulse is one run of the trigger model with the output off before and after it (``:SOUR:CLE:AUTO ON``): the output
    goes on, the source delay passes, one reading of the least integration is taken, the output goes off. The source
    delay is the width less what the reading takes. So the group of arXiv:2002.09104 pulses with it.
    """

    mode = "voltage"
    """What is sourced."""
    level, limit, cycles = 0.0, 0.0, 1.0
    """Steady current [A], voltage limit [V], power line cycles of a reading."""

    def reading_duration(self, cycles: float) -> float:
        """Give the time [s] of a reading of so many cycles, at most."""
        raise NotImplementedError

    def fetch(self, query: str, count: int) -> NDArray[np.float64]:
        """Ask for readings, and refuse those of a limit."""
        raise NotImplementedError

    def set_current(self, current: float, compliance: float) -> None:
        """Source a steady current [A] up to a voltage [V], and read both back."""
        self._check_current(current, compliance)
        with self._talking():
            self.source("current")
            self._send_current(current, compliance)
        self.level = current
        self._refuse_errors("setting the current")

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Send one pulse of current [A] and width [s]; leave the output on at the steady current."""
        self._check_current(current, compliance)
        shortest = self.reading_duration(SHORTEST_READING)
        if not shortest <= width <= LONGEST:
            raise InputError(
                f"pulse width = {width:g} s: the 2400 gives {shortest:g} to {LONGEST:g} s, a reading's time at least"
            )
        driver, steady = self.driver, self.limit
        with self._talking():
            self.source("current")
            # Nothing of the pulse may be there before it begins.
            driver.source_enabled = False
            self._send_current(current, compliance)
            delay = toward_zero(width - shortest)
            driver.source_delay = delay
            self._confirm("pulse width", delay, driver.source_delay, "s, less the reading's time,", tolerance=2e-3)
            driver.current_nplc = SHORTEST_READING
            driver.auto_output_off_enabled = True
            self._refuse_errors("preparing a pulse")
            driver.write(":INIT")
            with self._patience(width):
                driver.ask("*OPC?")
            # What it read at the end of the pulse tells whether the pulse was what it was to be.
            self.fetch(":FETC?", 1)
            driver.auto_output_off_enabled = False
            driver.current_nplc = self.cycles
            driver.source_delay = 0.0
            self._send_current(self.level, steady or compliance)
            driver.source_enabled = True
        self._refuse_errors("sending a pulse")

    def source(self, mode: str) -> None:
        """Source a voltage or a current; where that is a change, the output is off afterwards."""
        if mode == self.mode:
            return
        driver: Any = self.driver
        driver.source_enabled = False
        driver.source_mode = mode
        measured, other = ("VOLT", "CURR") if mode == "current" else ("CURR", "VOLT")
        driver.write(f":SENS:FUNC:OFF '{other}'")
        driver.write(f":SENS:FUNC '{measured}'")
        driver.write(f":FORM:ELEM {measured}")
        self.mode = mode

    def _send_current(self, current: float, compliance: float) -> None:
        driver = self.driver
        driver.compliance_voltage = compliance
        driver.source_current = current
        self._confirm("compliance", compliance, driver.compliance_voltage, "V")
        self._confirm("current", current, driver.source_current, "A")
        self.limit = compliance

    def current_settings(self) -> dict[str, float | str]:
        """Read back what belongs to a source of current; nothing while a voltage is sourced."""
        if self.mode != "current":
            return {}
        return {
            "source_current": answered_number(self.driver.source_current),
            "compliance_voltage": answered_number(self.driver.compliance_voltage),
        }

    def _check_current(self, current: float, compliance: float) -> None:
        if not abs(current) <= LARGEST:
            raise InputError(f"current = {current:g} A: the 2400 gives {-LARGEST:g} to {LARGEST:g} A")
        low, high = COMPLIANCES
        if not low <= compliance <= high:
            raise InputError(f"compliance = {compliance:g} V: the 2400 takes {low:g} to {high:g} V")
