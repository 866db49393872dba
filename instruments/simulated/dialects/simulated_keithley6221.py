"""A simulated Keithley 6221: a steady current through the device, a waveform, or the delta modes with a 2182."""

import itertools

from mtjlab.instruments.simulated.bar_wiring import Sine
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.keithley6221_delta import COMPLIANCE, LARGEST, DeltaModes
from mtjlab.instruments.simulated.dialects.keithley_common import enter_keithley_system
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_number
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedKeithley6221"]

PHASE_MARKER = ":SOURce:WAVE:PMARk:STATe"
"""Key of the setting that lets a waveform mark its phase on a trigger line."""
MOST_POINTS = 100
"""Points that one message adds to an arbitrary waveform."""
MOST_CYCLES = 1000
"""Cycles of a waveform that are sent through the device at most; more would keep the bench busy."""
RAMP = [-1 + 2 * (step + 0.5) / 20 for step in range(20)]
"""Steps that stand for a ramp."""


class SimulatedKeithley6221(ScpiInstrument):
    """The current source, wired across the device.

    Parameters
    ----------
    context
        What the bench gives it.
    """

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("KEITHLEY INSTRUMENTS INC.,MODEL 6221,0000000,D03  /700x", context.wiring.clock)
        self._wiring, self._bar = context.wiring, context.bar
        self._shape: list[float] = []
        self._stored: dict[int, list[float]] = {}
        self._armed = False
        self.switch(":OUTPut[:STATe]", False, key="output")
        self.switch(":OUTPut:LTEarth", False)
        self.choice(":OUTPut:ISHield", "OLOW", ("OLOW", "GUARd"))
        self.number(":SOURce:CURRent[:LEVel][:IMMediate][:AMPLitude]", 0.0, -LARGEST, LARGEST, key="current")
        self.number(":SOURce:CURRent:COMPliance", 10.0, 0.1, 105.0, key="compliance")
        self.number(":SOURce:CURRent:RANGe", LARGEST, -LARGEST, LARGEST, key="range")
        self.switch(":SOURce:CURRent:RANGe:AUTO", False, key="range_auto")
        self.number(":SOURce:DELay", 1e-3, 1e-3, 999999.999)
        self._enter_waveforms()
        for layer in ("ARM", "TRIGger"):
            self.choice(f":{layer}:SOURce", "IMMediate", ("IMMediate", "BUS", "TIMer", "TLINk"))
        self.number(":ARM:TIMer", 0.1, 1e-3, 99999.99)
        for layer in ("ARM", "TRIGger"):
            for lines in ("ILINe", "OLINe"):
                self.number(f":{layer}:{lines}", 1 if lines == "ILINe" else 2, 1, 6, integer=True)
            self.choice(f":{layer}:OUTPut", "NONE", ("NONE", "SOURce", "DELay", "TENTer", "TEXit"))
        self.action(":SOURce:CLEar[:IMMediate]", self._clear)
        self._delta = DeltaModes(self, context, self._refuse_wave)
        self.action(":SOURce:SWEep:ABORt", self._disarm)
        enter_keithley_system(self)

    def _clear(self) -> None:
        self.settings["output"], self.settings["current"] = False, 0.0
        self.changed("output")

    def _enter_waveforms(self) -> None:
        wave = ":SOURce:WAVE"
        shapes = ("SINusoid", "RAMP", "SQUare", "ARBitrary0", "ARB1", "ARB2", "ARB3", "ARB4")
        self.choice(f"{wave}:FUNCtion", "SINusoid", shapes, key="wave")
        self.number(f"{wave}:FREQuency", 1e3, 1e-3, 1e5, key="frequency", unit="HZ")
        self.number(f"{wave}:AMPLitude", 1e-3, 2e-12, LARGEST, key="amplitude")
        self.number(f"{wave}:OFFSet", 0.0, -LARGEST, LARGEST, key="offset")
        self.number(f"{wave}:DCYCle", 50.0, 0.0, 100.0, key="duty")
        self.number(f"{wave}:DURation:TIME", 9.9e37, 100e-9, 9.9e37, key="time")
        self.number(f"{wave}:DURation:CYCLes", 9.9e37, 1e-3, 9.9e37, key="cycles")
        self.choice(f"{wave}:RANGing", "BEST", ("BEST", "FIXed"))
        self.command(f"{wave}:ARBitrary:DATA", self._set_shape)
        self.command(f"{wave}:ARBitrary:APPend", lambda words: self._set_shape(words, append=True))
        self.query(f"{wave}:ARBitrary:POINts", lambda: str(len(self._shape)))
        self.command(f"{wave}:ARBitrary:COPY", self._copy)
        self.switch(PHASE_MARKER, False)
        self.number(f"{wave}:PMARk[:LEVel]", 180.0, 0.0, 360.0)
        self.number(f"{wave}:PMARk:OLINe", 3, 1, 6, integer=True)
        self.action(f"{wave}:ARM", self._arm)
        self.action(f"{wave}:INITiate", self._start)
        self.action(f"{wave}:ABORt", self._disarm)

    def changed(self, key: str) -> None:
        """Let the current follow; a fixed range ends the automatic one."""
        self._delta.changed(key)
        if key == "range":
            self.settings["range_auto"] = False
        elif key in ("time", "cycles"):
            # Each is the other times the frequency; the later one counts.
            self.settings["time" if key == "cycles" else "cycles"] = 9.9e37
        if key in ("output", "current", "compliance"):
            self._disarm(keep_output=True)
            self._drive()

    def reset(self) -> None:
        """Return to the settings of ``*RST``."""
        self._disarm()
        super().reset()

    def _drive(self) -> None:
        current = self.value("current") if self.settings["output"] else None
        limit = self.value("compliance")
        self._wiring.set_drive(current, limit)
        tripped = current is not None and abs(self._wiring.voltages(self._wiring.states(1), current, 0.0)[0]) > limit
        self.status.registers["MEASurement"].set(COMPLIANCE, bool(tripped))

    # the waveforms

    def _set_shape(self, words: list[str], *, append: bool = False) -> None:
        if not words:
            raise ScpiError(-109)
        if len(words) > MOST_POINTS:
            raise ScpiError(-223)
        values = [parse_number(word) for word in words]
        if any(not -1 <= value <= 1 for value in values):
            raise ScpiError(-222)
        self._shape = (self._shape + values if append else values)[: 1 << 16]

    def _copy(self, words: list[str]) -> None:
        place = int(self.one_number(words, 1, 4))
        if len(self._shape) < 2:
            raise ScpiError(-221)
        self._stored[place] = self._shape

    def _refuse_wave(self) -> None:
        if self._armed:
            raise ScpiError(-221)

    def _arm(self) -> None:
        if self._delta.armed:
            raise ScpiError(-221)
        name = str(self.settings["wave"])
        if name.startswith("ARB") and name[3:] in "1234" and int(name[3:]) not in self._stored:
            raise ScpiError(-221)
        if abs(self.value("offset")) + self.value("amplitude") > LARGEST:
            raise ScpiError(-221)
        self._armed = True

    def _start(self) -> None:
        if not self._armed:
            raise ScpiError(-211)
        cycles, period = self.value("cycles"), 1 / self.value("frequency")
        duration = self.value("time") if cycles >= 9.9e37 else cycles * period
        self.settings["output"] = True
        self._wiring.set_drive(self.value("offset"), self.value("compliance"))
        if self._bar is not None:
            self._send(cycles if duration < 9.9e37 else 9.9e37, period)
        # An endless waveform is over when it is aborted.
        self.begin(duration if duration < 9.9e37 else 0.0)

    def _send(self, cycles: float, period: float) -> None:
        """Send the waveform through the bar: a sine stays there, any other is a train of steps."""
        assert self._bar is not None
        amplitude, offset, limit = (self.value(key) for key in ("amplitude", "offset", "compliance"))
        peak = abs(offset) + amplitude
        register = self.status.registers["MEASurement"]
        register.set(COMPLIANCE, False)
        register.set(COMPLIANCE, peak * abs(self._bar.resistance) > limit)
        if self.settings["wave"] == "SIN":
            self._bar.sine = Sine(amplitude, 1 / period, "marker" if self.settings[PHASE_MARKER] else "none")
            return
        for _ in range(min(int(cycles), MOST_CYCLES)):
            for value, share in self._steps():
                self._bar.pulse(offset + amplitude * value, share * period, limit)

    def _steps(self) -> list[tuple[float, float]]:
        """Give the levels of one cycle of the waveform, each with its share of the period."""
        name = str(self.settings["wave"])
        if name == "SQU":
            share = self.value("duty") / 100
            return [(1.0, share), (-1.0, 1 - share)]
        shape = RAMP if name == "RAMP" else self._stored.get(int(name[3:] or 0), self._shape)
        return [(level, len(list(equal)) / len(shape)) for level, equal in itertools.groupby(shape)]

    def _disarm(self, *, keep_output: bool = False) -> None:
        if self._armed and not keep_output:
            self.settings["output"] = False
            self._wiring.set_drive(None)
        if self._armed and self._bar is not None:
            self._bar.sine = None
        self._delta.end()
        self._armed = False
        self.abort()
