"""The delta and pulse-delta modes of a simulated Keithley 6221, with a 2182 on its serial line and trigger link."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.keithley_common import KeithleyBuffer
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_text
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["COMPLIANCE", "LARGEST", "DeltaModes"]

LARGEST = 0.105
"""Largest current [A]."""
COMPLIANCE = 1 << 3
"""Bit of the measurement condition register."""
ENDLESS = 9.9e37
POINTS = 65536
"""Readings that the buffer holds."""
APERTURE = 34e-6
"""Time that the 2182 needs within a pulse, after the source delay [s]."""


class DeltaModes:
    """The ``:SOURce:DELTa`` and ``:SOURce:PDELta`` commands, and the line to the 2182.

    Parameters
    ----------
    instrument
        Instrument whose commands are entered.
    context
        What the bench gives it.
    refuse_wave
        Raises `ScpiError` where a waveform is armed.

    Notes
    -----
    A delta result is (V1 − 2·V2 + V3)/4 of three readings in a row, with alternating sign (reference manual, section
    5); a pulse-delta result is the reading in the pulse less the mean of those before and after it. While a mode is
    armed, nothing but its start and its end is taken: -221; which number the instrument gives could not be looked up.
    """

    def __init__(self, instrument: ScpiInstrument, context: InstrumentContext, refuse_wave: Callable[[], None]) -> None:
        self._instrument, self._wiring, self._bar = instrument, context.wiring, context.bar
        self._refuse_wave = refuse_wave
        self.armed = ""
        """The mode that is armed, ``DELT`` or ``PDEL``; empty for none."""
        self._passed_on: list[bytes] = []
        self._enter_delta()
        self._enter_pulse_delta()
        instrument.action(":INITiate[:IMMediate]", self._start)
        instrument.number(":SOURce:SWEep:COUNt", 1, 1, ENDLESS)
        instrument.choice(":UNIT:VOLTage[:DC]", "V", ("V", "OHMS", "W", "SIEMens"))
        instrument.choice(":UNIT", "V", ("V", "OHMS", "W", "SIEMens"), key=":UNIT:VOLTage[:DC]")
        instrument.command(":SYSTem:COMMunicate:SERial:SEND", self._pass_on)
        instrument.query(":SYSTem:COMMunicate:SERial:ENTer", self._enter)
        self.buffer = KeithleyBuffer(instrument, ("READ",), POINTS, ":CALCulate2")

    def _enter_delta(self) -> None:
        instrument, delta = self._instrument, ":SOURce:DELTa"
        instrument.number(f"{delta}:HIGH", 1e-3, 0.0, LARGEST, key="delta_high")
        instrument.number(f"{delta}:LOW", -1e-3, -LARGEST, 0.0, key="delta_low")
        instrument.number(f"{delta}:DELay", 2e-3, 0.0, ENDLESS, key="delta_delay")
        instrument.number(f"{delta}:COUNt", ENDLESS, 1, ENDLESS, key="delta_count")
        instrument.switch(f"{delta}:CABort", False, key="delta_abort")
        instrument.switch(f"{delta}:CSWitch", False)
        self._enter_arm("DELTa", "DELT")

    def _enter_pulse_delta(self) -> None:
        instrument, pulse = self._instrument, ":SOURce:PDELta"
        instrument.number(f"{pulse}:HIGH", 1e-3, -LARGEST, LARGEST, key="pulse_high")
        instrument.number(f"{pulse}:LOW", 0.0, -LARGEST, LARGEST, key="pulse_low")
        instrument.number(f"{pulse}:WIDTh", 110e-6, 50e-6, 12e-3, key="pulse_width")
        instrument.number(f"{pulse}:SDELay", 16e-6, 16e-6, 11.966e-3, key="pulse_delay")
        instrument.number(f"{pulse}:COUNt", ENDLESS, 1, ENDLESS, key="pulse_count")
        instrument.number(f"{pulse}:INTerval", 5, 5, 999999, key="pulse_interval", integer=True)
        instrument.number(f"{pulse}:LMEasure", 2, 1, 2, key="pulse_lows", integer=True)
        instrument.choice(f"{pulse}:RANGing", "BEST", ("BEST", "FIXed"))
        instrument.switch(f"{pulse}:SWEep[:STATe]", False, key="pulse_sweep")
        self._enter_arm("PDELta", "PDEL")

    def _enter_arm(self, node: str, mode: str) -> None:
        instrument = self._instrument
        instrument.query(f":SOURce:{node}:NVPResent", lambda: str(int(self._wiring.voltmeter is not None)))
        instrument.action(f":SOURce:{node}:ARM", lambda: self._arm(mode))
        instrument.query(f":SOURce:{node}:ARM", lambda: str(int(self.armed == mode)))

    # the line to the 2182

    def _pass_on(self, words: list[str]) -> None:
        if len(words) != 1:
            raise ScpiError(-109 if not words else -108)
        message = parse_text(words[0])
        if self._wiring.voltmeter is None:
            return  # nobody listens
        answer = self._wiring.voltmeter.handle(message)
        if answer is not None:
            self._passed_on.append(answer)

    def _enter(self) -> bytes:
        return self._passed_on.pop(0) if self._passed_on else b""

    # the modes

    def changed(self, key: str) -> None:
        """Refuse settings while a mode is armed; a new high level of delta brings its low one along."""
        if self.armed and (key != "output" or self._instrument.settings["output"]):
            raise ScpiError(-221)
        if key == "delta_high":
            self._instrument.settings["delta_low"] = -self._instrument.value("delta_high")

    def _arm(self, mode: str) -> None:
        instrument = self._instrument
        self._refuse_wave()
        if self._wiring.voltmeter is None or self.armed:
            raise ScpiError(-221)
        if mode == "PDEL" and (
            instrument.settings["pulse_sweep"]
            or instrument.value("pulse_width") < instrument.value("pulse_delay") + APERTURE * (1 - 1e-9)
            or instrument.value("pulse_interval") / self._wiring.line_frequency <= instrument.value("pulse_width")
        ):
            raise ScpiError(-221)
        instrument.settings["output"] = False
        self._wiring.set_drive(None)
        self.armed = mode
        # Its readings go into the buffer without being told to.
        self.buffer.clear()
        instrument.settings["feed"] = "NEXT"

    def _start(self) -> None:
        instrument = self._instrument
        if not self.armed:
            raise ScpiError(-221)
        instrument.finish()
        instrument.settings["output"] = True
        delta = self.armed == "DELT"
        count = int(min(instrument.value("delta_count" if delta else "pulse_count"), instrument.value("points")))
        values, duration = self._delta(count) if delta else self._pulses(count)
        self._wiring.set_drive(None)
        if instrument.spoiled:
            values[-1] = ENDLESS
            instrument.spoiled = ""
        self.buffer.keep({"READ": values})
        instrument.begin(duration)

    def _delta(self, count: int) -> tuple[NDArray[np.float64], float]:
        instrument, wiring, voltmeter = self._instrument, self._wiring, self._wiring.voltmeter
        assert voltmeter is not None
        delay = instrument.value("delta_delay") if instrument.value("delta_delay") < ENDLESS else 0.0
        levels, limit = (instrument.value("delta_high"), instrument.value("delta_low")), instrument.value("compliance")
        if self._trips(max(levels, key=abs)) and instrument.settings["delta_abort"]:
            return np.empty(0), delay
        seen = np.empty(count + 2)
        for number in range(count + 2):
            wiring.set_drive(levels[number % 2], limit)
            seen[number] = voltmeter.measure(1, delay)[0]
        signs = np.where(np.arange(count) % 2, -1.0, 1.0)
        values = signs * (seen[:-2] - 2 * seen[1:-1] + seen[2:]) / 4
        return values, (count + 2) * (delay + voltmeter.interval)

    def _pulses(self, count: int) -> tuple[NDArray[np.float64], float]:
        instrument, wiring, voltmeter = self._instrument, self._wiring, self._wiring.voltmeter
        assert voltmeter is not None
        interval = instrument.value("pulse_interval") / wiring.line_frequency
        self._trips(instrument.value("pulse_high"))
        values = np.empty(count)
        for number in range(count):
            before, high, after = self._low(interval / 2), self._high(), self._low(interval / 2)
            values[number] = high - (before + after) / 2 if instrument.value("pulse_lows") == 2 else high - before
        return values, count * interval

    def _low(self, gap: float) -> float:
        """Read at the low level."""
        voltmeter = self._wiring.voltmeter
        assert voltmeter is not None
        self._wiring.set_drive(self._instrument.value("pulse_low") or None, self._instrument.value("compliance"))
        return float(voltmeter.measure(1, max(gap - voltmeter.interval, 0.0))[0])

    def _high(self) -> float:
        """Read in a pulse, after the source delay."""
        instrument, voltmeter = self._instrument, self._wiring.voltmeter
        assert voltmeter is not None
        high, width, limit = (instrument.value(key) for key in ("pulse_high", "pulse_width", "compliance"))
        aperture = max(width - instrument.value("pulse_delay"), APERTURE)
        if self._bar is not None:
            seen = self._bar.pulse_voltage(high, width, aperture, limit, "longitudinal")
        else:
            self._wiring.set_drive(high, limit)
            seen = float(
                self._wiring.driven(self._wiring.observe(1, width - aperture, aperture), 1 / (2 * aperture))[0]
            )
            self._wiring.set_drive(None)
        return seen + voltmeter.noise(aperture)

    def _trips(self, current: float) -> bool:
        """Tell whether a current takes more than the compliance, and say so in the measurement register."""
        wiring, limit = self._wiring, self._instrument.value("compliance")
        tripped = bool(abs(wiring.voltages(wiring.states(1), current, 0.0)[0]) > limit) if current else False
        register = self._instrument.status.registers["MEASurement"]
        register.set(COMPLIANCE, False)
        register.set(COMPLIANCE, tripped)
        return tripped

    def end(self) -> None:
        """Disarm, with the output off; nothing where no mode is armed."""
        if self.armed:
            self.armed = ""
            self._instrument.settings["output"] = False
            self._wiring.set_drive(None)
            self._instrument.abort()
