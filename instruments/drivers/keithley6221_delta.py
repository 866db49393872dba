"""The delta and pulse-delta modes of a Keithley 6221, with a 2182 on its serial line and trigger link."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymeasure.instruments import Instrument
from pymeasure.instruments.keithley import Keithley6221
from pymeasure.instruments.validators import strict_range

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter, check_readback
from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["DeltaMeasuring", "Keithley6221WithPulseDelta"]

MOST = 65536
"""Most results of one measurement."""
SHORTEST_DELAY, LONGEST_DELAY = 0.0, 9999.999
"""Delay of delta [s]."""
PULSE_WIDTHS = (50e-6, 12e-3)
"""Widths of pulse delta [s]."""
APERTURE = 34e-6
"""Least time of the reading at the end of a pulse [s]: the longest source delay is so much less than the width."""
LEAST_DELAY = 16e-6
"""Least source delay of pulse delta [s]."""
CYCLES = (0.01, 60.0)
"""Integration times of the 2182, in power line cycles: up to a second."""
LARGEST_RANGE = 120.0
"""Largest range of the 2182's first channel [V]."""
LEAST_CYCLES = 5
"""Least interval of pulse delta, in power line cycles."""
ARMING = 10.0
"""Time that arming may take [s]: the source sets the 2182 up over its serial line."""
READING = 0.2
"""Time [s] that the 2182 may take for a reading, beside the delay, in the first estimate."""


class Keithley6221WithPulseDelta(Keithley6221):
    """PyMeasure's driver with what it lacks: pulse delta, and the serial line to the 2182."""

    pulse_delta_high = Instrument.control(
        ":SOUR:PDEL:HIGH?",
        ":SOUR:PDEL:HIGH %g",
        """Control the level of the pulses in A (float strictly from -0.105 to 0.105).""",
        validator=strict_range,
        values=[-0.105, 0.105],
    )

    pulse_delta_low = Instrument.control(
        ":SOUR:PDEL:LOW?",
        ":SOUR:PDEL:LOW %g",
        """Control the level between the pulses in A (float strictly from -0.105 to 0.105).""",
        validator=strict_range,
        values=[-0.105, 0.105],
    )

    pulse_delta_width = Instrument.control(
        ":SOUR:PDEL:WIDT?",
        ":SOUR:PDEL:WIDT %g",
        """Control the width of the pulses in s (float strictly from 50e-6 to 12e-3).""",
        validator=strict_range,
        values=[50e-6, 12e-3],
    )

    pulse_delta_source_delay = Instrument.control(
        ":SOUR:PDEL:SDEL?",
        ":SOUR:PDEL:SDEL %g",
        """Control the time from the edge of a pulse to its reading in s (float strictly from 16e-6 to 11.966e-3).""",
        validator=strict_range,
        values=[16e-6, 11.966e-3],
    )

    pulse_delta_count = Instrument.control(
        ":SOUR:PDEL:COUN?",
        ":SOUR:PDEL:COUN %d",
        """Control the number of pulses (integer strictly from 1 to 65536).""",
        validator=strict_range,
        values=[1, MOST],
    )

    pulse_delta_interval = Instrument.control(
        ":SOUR:PDEL:INT?",
        ":SOUR:PDEL:INT %d",
        """Control the time from pulse to pulse in power line cycles (integer strictly from 5 to 999999).""",
        validator=strict_range,
        values=[5, 999999],
    )

    pulse_delta_low_measurements = Instrument.control(
        ":SOUR:PDEL:LME?",
        ":SOUR:PDEL:LME %d",
        """Control the number of readings between pulses (integer strictly from 1 to 2).""",
        validator=strict_range,
        values=[1, 2],
    )

    pulse_delta_connected = Instrument.measurement(
        ":SOUR:PDEL:NVPR?",
        """Get whether a 2182A answers on the serial line (bool).""",
        cast=bool,
    )

    buffer_points_stored = Instrument.measurement(
        ":TRAC:POIN:ACT?",
        """Get the number of readings in the buffer (int).""",
        cast=int,
    )

    def pulse_delta_arm(self) -> None:
        """Arm pulse delta."""
        self.write(":SOUR:PDEL:ARM")

    def relay(self, message: str) -> str:
        """Send a message to the 2182A on the serial line, and give its answer where it is a question.

        Parameters
        ----------
        message
            What the 2182A is to receive, without double quotes.
        """
        self.write(f':SYST:COMM:SER:SEND "{message}"')
        return str(self.ask(":SYST:COMM:SER:ENT?")).strip() if "?" in message else ""


class DeltaMeasuring(Adapter):
    """The two delta modes, for the driver of the 6221."""

    running = ""
    """What was begun and must be ended before anything else: ``waveform`` or ``delta``; empty for nothing."""

    def check(self, current: float, compliance: float) -> None:
        """Refuse what the instrument does not give."""
        raise NotImplementedError

    def set_compliance(self, compliance: float) -> None:
        """Set the largest voltage [V] and read it back."""
        raise NotImplementedError

    def refuse_compliance(self, what: str) -> None:
        """Raise where the source was at its voltage limit."""
        raise NotImplementedError

    def restore_level(self) -> None:
        """Put the steady level back."""
        raise NotImplementedError

    def end_mode(self) -> None:
        """End a waveform or a delta mode that was begun: while one is armed, settings are refused."""
        running, self.running = self.running, ""
        if running == "waveform":
            self.driver.waveform_abort()
        elif running == "delta":
            self.driver.delta_abort()

    def set_linked_meter(self, cycles: float, voltage: float | None) -> None:
        """Set integration and range [V] of the linked 2182 over the serial line, and read the integration back."""
        if not CYCLES[0] <= cycles <= CYCLES[1]:
            raise InputError(
                f"integration = {cycles:g} power line cycles: the 2182 takes {CYCLES[0]:g} to {CYCLES[1]:g}"
            )
        if voltage is not None and not 0 <= voltage <= LARGEST_RANGE:
            raise InputError(f"range = {voltage:g} V: the 2182 takes 0 to {LARGEST_RANGE:g} V, or None")
        driver = self.driver
        with self._talking():
            self.end_mode()
            driver.relay(":SENS:CHAN 1")
            driver.relay(f":SENS:VOLT:NPLC {cycles:g}")
            driver.relay(":SENS:VOLT:RANG:AUTO ON" if voltage is None else f":SENS:VOLT:RANG {voltage:g}")
            taken = self._relayed(":SENS:VOLT:NPLC?")
        check_readback("integration", cycles, taken, "power line cycles")
        self._refuse_errors("setting up the linked 2182")

    def measure_delta(self, current: float, count: int, delay: float, compliance: float) -> NDArray[np.float64]:
        """Read the linked 2182 at both signs of a current [A], each `delay` [s] after its change."""
        self.check(current, compliance)
        self._check_count(count)
        if not SHORTEST_DELAY <= delay <= LONGEST_DELAY:
            raise InputError(f"delay = {delay:g} s: the 6221 takes {SHORTEST_DELAY:g} to {LONGEST_DELAY:g} s")
        driver = self.driver
        with self._talking():
            self._prepare(compliance, count, driver.delta_connected)
            driver.delta_high_source = abs(current)
            driver.delta_delay = delay
            driver.delta_cycles = count
            driver.delta_compliance_abort_enabled = True
            self._confirm("current", abs(current), driver.delta_high_source, "A")
            self._confirm("the other current", -abs(current), driver.delta_low_source, "A")
            self._confirm("delay", delay, driver.delta_delay, "s")
            values = self._measured(driver.delta_arm, count, (count + 2) * (delay + READING), "delta")
        self._refuse_errors("measuring in delta mode")
        return math.copysign(1.0, current) * values

    def measure_pulse_delta(
        self, current: float, width: float, count: int, interval: float, compliance: float
    ) -> NDArray[np.float64]:
        """Read the linked 2182 in pulses of a current [A] and a width [s], one each `interval` [s]."""
        self.check(current, compliance)
        self._check_count(count)
        low, high = PULSE_WIDTHS
        if not low <= width <= high:
            raise InputError(f"pulse width = {width:g} s: pulse delta of the 6221 takes {low:g} to {high:g} s")
        driver = self.driver
        with self._talking():
            # Rounded up, so that pulses come no more often than asked for.
            cycles = math.ceil(interval * self._line_frequency() * (1 - 1e-9))
            if not LEAST_CYCLES <= cycles <= 999999:
                raise InputError(
                    f"interval = {interval:g} s: pulse delta of the 6221 takes {LEAST_CYCLES} to 999999 line cycles"
                )
            self._prepare(compliance, count, driver.pulse_delta_connected)
            driver.pulse_delta_high = current
            driver.pulse_delta_low = 0.0
            driver.pulse_delta_width = width
            driver.pulse_delta_source_delay = max(LEAST_DELAY, min(width / 2, width - APERTURE))
            driver.pulse_delta_count = count
            driver.pulse_delta_interval = cycles
            driver.pulse_delta_low_measurements = 2
            self._confirm("pulse current", current, driver.pulse_delta_high, "A")
            self._confirm("current between the pulses", 0.0, driver.pulse_delta_low, "A")
            self._confirm("pulse width", width, driver.pulse_delta_width, "s")
            self._confirm("interval", cycles, driver.pulse_delta_interval, "power line cycles")
            values = self._measured(driver.pulse_delta_arm, count, count * interval, "pulse delta")
        self._refuse_errors("measuring in pulse-delta mode")
        return values

    def _line_frequency(self) -> float:
        """Ask the 2182 for the frequency of the mains [Hz], which the 6221 counts its intervals by."""
        return self._relayed(":SYST:LFR?")

    def _relayed(self, question: str) -> float:
        """Ask the 2182 for a number over the serial line."""
        answer = self.driver.relay(question)
        try:
            return float(answer)
        except ValueError:
            raise InstrumentError(_not_linked(self.resource)) from None

    def _prepare(self, compliance: float, count: int, linked: bool) -> None:
        if not linked:
            raise InstrumentError(_not_linked(self.resource))
        self.driver.source_enabled = False
        self.end_mode()
        self.set_compliance(compliance)
        self.driver.write(":FORM:ELEM READ")
        self.driver.write(f":TRAC:POIN {count}")

    def _measured(self, arm: Any, count: int, seconds: float, what: str) -> NDArray[np.float64]:
        """Arm, start, wait for so many results, end; give them."""
        driver = self.driver
        # From here on the output may be on, whatever comes.
        self.running = "delta"
        arm()
        with self._patience(ARMING):
            self._refuse_errors(f"arming {what}")
        _ = driver.measurement_events
        driver.delta_start()
        stored, waited = 0, 0.0
        while stored < count and waited < 2 * seconds + ARMING:
            self.wait(seconds / 2)
            waited += max(seconds / 2, 1e-3)
            found = int(driver.buffer_points_stored)
            if found == stored and waited > seconds + ARMING:
                break
            stored = found
        values = self._stored() if stored else np.empty(0)
        self.end_mode()
        driver.source_enabled = False
        self.refuse_compliance(f"the current of {what}")
        self.restore_level()
        if len(values) < count or not np.abs(values).max() < OVERFLOW:
            raise InstrumentError(
                f"{self.resource}: {len(values)} of {count} results came in {what}, or one overflows; are the trigger "
                "link and the 2182's range right?"
            )
        return values

    def _stored(self) -> NDArray[np.float64]:
        """Fetch what is in the buffer, readings only."""
        answer = str(self.driver.ask(":TRAC:DATA?"))
        try:
            return np.array(answer.split(","), float)
        except ValueError:
            raise InstrumentError(
                f"{self.resource} sent an unexpected answer ({answer[:40]!r}) instead of results"
            ) from None

    @staticmethod
    def _check_count(count: int) -> None:
        if not 1 <= count <= MOST:
            raise InputError(f"count = {count}: the 6221 stores 1 to {MOST} results")


OVERFLOW = 9.9e37


def _not_linked(resource: str) -> str:
    return (
        f"{resource}: no 2182 answers on the 6221's serial line: connect RS-232 (19200 baud) and trigger link, and "
        "choose RS-232 in the 2182's menu"
    )
