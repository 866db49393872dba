"""A simulated Keithley 2400: sources the bias, triggers the generator, reads, stores, sends."""

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.command_tree import Command
from mtjlab.instruments.simulated.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["SimulatedKeithley2400"]

POINTS = 2500
"""Readings that the buffer holds."""
LINE_FREQUENCY = 50.0
"""Frequency of the mains [Hz], which the integration time is counted in."""
NOISE = 5e-12
"""Noise of the ammeter [A] at one power line cycle; it grows as its inverse root. Chosen here."""
OVERFLOW = 9.9e37
ELEMENTS: tuple[str, ...] = ("VOLT", "CURR", "RES", "TIME", "STAT")


class SimulatedKeithley2400(ScpiInstrument):
    """The source-meter, sourcing a voltage across the device and reading its current.

    Parameters
    ----------
    wiring
        Device, trigger lines and clock.
    seed
        Seed of the ammeter's noise.

    Notes
    -----
    Words and trigger model after the Keithley 2400 series user's manual: source, trigger out, delay, measure,
    store, `:TRIGger:COUNt` times.
    """

    def __init__(self, wiring: Wiring, seed: int) -> None:
        super().__init__("KEITHLEY INSTRUMENTS INC.,MODEL 2400,0000000,C30 Mar 17 2006/A02")
        self._wiring = wiring
        self._random = np.random.default_rng(seed)
        self._elements = ELEMENTS
        self._currents: NDArray[np.float64] = np.empty(0)
        self._times: NDArray[np.float64] = np.empty(0)
        self._stored = 0
        self._enter_source()
        self._enter_sense()
        self._enter_triggers()
        self._enter_data()

    def _enter_source(self) -> None:
        self.choice(":SOURce:FUNCtion[:MODE]", "VOLTage", ("VOLTage", "CURRent"))
        self.number(":SOURce:VOLTage[:LEVel][:IMMediate][:AMPLitude]", 0.0, -210.0, 210.0)
        self.number(":SOURce:VOLTage:RANGe", 21.0, -210.0, 210.0)
        self.switch(":SOURce:VOLTage:RANGe:AUTO", True)
        self.number(":SOURce:DELay", 1e-3, 0.0, 999.9999)
        self.switch(":SOURce:DELay:AUTO", True)
        self.switch(":SOURce:CLEar:AUTO", False)
        self.switch(":OUTPut[:STATe]", False)
        self.choice(":OUTPut:SMODe", "NORMal", ("HIMPedance", "NORMal", "ZERO", "GUARd"))

    def _enter_sense(self) -> None:
        self.choice(":SENSe:FUNCtion[:ON]", "CURRent", ("CURRent", "VOLTage", "RESistance", "CURRent:DC"))
        self.number(":SENSe:CURRent:NPLCycles", 1.0, 0.01, 10.0)
        self.number(":SENSe:CURRent:RANGe", 1.05e-4, -1.05, 1.05)
        self.switch(":SENSe:CURRent:RANGe:AUTO", True)
        self.number(":SENSe:CURRent:PROTection", 1.05e-4, -1.05, 1.05)
        self.switch(":SENSe:AVERage[:STATe]", False)
        self.switch(":SYSTem:AZERo:STATe", True)
        self.switch(":DISPlay:ENABle", True)

    def _enter_triggers(self) -> None:
        self.number(":ARM:COUNt", 1, 1, POINTS)
        self.choice(":ARM:SOURce", "IMMediate", ("IMMediate", "TLINk", "TIMer", "MANual", "BUS"))
        self.choice(":ARM:OUTPut", "NONE", ("TENTer", "TEXit", "NONE"))
        self.number(":TRIGger:COUNt", 1, 1, POINTS)
        self.choice(":TRIGger:SOURce", "IMMediate", ("IMMediate", "TLINk"))
        self.choice(":TRIGger:OUTPut", "NONE", ("SOURce", "DELay", "SENSe", "NONE"))
        self.number(":TRIGger:OLINe", 2, 1, 4)
        self.number(":TRIGger:ILINe", 1, 1, 4)
        self.number(":TRIGger:DELay", 0.0, 0.0, 999.9999)
        self.action(":INITiate", self._initiate)
        self.action(":ABORt", lambda: None)

    def _enter_data(self) -> None:
        self._tree.add(":FORMat:ELEMents", Command(set=self._set_elements, get=self._get_elements))
        self._tree.add(":FORMat[:DATA]", Command(set=self._set_format, get=self._get_format))
        self.choice(":FORMat:BORDer", "NORMal", ("NORMal", "SWAPped"))
        self.number(":TRACe:POINts", 100, 1, POINTS)
        self.choice(":TRACe:FEED", "SENSe", ("SENSe", "CALCulate1"))
        self.choice(":TRACe:FEED:CONTrol", "NEVer", ("NEVer", "NEXT"))
        self.action(":TRACe:CLEar", self._clear_trace)
        self.query(":TRACe:DATA", lambda: self._send(slice(0, self._stored)))
        self.query(":FETCh", lambda: self._send(slice(None)))
        self.query(":READ", self._read)
        self.query(":MEASure:CURRent[:DC]", self._read)
        self._binary = False

    # the trigger model

    def _initiate(self) -> None:
        if not self.settings[":OUTPut[:STATe]"]:
            raise ScpiError(803, "Not permitted with OUTPUT off")
        count = int(self.settings[":ARM:COUNt"]) * int(self.settings[":TRIGger:COUNt"])
        if count > POINTS:
            raise ScpiError(-221)
        if self.settings[":TRIGger:OUTPut"] == "NONE":
            states = self._wiring.states(count)
        else:
            states = self._wiring.trigger(int(self.settings[":TRIGger:OLINe"]), count)
        cycles = float(self.settings[":SENSe:CURRent:NPLCycles"])
        period = (
            float(self.settings[":SOURce:DELay"]) + float(self.settings[":TRIGger:DELay"]) + cycles / LINE_FREQUENCY
        )
        self._currents = self._measure(states, cycles)
        self._times = self._wiring.time + period * np.arange(1.0, count + 1)
        self._wiring.time += period * count
        if self.settings[":TRACe:FEED:CONTrol"] == "NEXT":
            self._stored = min(count, int(self.settings[":TRACe:POINts"]))
            self.settings[":TRACe:FEED:CONTrol"] = "NEV"  # the buffer is filled once

    def _measure(self, states: NDArray[np.uint8], cycles: float) -> NDArray[np.float64]:
        bandwidth = LINE_FREQUENCY / (2 * cycles)  # an integrator's noise bandwidth is 1/(2 T)
        noise: NDArray[np.float64] = self._random.normal(0.0, NOISE / math.sqrt(cycles), len(states))
        currents = self._wiring.junction.read(states, self._bias, bandwidth) + noise
        compliance = abs(float(self.settings[":SENSe:CURRent:PROTection"]))
        return np.clip(currents, -compliance, compliance)

    @property
    def _bias(self) -> float:
        return float(self.settings[":SOURce:VOLTage[:LEVel][:IMMediate][:AMPLitude]"])

    # the readings

    def _clear_trace(self) -> None:
        self._stored = 0

    def _read(self) -> str | bytes:
        self._initiate()
        return self._send(slice(None))

    def _send(self, part: slice) -> str | bytes:
        if not len(self._currents[part]):
            raise ScpiError(-230)
        values = np.stack([self._element(name, part) for name in self._elements], axis=1).ravel()
        if not self._binary:
            return ",".join([f"{value:+.6E}" for value in values])
        order = ">f4" if self.settings[":FORMat:BORDer"] == "NORM" else "<f4"
        body = values.astype(order).tobytes()
        length = str(len(body))
        return f"#{len(length)}{length}".encode() + body

    def _element(self, name: str, part: slice) -> NDArray[np.float64]:
        currents = self._currents[part]
        if name == "CURR":
            return currents
        if name == "TIME":
            return self._times[part]
        if name == "RES":
            resistances = np.full(len(currents), OVERFLOW)
            np.divide(self._bias, currents, out=resistances, where=currents != 0)
            return resistances
        return np.full(len(currents), self._bias if name == "VOLT" else 0.0)

    def _set_elements(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        wanted = {word.upper()[:4].removesuffix("I") for word in words}
        if not wanted or not wanted <= set(ELEMENTS):
            raise ScpiError(-224)
        # They come in this order, whatever the order they were asked in.
        self._elements = tuple(name for name in ELEMENTS if name in wanted)

    def _get_elements(self, suffixes: tuple[int, ...], words: list[str]) -> str:
        return ",".join(self._elements)

    def _set_format(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        kind = words[0].upper() if words else ""
        if kind not in {"ASC", "ASCII", "REAL", "SRE", "SREAL"} or words[1:] not in ([], ["32"]):
            raise ScpiError(-224)
        self._binary = kind not in {"ASC", "ASCII"}

    def _get_format(self, suffixes: tuple[int, ...], words: list[str]) -> str:
        return "REAL,32" if self._binary else "ASC"
