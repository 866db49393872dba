"""A simulated Keithley 2400: sources, triggers the generator, reads, stores, sends."""

import functools
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.keithley2400_readings import ELEMENTS, OVERHEAD, TICK, Keithley2400Readings
from mtjlab.instruments.simulated.dialects.keithley_common import KeithleyBuffer, enter_keithley_system
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_word
from mtjlab.instruments.simulated.scpi.scpi_settings import short_form
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedKeithley2400", "enter_unused_settings"]

POINTS = 2500
"""Readings that the buffer holds."""
FUNCTIONS = {
    form: short
    for short, long in (("VOLT:DC", "VOLTAGE:DC"), ("CURR:DC", "CURRENT:DC"), ("RES", "RESISTANCE"))
    for form in (short, long, short.removesuffix(":DC"), long.removesuffix(":DC"))
}
STAMPS_END = 100_000.0
"""Where the time stamps begin again [s]: after 99,999.999."""
ALL = frozenset(FUNCTIONS.values())
IDLE, WAITING = 1 << 10, 1 << 6
"""Bits of the operation condition register."""


class SimulatedKeithley2400(ScpiInstrument):
    """The source-meter across the device: it sources a voltage or a current, and reads the other.

    Parameters
    ----------
    context
        What the bench gives it.

    Notes
    -----
    Words and trigger model after the Keithley 2400 series user's manual: arm, source, trigger out, delay, measure,
    store, `:TRIGger:COUNt` times.
    """

    measures = True
    identity = "KEITHLEY INSTRUMENTS INC.,MODEL 2400,0000000,C30 Mar 17 2006/A02"

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(self.identity, context.wiring.clock)
        self._wiring = context.wiring
        self._readings = Keithley2400Readings(self, context.wiring, context.seed)
        self._functions = {"CURR:DC"}
        self._armed = False
        self._drives = False
        self._started = 0.0
        self._enter_source()
        self._enter_sense()
        self._enter_triggers()
        self.buffer = KeithleyBuffer(self, ELEMENTS, POINTS, ":CALCulate3")
        self.query(":READ", self._read)
        for function in ("CURRent", "VOLTage", "RESistance"):
            measure = functools.partial(self._measure_one, short_form(function))
            self.query(f":MEASure:{function}[:DC]", measure)
            self.action(f":CONFigure:{function}[:DC]", functools.partial(self._configure, short_form(function)))
        self.query(":MEASure", self._measure)
        self.query(":CONFigure", self._get_functions)
        enter_keithley_system(self)
        enter_unused_settings(self)
        self.status.registers["OPERation"].set(IDLE, True)

    def _enter_source(self) -> None:
        self.choice(":SOURce:FUNCtion[:MODE]", "VOLTage", ("VOLTage", "CURRent"), key="source")
        for name, key, most, limit in (("VOLTage", "voltage", 210.0, 21.0), ("CURRent", "current", 1.05, 1.05e-4)):
            self.number(f":SOURce:{name}[:LEVel][:IMMediate][:AMPLitude]", 0.0, -most, most, key=key)
            self.number(f":SOURce:{name}:RANGe", limit, -most, most, key=f"{key}_source_range")
            self.switch(f":SOURce:{name}:RANGe:AUTO", True, key=f"{key}_source_range_auto")
        self.number(":SOURce:DELay", 1e-3, 0.0, 999.9999, key="delay")
        self.switch(":SOURce:DELay:AUTO", True, key="delay_auto")
        self.switch(":SOURce:CLEar:AUTO", False, key="clear_auto")
        self.action(":SOURce:CLEar[:IMMediate]", lambda: self._switch(False))
        self.switch(":OUTPut[:STATe]", False, key="output")
        self.choice(":OUTPut:SMODe", "NORMal", ("HIMPedance", "NORMal", "ZERO", "GUARd"))
        self.choice(":ROUTe:TERMinals", "FRONt", ("FRONt", "REAR"), key="terminals")

    def _enter_sense(self) -> None:
        self._enter_functions()
        for name, key, most, limit in (
            ("CURRent", "current", 1.05, 1.05e-4),
            ("VOLTage", "voltage", 210.0, 21.0),
            ("RESistance", "resistance", 210e6, 2.1e5),
        ):
            self.number(f"[:SENSe]:{name}:NPLCycles", 1.0, 0.01, 10.0, key="nplc")
            self.number(f"[:SENSe]:{name}:RANGe[:UPPer]", limit, -most, most, key=f"{key}_range")
            self.switch(f"[:SENSe]:{name}:RANGe:AUTO", True, key=f"{key}_range_auto")
            if key != "resistance":
                self.number(f"[:SENSe]:{name}:PROTection[:LEVel]", limit, -most, most, key=f"{key}_compliance")
                self.query(f"[:SENSe]:{name}:PROTection:TRIPped", functools.partial(self._trips, short_form(name)))
        self.choice("[:SENSe]:RESistance:MODE", "AUTO", ("AUTO", "MANual"), key="ohms_mode")
        self.switch("[:SENSe]:AVERage[:STATe]", False, key="filter")
        self.choice("[:SENSe]:AVERage:TCONtrol", "REPeat", ("REPeat", "MOVing"))
        self.number("[:SENSe]:AVERage:COUNt", 10, 1, 100, integer=True)
        self.choice(":SYSTem:AZERo[:STATe]", "1", ("ON", "OFF", "ONCE", "1", "0"), key="auto_zero")
        self.switch(":SYSTem:RSENse", False, key="remote_sense")
        self.choice(":SYSTem:LFRequency", f"{self._wiring.line_frequency:.0f}", ("50", "60"), key="line_frequency")
        self.switch(":SYSTem:LFRequency:AUTO", True)
        self.query(":SYSTem:TIME", lambda: f"{self._stamps(np.array(self._wiring.time)):.6f}")
        self.action(":SYSTem:TIME:RESet", self._reset_time)
        self.switch(":SYSTem:TIME:RESet:AUTO", False, key="time_reset_auto")

    def _enter_triggers(self) -> None:
        self.number(":ARM:COUNt", 1, 1, POINTS, key="arm_count", integer=True)
        self.choice(":ARM:SOURce", "IMMediate", ("IMMediate", "TLINk", "TIMer", "MANual", "BUS"), key="arm_source")
        self.number(":ARM:TIMer", 0.1, 0.001, 99999.99, key="arm_timer")
        self.choice(":ARM:OUTPut", "NONE", ("TENTer", "TEXit", "NONE"))
        self.number(":TRIGger:COUNt", 1, 1, POINTS, key="trigger_count", integer=True)
        self.choice(":TRIGger:SOURce", "IMMediate", ("IMMediate", "TLINk"))
        self.choice(":TRIGger:OUTPut", "NONE", ("SOURce", "DELay", "SENSe", "NONE"), key="trigger_output")
        for layer in ("ARM", "TRIGger"):
            self.number(f":{layer}:OLINe", 2, 1, 4, key="output_line" if layer == "TRIGger" else "", integer=True)
            self.number(f":{layer}:ILINe", 1, 1, 4, integer=True)
        self.number(":TRIGger:DELay", 0.0, 0.0, 999.9999, key="trigger_delay")
        self.action(":TRIGger:CLEar", lambda: None)
        self.action(":INITiate[:IMMediate]", self._initiate)
        self.action(":ABORt", self.abort)

    def changed(self, key: str) -> None:
        """Carry out what a setting entails: automatics end, the bias reaches the device."""
        settings = self.settings
        if key == "auto_zero":
            settings[key] = {"ON": "1", "OFF": "0", "ONCE": "0"}.get(str(settings[key]), settings[key])
        elif f"{key}_auto" in settings:
            settings[f"{key}_auto"] = False
        if key == "remote_sense":
            self._wiring.sensed = bool(settings[key])
        if key in ("output", "voltage", "current", "source", "voltage_compliance", "current_compliance"):
            self._drive_device()

    def reset(self) -> None:
        """Return to the settings of ``*RST``, with automatics on and no readings."""
        super().reset()
        self._functions = {"CURR:DC"}
        self.buffer.reset()

    def _drive_device(self) -> None:
        on, sources_current = bool(self.settings["output"]), self.settings["source"] == "CURR"
        if on and sources_current:
            self._wiring.set_drive(self.value("current"), abs(self.value("voltage_compliance")))
        elif self._drives:
            self._wiring.set_drive(None)  # another's current stays
        self._drives = on and sources_current
        self._wiring.bias = self._readings.bias if on and not sources_current else 0.0

    def _switch(self, on: bool) -> None:
        self.settings["output"] = on
        self.changed("output")

    # the trigger model

    @property
    def sends_triggers(self) -> bool:
        """Whether a trigger goes out with each reading."""
        return self.settings["trigger_output"] != "NONE"

    def trigger(self) -> None:
        """Let an armed trigger model run on."""
        if not self._armed or self.settings["arm_source"] != "BUS":
            raise ScpiError(-211)
        self._set_armed(False)
        self._run()

    def abort(self) -> None:
        """Return to idle."""
        super().abort()
        self._set_armed(False)

    def completed(self) -> None:
        """Go idle."""
        self.status.registers["OPERation"].set(IDLE, True)
        self.buffer.report_full()
        if self.settings["clear_auto"]:
            self._switch(False)

    def _set_armed(self, armed: bool) -> None:
        self._armed = armed
        operation = self.status.registers["OPERation"]
        operation.set(WAITING, armed)
        operation.set(IDLE, not armed)

    def _initiate(self) -> None:
        self.finish()
        if self._armed:
            raise ScpiError(-213)
        if not self.settings["output"]:
            if not self.settings["clear_auto"]:
                raise ScpiError(803, "Not permitted with OUTPUT off")
            self._switch(True)
        if self.value("arm_count") * self.value("trigger_count") > POINTS:
            raise ScpiError(-221)
        if self.settings["arm_source"] in ("IMM", "TIM"):
            self._run()
        else:
            self._set_armed(True)

    def _run(self) -> None:
        wiring, cycles = self._wiring, self.value("nplc")
        arms, count = int(self.value("arm_count")), int(self.value("arm_count") * self.value("trigger_count"))
        gap = self.value("delay") + self.value("trigger_delay") + OVERHEAD
        window = cycles / self.value("line_frequency")
        period = gap + window
        if self.sends_triggers:
            states = wiring.trigger(int(self.value("output_line")), count, gap, window)
        else:
            states = wiring.observe(count, gap, window)
        times = wiring.time + period * np.arange(1.0, count + 1)
        if self.settings["arm_source"] == "TIM":
            times += np.repeat(np.arange(arms) * self.value("arm_timer"), count // arms)
        self.status.registers["OPERation"].set(IDLE, False)
        if self.settings["time_reset_auto"]:
            self._reset_time()
        self.buffer.keep({**self._readings.take(states, self._functions), "TIME": self._stamps(times)})
        self.begin(float(times[-1]) - wiring.time)

    # the time stamps

    def _reset_time(self) -> None:
        self._started = self._wiring.time

    def _stamps(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the time stamps [s] of instants on the bench's clock: ticks since the last reset, up to a day or so."""
        return np.asarray(np.floor((times - self._started) / TICK) * TICK % STAMPS_END)

    # the readings

    def _read(self) -> str | bytes:
        self._initiate()
        return self.buffer.fetch()

    def _configure(self, function: str) -> None:
        self._functions = {parse_word(function, FUNCTIONS)}
        self._switch(True)

    def _measure(self) -> str | bytes:
        self._switch(True)
        return self._read()

    def _measure_one(self, function: str) -> str | bytes:
        self._configure(function)
        return self._read()

    def _trips(self, limited: str) -> str:
        """Tell whether a quantity is at its limit: the one that follows from what is sourced."""
        return str(int(self.settings["source"] != limited and self._readings.in_compliance))

    # the functions that are measured

    def _enter_functions(self) -> None:
        function = "[:SENSe]:FUNCtion"
        self.switch(f"{function}:CONCurrent", True, key="concurrent")
        self.command(f"{function}[:ON]", self._add_functions, lambda words: self._get_functions())
        self.command(f"{function}:OFF", self._remove_functions, lambda words: self._listed(ALL - self._functions))
        for all_ in (f"{function}:ALL", f"{function}:ON:ALL"):
            self.action(all_, lambda: self._add_functions(sorted(ALL)))
        self.action(f"{function}:OFF:ALL", lambda: self._functions.clear())
        self.query(f"{function}[:ON]:COUNt", lambda: str(len(self._functions)))
        self.query(f"{function}:OFF:COUNt", lambda: str(len(ALL - self._functions)))
        self.command(f"{function}:STATe", self._refuse, self._is_measured)

    @staticmethod
    def _named(words: list[str]) -> set[str]:
        if not words:
            raise ScpiError(-109)
        return {parse_word(word, FUNCTIONS) for word in words}

    def _add_functions(self, words: list[str]) -> None:
        named = self._named(words)
        if self.settings["concurrent"]:
            self._functions |= named
        else:  # one at a time; of all of them, the resistance
            self._functions = {"RES"} if named == ALL else {sorted(named)[0]}

    def _remove_functions(self, words: list[str]) -> None:
        self._functions -= self._named(words)

    def _is_measured(self, words: list[str]) -> str:
        return str(int(self._named(words) <= self._functions))

    def _get_functions(self) -> str:
        return self._listed(self._functions)

    @staticmethod
    def _listed(functions: Collection[str]) -> str:
        return ",".join(f'"{function}"' for function in ("VOLT:DC", "CURR:DC", "RES") if function in functions)

    @staticmethod
    def _refuse(words: list[str]) -> None:
        raise ScpiError(-113)


def enter_unused_settings(instrument: ScpiInstrument) -> None:
    """Enter them: what drivers ask on opening, and what scripts make sure of before they measure.

    Notes
    -----
    2400 series user's manual, tables 18-2 to 18-10. Sweeps, lists, source memories, limit tests and the digital port
    are not there: their headers are undefined, and ``:SOURce:VOLTage:MODE`` takes ``FIXed`` only.
    """
    _enter_source(instrument)
    _enter_sense(instrument)
    for layer in ("ARM", "TRIGger"):
        instrument.choice(f":{layer}:DIRection", "ACCeptor", ("ACCeptor", "SOURce"))
    instrument.choice(":TRIGger:INPut", "NONE", ("NONE", "SOURce", "DELay", "SENSe"))
    instrument.choice(":FORMat:SREGister", "ASCii", ("ASCii", "HEXadecimal", "OCTal", "BINary"))
    instrument.number(":DISPlay:DIGits", 6, 4, 7, integer=True)
    instrument.action(":DISPlay:CNDisplay", lambda: None)
    instrument.choice(":SYSTem:GUARd", "CABLe", ("CABLe", "OHMS"))
    instrument.switch(":SYSTem:AZERo:CACHing[:STATe]", True)
    for name in ("REFResh", "RESet"):
        instrument.action(f":SYSTem:AZERo:CACHing:{name}", lambda: None)
    instrument.query(":SYSTem:MEP[:STATe]", lambda: "1")


def _enter_source(instrument: ScpiInstrument) -> None:
    for name in ("VOLTage", "CURRent"):
        instrument.choice(f":SOURce:{name}:MODE", "FIXed", ("FIXed",))
    instrument.number(":SOURce:VOLTage:PROTection[:LEVel]", 210.0, 20.0, 210.0)
    instrument.query(":SOURce:VOLTage:PROTection:TRIPped", lambda: "0")
    instrument.choice(":SOURce:CLEar:AUTO:MODE", "ALWays", ("ALWays", "TCOunt"))
    instrument.switch(":OUTPut:ENABle[:STATe]", False)
    instrument.query(":OUTPut:ENABle:TRIPped", lambda: "0")


def _enter_sense(instrument: ScpiInstrument) -> None:
    for name, lowest, highest in (("CURRent", 1.05e-6, 1.05), ("VOLTage", 0.21, 210.0), ("RESistance", 2.1, 2.1e8)):
        instrument.number(f"[:SENSe]:{name}:RANGe:AUTO:LLIMit", lowest, lowest, highest)
        instrument.number(f"[:SENSe]:{name}:RANGe:AUTO:ULIMit", highest, lowest, highest)
    for name in ("CURRent", "VOLTage"):
        instrument.switch(f"[:SENSe]:{name}:PROTection:RSYNchronize", False)
    instrument.switch("[:SENSe]:CURRent:RANGe:HOLDoff", False)
    instrument.number("[:SENSe]:CURRent:RANGe:HOLDoff:DELay", 0.005, 0.0, 999.9999)
    instrument.switch("[:SENSe]:RESistance:OCOMpensated", False)
