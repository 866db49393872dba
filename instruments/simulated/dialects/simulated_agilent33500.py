"""A simulated Agilent 33500: longer pulses, with its own words for the same things."""

import dataclasses
from functools import partial

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_function_generator import SimulatedFunctionGenerator, TimeRange
from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_number
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedAgilent33500"]

OPEN = 9.9e37
"""Load that stands for an open end."""
SHAPES = {
    "SINusoid": "SIN", "SQUare": "SQU", "TRIangle": "TRI", "RAMP": "RAMP", "PULSe": "PULS", "PRBS": "PRBS",
    "NOISe": "NOIS", "ARBitrary": "ARB", "DC": "DC",
}  # fmt: skip
BUILT_IN = "INT:\\BUILTIN\\EXP_RISE.ARB"
"""Waveform that is chosen at first."""
POINTS = (8, 65536)
"""Points of an arbitrary waveform that is sent as numbers."""


@dataclasses.dataclass(frozen=True)
class GeneratorModel:
    """How fast one model is."""

    time: TimeRange
    sine: float
    """Highest frequency of sines, squares and noise [Hz]."""
    pulse: float
    """That of pulses [Hz]."""
    ramp: float
    """That of ramps [Hz]."""
    firmware: str


MODELS = {
    "33522B": GeneratorModel(
        TimeRange(width=16e-9, edge=8.4e-9, period=1e6), 30e6, 30e6, 200e3, "2.03-1.19-2.00-52-00"
    ),
    "33512B": GeneratorModel(
        TimeRange(width=16e-9, edge=8.4e-9, period=1e6), 20e6, 20e6, 200e3, "2.03-1.19-2.00-52-00"
    ),
    "33622A": GeneratorModel(
        TimeRange(width=5e-9, edge=2.9e-9, period=1e6), 120e6, 100e6, 800e3, "A.02.03-3.15-03-64-02"
    ),
}


class SimulatedAgilent33500(SimulatedFunctionGenerator):
    """A two-channel function generator: a 33522B, or the model of `MODELS` that the bench file's `identity` names.

    Parameters
    ----------
    context
        What the bench gives it; the trigger line of its cables reaches the external trigger input.

    Notes
    -----
    Headers and ranges as PyMeasure states them. ``:SOURce1`` may be left out.
    """

    REACH, SWING = 5.0, (1e-3, 10.0)

    def __init__(self, context: InstrumentContext) -> None:
        named = next((model for model in MODELS if model in context.settings.identity), "33522B")
        model = MODELS[named]
        self.time = model.time
        self.fastest = {"PULS": model.pulse, "TRI": model.ramp, "RAMP": model.ramp, "": model.sine}
        super().__init__(f"Agilent Technologies,{named},MY00000000,{model.firmware}", context)
        self._waveforms: dict[tuple[int, str], int] = {}
        self._chosen = dict.fromkeys((1, 2), BUILT_IN)
        source, period = "[:SOURce#]", 1 / self.fastest["PULS"]
        self.choice(
            f"{source}:FUNCtion[:SHAPe]",
            "SINusoid",
            tuple(SHAPES),
            key="shape",
        )
        self._enter_levels(f"{source}:VOLTage")
        self.number(f"{source}:FREQuency[:CW]", 1e3, 1e-6, max(self.fastest.values()), key="frequency", unit="HZ")
        self.choice(f"{source}:FREQuency:MODE", "CW", ("CW", "FIXed", "LIST", "SWEep"))
        self.number(f"{source}:FUNCtion:PULSe:WIDTh", 1e-4, self.time.width, 1e6, key="width", unit="S")
        self.number(f"{source}:FUNCtion:PULSe:PERiod", 1e-3, 0.99 * period, 1e6, key="period", unit="S")
        self.number(f"{source}:FUNCtion:PULSe:DCYCle", 10.0, 0.0, 100.0, key="duty", unit="PCT")
        self.choice(f"{source}:FUNCtion:PULSe:HOLD", "WIDTh", ("WIDTh", "DCYCle"), key="hold")
        for word, key in (("LEADing", "edge"), ("TRAiling", "fall")):
            self.number(f"{source}:FUNCtion:PULSe:TRANsition:{word}", 1e-8, self.time.edge, 1e-6, key=key, unit="S")
        self.number(f"{source}:FUNCtion:PULSe:TRANsition[:BOTH]", 1e-8, self.time.edge, 1e-6, key="edges", unit="S")
        self.number(f"{source}:FUNCtion:SQUare:DCYCle", 50.0, 0.01, 99.99, unit="PCT")
        self.number(f"{source}:FUNCtion:RAMP:SYMMetry", 100.0, 0.0, 100.0, unit="PCT")
        self.number(f"{source}:PHASe[:ADJust]", 0.0, -360.0, 360.0, unit="DEG")
        self.action(":PHASe:SYNChronize", lambda: None)
        self._enter_bursts(f"{source}:BURSt")
        self._enter_waveforms(source)
        self._enter_outputs()
        self.enter_apply(f"{source}:APPLy", SHAPES)

    def _enter_levels(self, voltage: str) -> None:
        self.number(f"{voltage}[:LEVel][:IMMediate][:AMPLitude]", 0.1, 0.0, 20.0, key="amplitude", unit="V")
        self.number(f"{voltage}[:LEVel][:IMMediate]:OFFSet", 0.0, -10.0, 10.0, key="offset", unit="V")
        self.number(f"{voltage}[:LEVel][:IMMediate]:HIGH", 0.05, -9.998, 10.0, key="high", unit="V")
        self.number(f"{voltage}[:LEVel][:IMMediate]:LOW", -0.05, -10.0, 9.998, key="low", unit="V")
        self.choice(f"{voltage}:UNIT", "VPP", ("VPP", "VRMS", "DBM"))
        self.number(f"{voltage}:LIMit:HIGH", 10.0, -10.0, 10.0, key="limit_high", unit="V")
        self.number(f"{voltage}:LIMit:LOW", -10.0, -10.0, 10.0, key="limit_low", unit="V")
        self.switch(f"{voltage}:LIMit:STATe", False, key="limited")

    def _enter_bursts(self, burst: str) -> None:
        self.switch(f"{burst}:STATe", False, key="bursting")
        self.choice(f"{burst}:MODE", "TRIGgered", ("TRIGgered", "GATed"))
        self.number(f"{burst}:NCYCles", 1, 1, 100_000_000, key="burst", integer=True)
        self.number(f"{burst}:INTernal:PERiod", 1e-2, 1e-6, 8000.0, key="burst_period", unit="S")
        self.choice(f"{burst}:GATE:POLarity", "NORMal", ("NORMal", "INVerted"))
        self.number(":TRIGger#:COUNt", 1, 1, 1_000_000, integer=True)
        self.number(f"{burst}:PHASe", 0.0, -360.0, 360.0, unit="DEG")
        sources = ("IMMediate", "EXTernal", "TIMer", "BUS")
        self.choice(":TRIGger#:SOURce", "IMMediate", sources, key="source")
        self.choice(":TRIGger#:SLOPe", "POSitive", ("POSitive", "NEGative"))
        self.number(":TRIGger#:DELay", 0.0, 0.0, 1000.0, unit="S")
        self.number(":TRIGger#:TIMer", 1.0, 1e-6, 8000.0, key="timer", unit="S")

    def _enter_outputs(self) -> None:
        self.number(":OUTPut#:LOAD", 50.0, 1.0, OPEN, key="load", unit="OHM")
        self.choice(":OUTPut#:POLarity", "NORMal", ("NORMal", "INVerted"), key="polarity")
        self.switch(":OUTPut#[:STATe]", False, key="output")
        self.switch(":OUTPut:SYNC[:STATe]", True)
        self.choice(":OUTPut:SYNC:SOURce", "CH1", ("CH1", "CH2"))
        self.switch(":OUTPut:TRIGger[:STATe]", False)
        self.action(":SYSTem:BEEPer[:IMMediate]", lambda: None)
        self.text(":DISPlay:TEXT", "", 40, key="message")
        self.action(":DISPlay:TEXT:CLEar", lambda: self.settings.update(message=""))

    def _enter_waveforms(self, source: str) -> None:
        chosen = Command(set=self._choose, get=lambda suffixes, words: f'"{self._chosen[_channel(suffixes)]}"')
        self.tree.add(f"{source}:FUNCtion:ARBitrary", chosen)
        self.choice(f"{source}:FUNCtion:ARBitrary:ADVance", "SRATe", ("TRIGger", "SRATe"))
        self.choice(f"{source}:FUNCtion:ARBitrary:FILTer", "STEP", ("NORMal", "STEP", "OFF"))
        self.number(f"{source}:FUNCtion:ARBitrary:SRATe", 40e3, 1e-6, 250e6, unit="SA/S")
        self.tree.add(f"{source}:DATA:ARBitrary", Command(set=partial(self._send, 1.0)))
        self.tree.add(f"{source}:DATA:ARBitrary:DAC", Command(set=partial(self._send, 32767.0)))
        self.tree.add(f"{source}:DATA:VOLatile:CLEar", Command(set=lambda suffixes, words: self._waveforms.clear()))
        names = Command(get=lambda suffixes, words: ",".join(f'"{name}"' for _, name in self._waveforms) or '""')
        self.tree.add(f"{source}:DATA:VOLatile:CATalog", names)

    def _send(self, largest: float, suffixes: tuple[int, ...], words: list[str]) -> None:
        """Take a name and the points of a waveform."""
        if not POINTS[0] <= len(words) - 1 <= POINTS[1]:
            raise ScpiError(-109 if len(words) - 1 < POINTS[0] else -223)
        if any(abs(parse_number(word)) > largest for word in words[1:]):
            raise ScpiError(-222)
        name = (_channel(suffixes), _name(words[0]))
        if name in self._waveforms:
            raise ScpiError(786, "Specified arb waveform already exists")
        self._waveforms[name] = len(words) - 1

    def _choose(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        """Choose one of the waveforms in the memory by its name."""
        if len(words) != 1:
            raise ScpiError(-108 if words else -109)
        channel, name = _channel(suffixes), _name(words[0])
        if name != BUILT_IN and (channel, name) not in self._waveforms:
            raise ScpiError(787, "Specified arb waveform does not exist")
        self._chosen[channel] = name

    def changed(self, key: str) -> None:
        """Refuse loads between 10 kΩ and an open end; one command may set both edges."""
        name, channel = key[:-1], key[-1]
        if name == "load" and 1e4 < self.value(key) < OPEN:
            raise ScpiError(-222)
        if name == "edges":
            self.settings[f"edge{channel}"] = self.settings[f"fall{channel}"] = self.settings[key]
            super().changed(f"edge{channel}")
            return
        super().changed(key)
        if name in ("edge", "width", "period", "frequency", "duty", "shape"):
            self.settings[f"edges{channel}"] = self.settings[f"edge{channel}"]

    def armed(self, source: str) -> bool:
        """Whether channel 1 waits for a trigger from this source; one on the bus is what ``*TRG`` sends."""
        return bool(self.settings["bursting1"]) and self.settings["source1"] == {"MAN": "BUS"}.get(source, source)

    def free_run(self) -> tuple[float, int] | None:
        """Give a pulse a period without bursts; with them, a burst a time of the internal period, or of the timer."""
        if not self.settings["bursting1"]:
            return self.value("period1"), 1
        clock = {"IMM": "burst_period1", "TIM": "timer1"}.get(str(self.settings["source1"]))
        return None if clock is None else (self.value(clock), self.burst)

    def apply_runs(self, channel: str) -> None:
        """Let a channel run freely, without bursts."""
        self.settings.update({f"source{channel}": "IMM", f"bursting{channel}": False})


def _channel(suffixes: tuple[int, ...]) -> int:
    channel = suffixes[0] if suffixes else 1
    if channel not in (1, 2):
        raise ScpiError(-114)
    return channel


def _name(word: str) -> str:
    """Name of a waveform, which may stand in quotes."""
    return word.strip("\"'").upper()
