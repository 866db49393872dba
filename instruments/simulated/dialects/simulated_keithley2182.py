"""A simulated Keithley 2182: the voltage across the device."""

import functools
import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.keithley_common import KeithleyBuffer, enter_keithley_system
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_word
from mtjlab.instruments.simulated.scpi.scpi_settings import short_form
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedKeithley2182"]

NOISE = 5e-9
"""Noise of a reading [V] at one power line cycle; it grows as its inverse root. Chosen here."""
OVERFLOW = 9.9e37
POINTS = 1024
"""Readings that the buffer holds."""
OVERHEAD = 5e-3
"""Time of a reading beyond its integration [s]. Chosen here."""
FUNCTIONS = {"VOLT": "VOLT:DC", "VOLT:DC": "VOLT:DC", "VOLTAGE": "VOLT:DC", "VOLTAGE:DC": "VOLT:DC"} | {
    "TEMP": "TEMP",
    "TEMPERATURE": "TEMP",
}


class SimulatedKeithley2182(ScpiInstrument):
    """The nanovoltmeter; channel 0 is its own thermometer.

    Channel 1 is across a junction, or along a bar; channel 2 is open, or across a bar.

    Parameters
    ----------
    context
        What the bench gives it.
    """

    measures = True
    channels = 2

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("KEITHLEY INSTRUMENTS INC.,MODEL 2182A,0000000,C08  /A02", context.wiring.clock)
        self._wiring, self._bar = context.wiring, context.bar
        self._wiring.voltmeter = self
        self._random = np.random.default_rng(context.seed)
        self._function = "VOLT:DC"
        self.number(":SENSe:CHANnel", 1, 0, 2, key="channel", integer=True)
        self.command(":SENSe:FUNCtion", self._set_function, lambda words: f'"{self._function}"')
        self._line_frequency = context.wiring.line_frequency
        for name in ("VOLTage[:DC]", "TEMPerature"):
            # Up to a second.
            self.number(f":SENSe:{name}:NPLCycles", 5.0, 0.01, self._line_frequency, key="nplc")
        # A setting without a channel is channel 1's.
        voltage = ":SENSe:VOLTage[:DC][:CHANnel#]"
        self.number(f"{voltage}:RANGe[:UPPer]", 120.0, 0.0, 120.0, key="range")
        self.switch(f"{voltage}:RANGe:AUTO", True, key="range_auto")
        self.number(f"{voltage}:REFerence", 0.0, -120.0, 120.0, key="reference")
        self.switch(f"{voltage}:REFerence:STATe", False, key="relative")
        self.action(f"{voltage}:REFerence:ACQuire", self._acquire_reference)
        self._enter_temperature()
        self.switch(":SYSTem:AZERo[:STATe]", True)
        self.switch(":SYSTem:FAZero[:STATe]", True)
        self.query(":SYSTem:LFRequency", lambda: f"{self._line_frequency:.0f}")
        self.number(":TRIGger:COUNt", 1, 1, 9999, key="count", integer=True)
        self.number(":SAMPle:COUNt", 1, 1, POINTS, key="samples", integer=True)
        self.number(":TRIGger:TIMer", 0.1, 0.0, 999999.999)
        self.number(":TRIGger:DELay", 0.0, 0.0, 999999.999, key="delay")
        self.choice(":TRIGger:SOURce", "IMMediate", ("IMMediate", "BUS", "EXTernal", "TIMer", "MANual"))
        self.action(":INITiate[:IMMediate]", self._run)
        self.action(":ABORt", self.abort)
        self.buffer = KeithleyBuffer(self, ("READ",), POINTS, ":CALCulate2")
        self.query(":READ", self._read)
        self.query(":SENSe:DATA:FRESh", self._read)
        for name in ("VOLTage[:DC]", "TEMPerature"):
            function = short_form(name.partition("[")[0])
            self.query(f":MEASure:{name}", functools.partial(self._measure_one, function))
            self.command(f":CONFigure:{name}", functools.partial(self._configure, function))
        self.query(":CONFigure", lambda: f'"{self._function}"')
        enter_keithley_system(self)

    def _enter_temperature(self) -> None:
        temperature = ":SENSe:TEMPerature"
        self.query(f"{temperature}:RTEMperature", lambda: "2.300000E+01")
        self.choice(":UNIT:TEMPerature", "C", ("C", "CEL", "F", "FAR", "K"))
        self.choice(f"{temperature}:TCouple[:TYPE]", "J", tuple("JKTERSBN"))
        self.choice(f"{temperature}:RJUNction:RSELect", "INTernal", ("INTernal", "SIMulated"))
        self.number(f"{temperature}:RJUNction:SIMulated", 23.0, 0.0, 60.0)
        channel = f"{temperature}[:CHANnel#]"
        self.number(f"{channel}:REFerence", 0.0, -328.0, 3310.0, key="temperature_reference")
        self.switch(f"{channel}:REFerence:STATe", False, key="temperature_relative")
        self.action(f"{temperature}:CHANnel#:REFerence:ACQuire", lambda: None)
        for quantity in ("VOLTage[:DC]", "TEMPerature"):  # the filters: a simulated reading has none
            self.number(f":SENSe:{quantity}:DIGits", 7, 4, 8, integer=True)
            self.switch(f":SENSe:{quantity}[:CHANnel#]:LPASs[:STATe]", False)
            self.switch(f":SENSe:{quantity}[:CHANnel#]:DFILter[:STATe]", True)
            self.number(f":SENSe:{quantity}[:CHANnel#]:DFILter:COUNt", 10, 1, 100, integer=True)
            self.number(f":SENSe:{quantity}[:CHANnel#]:DFILter:WINDow", 0.01, 0.0, 10.0)
            self.choice(f":SENSe:{quantity}[:CHANnel#]:DFILter:TCONtrol", "MOVing", ("MOVing", "REPeat"))

    def changed(self, key: str) -> None:
        """Let a fixed range end the automatic one."""
        if key.startswith("range") and "auto" not in key:
            self.settings[f"range_auto{key[-1]}"] = False

    def reset(self) -> None:
        """Return to the settings of ``*RST``."""
        super().reset()
        self._function = "VOLT:DC"
        self.buffer.reset()

    def completed(self) -> None:
        """Tell of a full buffer."""
        self.buffer.report_full()

    def _set_function(self, words: list[str]) -> None:
        if len(words) != 1:
            raise ScpiError(-108 if words else -109)
        self._function = parse_word(words[0], FUNCTIONS)

    @property
    def interval(self) -> float:
        """Time of a reading [s]."""
        return self.value("delay") + OVERHEAD + self.value("nplc") / self._line_frequency

    def noise(self, aperture: float) -> float:
        """Give the noise of its own [V] of one reading over an aperture [s]."""
        return float(self._random.normal(0.0, NOISE / math.sqrt(aperture * self._line_frequency)))

    def measure(self, count: int, gap: float = 0.0) -> NDArray[np.float64]:
        """Take readings [V] for a current source at the end of the trigger link, each after a further time [s]."""
        return self._measure(count, gap)

    def _voltage(self, count: int, wait: float = 0.0) -> NDArray[np.float64]:
        wiring, cycles = self._wiring, self.value("nplc")
        bandwidth = self._line_frequency / (2 * cycles)
        gap, window = wait + self.value("delay") + OVERHEAD, cycles / self._line_frequency
        noise = self._random.normal(0.0, NOISE / math.sqrt(cycles), count)
        if self._bar is not None:
            return self._bar.contact_voltages(count, gap, window, "longitudinal") + noise
        shares = wiring.observe(count, gap, window)
        if wiring.drive is None:
            return np.asarray(wiring.bias + noise)
        return np.asarray(wiring.driven(shares, bandwidth) + noise)

    def _across(self, count: int, wait: float = 0.0) -> NDArray[np.float64]:
        """Read channel 2: the contacts across a bar; open where the device is none."""
        cycles = self.value("nplc")
        noise = self._random.normal(0.0, NOISE / math.sqrt(cycles), count)
        if self._bar is None:
            return noise
        gap, window = wait + self.value("delay") + OVERHEAD, cycles / self._line_frequency
        return self._bar.contact_voltages(count, gap, window, "transverse") + noise

    def _measure(self, count: int, wait: float = 0.0) -> NDArray[np.float64]:
        channel = int(self.value("channel"))
        if self._function == "TEMP" or channel == 0:
            return np.full(count, 23.0)
        values = self._voltage(count, wait) if channel == 1 else self._across(count, wait)
        scale = 120.0 if self.settings[f"range_auto{channel}"] else max(self.value(f"range{channel}"), 0.01)
        values[np.abs(values) > 1.2 * scale] = OVERFLOW
        if self.settings[f"relative{channel}"]:
            values -= self.value(f"reference{channel}")
        if self.spoiled:
            values[int(self._random.integers(count))] = OVERFLOW
            self.spoiled = ""
        return values

    def _acquire_reference(self) -> None:
        self.settings["reference1"] = float(self._voltage(1)[0])

    def _run(self) -> None:
        self.finish()
        count = int(self.value("count") * self.value("samples"))
        if count > POINTS:
            raise ScpiError(-221)
        self.buffer.keep({"READ": self._measure(count)})
        self.begin(count * self.interval)

    def _configure(self, function: str, words: list[str]) -> None:
        """Choose the function; a range may follow, which stays automatic here."""
        self._set_function([function])

    def _measure_one(self, function: str) -> str | bytes:
        self._set_function([function])
        return self._read()

    def _read(self) -> str | bytes:
        self._run()
        return self.buffer.fetch()
