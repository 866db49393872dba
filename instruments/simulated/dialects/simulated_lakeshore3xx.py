"""A simulated Lake Shore 331, 335, 336, 340 or 350: the temperature at the device."""

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.lakeshore_records import HEATER_SETUP, LOOP, RECORDS, Record
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedLakeShore3xx"]

ROOM = 300.0
"""Temperature that the stage falls or rises to with the heater off [K]."""
TIME_CONSTANT = 2.0
"""Time constant of the stage [s]. Chosen here: a small heated stage, not a cryostat."""
SAMPLE = 0.1
"""Time of one reading [s]."""
NOISE = 2e-3
"""Noise of a reading [K]. Chosen here."""
CLOSE_QUERY = re.compile(r"\?(?=[A-Za-z0-9])")
NUMBERS = [["1"], ["2"], ["3"], ["4"]]
"""Inputs A to D as numbers."""
CURVES, RELAYS = 59, 8
"""Curves, and relays or fields of the display, that a record may be of."""
AT_REST = {
    "RDGST": ("input", "000"), "HTRST": ("output", "0"), "RAMPST": ("output", "0"), "RELAYST": ("relay", "0"),
    "ALARMST": ("input", "0,0"), "TUNEST": ("", "0,0,0,0"), "OPST": ("", "000"), "OPSTR": ("", "000"),
    "TEMP": ("", "+298.00"), "MDAT": ("input", "+300.000,+300.000"),
}  # fmt: skip
"""Queries about what does not happen here, with whose number they take and their answer."""


@dataclasses.dataclass(frozen=True)
class ControllerModel:
    """What one model has."""

    identity: str
    inputs: str
    outputs: int
    heaters: Mapping[int, int]
    """Highest range of each output that a heater's range switches on."""
    numbered: bool = True
    """Whether the commands of the heater take the number of its output."""


MODELS = {
    "336": ControllerModel("LSCI,MODEL336,0000000/0000000,2.9", "ABCD", 4, {1: 3, 2: 3, 3: 1, 4: 1}),
    "335": ControllerModel("LSCI,MODEL335,0000000/#######,1.5", "AB", 2, {1: 3, 2: 3}),
    "350": ControllerModel("LSCI,MODEL350,LSA0000/#######,1.7", "ABCD", 4, {1: 5, 2: 5, 3: 1, 4: 1}),
    "340": ControllerModel("LSCI,MODEL340,000000,061407", "AB", 2, {1: 5}, numbered=False),
    "331": ControllerModel("LSCI,MODEL331S,000000,032301", "AB", 2, {1: 3}, numbered=False),
}


class SimulatedLakeShore3xx(ScpiInstrument):
    """A controller in the instrument's own words; input A and output 1 are at the device.

    It is a Model 336, or another of `MODELS` where the bench file's `identity` names that. It has no error queue: the
    standard event status register tells of errors.

    Parameters
    ----------
    context
        What the bench gives it.

    Notes
    -----
    The stage follows the setpoint, or the room where the heater is off, with one time constant; every reading waits
    for the next sample. Answers end with CR LF, and what follows a faulty command in its message is carried out: the
    vendor's own driver asks ``*ESR?`` behind every command. `RANGE` and `HTR?` of a 331 and a 340 take no output (331S
    user's manual, 6-37): of ``RANGE 1,2`` it takes the first number for the range.
    """

    scpi = False
    measures = True
    termination = b"\r\n"
    gives_up = False

    def __init__(self, context: InstrumentContext) -> None:
        named = re.search("|".join(MODELS), context.settings.identity)
        model = named[0] if named else "336"
        self._model = MODELS[model]
        super().__init__(self._model.identity, context.wiring.clock)
        self._wiring = context.wiring
        self._random = np.random.default_rng(context.seed)
        self._temperature = ROOM
        self._at = self.clock.now
        self._wiring.follow_stage(self._temperature_at)
        for word, zero in (("KRDG", 0.0), ("CRDG", 273.15), ("SRDG", 0.0)):
            self.query_with(word, partial(self._read, zero))
        self._loop("SETP", "setpoint", ROOM, 0.0, 1500.0)
        self._loop("MOUT", "manual", 0.0, 0.0, 100.0)
        self._enter_heaters()
        self._records: dict[tuple[str, str], list[float | str]] = {}
        own = {"HTRSET": HEATER_SETUP["335" if model == "335" else "336"]} if self._model.numbered else {"CSET": LOOP}
        for word, record in {**RECORDS, **own}.items():
            self._enter_record(word, record)
        for word, (scope, answer) in AT_REST.items():
            self.query_with(word, partial(self._answer_at_rest, scope, answer))
        for word in ("ALMRST", "MNMXRST"):
            self.action(f":{word}", lambda: None)
        if self._model.numbered:  # a 335 may take the part of a 331 or 332; the vendor's driver tells it not to
            self.command(":EMUL", lambda words: None, lambda words: "0,0")

    def _enter_heaters(self) -> None:
        """Enter ranges and powers: ``RANGE 1,2`` sets output 1 to medium; the unpowered ones are on or off."""
        self.query_with("HTR", lambda words: f"{self._power(self._heater(words)):+.1f}")
        self.query_with("AOUT", lambda words: f"{self._power(self._heater(words, unpowered=True)):+.1f}")
        for output in self._model.heaters:
            self.settings[f"range{output}"] = self._defaults[f"range{output}"] = 0

        def set_(words: list[str]) -> None:
            self._set_range(self._heater(words), words[1:] if self._model.numbered else words[:1])

        self.command(":RANGE", set_, lambda words: str(int(self.value(f"range{self._heater(words)}"))))

    def _set_range(self, output: int, words: list[str]) -> None:
        value = int(self.one_number(words, 0, self._model.heaters[output]))
        self._follow()
        self.settings[f"range{output}"] = value

    def _heater(self, words: list[str], *, unpowered: bool = False) -> int:
        output = self._output(words) if self._model.numbered else 1
        if output not in self._model.heaters or (unpowered and self._model.heaters[output] > 1):
            raise ScpiError(-222)
        return output

    def query_with(self, word: str, answer: Callable[[list[str]], str]) -> None:
        """Enter a query with parameters."""

        def refuse(words: list[str]) -> None:
            raise ScpiError(-113)

        self.command(f":{word}", refuse, answer)

    def _enter_record(self, word: str, record: Record) -> None:
        """Enter a command that sets several values at once, of an input, an output or the whole instrument."""

        def set_(words: list[str]) -> None:
            whose = self._whose(record.scope, words)
            self._records[word, whose] = record.parse(words[1:] if record.scope else words)

        def get(words: list[str]) -> str:
            whose = self._whose(record.scope, words)
            if len(words) > bool(record.scope):
                raise ScpiError(-108)
            return record.write(self._records.get((word, whose), record.defaults))

        self.command(f":{word}", set_, get)

    def _whose(self, scope: str, words: list[str]) -> str:
        """Input, output, curve or relay that the first parameter names; empty for the whole instrument."""
        if scope == "input":
            return self._input(words)
        if scope:
            most = {"output": self._model.outputs, "curve": CURVES, "relay": RELAYS}[scope]
            return str(int(self.one_number(words[:1], 1, most)))
        return ""

    def _answer_at_rest(self, scope: str, answer: str, words: list[str]) -> str:
        self._whose(scope, words)
        return answer

    def _loop(self, word: str, key: str, default: float, low: float, high: float) -> None:
        """Enter a setting of each output: ``SETP 1,310`` sets it, ``SETP? 1`` asks for it."""
        for output in range(1, self._model.outputs + 1):
            self.settings[f"{key}{output}"] = self._defaults[f"{key}{output}"] = default

        def set_(words: list[str]) -> None:
            output = self._output(words)
            value = self.one_number(words[1:], low, high)
            self._follow()
            self.settings[f"{key}{output}"] = value

        def get(words: list[str]) -> str:
            return f"{self.value(f'{key}{self._output(words)}'):+08.3f}"

        self.command(f":{word}", set_, get)

    def _output(self, words: list[str]) -> int:
        return int(self.one_number(words[:1], 1, self._model.outputs))

    def _input(self, words: list[str]) -> str:
        name = words[0].upper() if words else "A"
        if name[:1] not in self._model.inputs or (name[1:] and name[1:] not in "12345"):
            raise ScpiError(-224)
        return name

    def handle(self, message: str) -> bytes | None:
        """Carry out one message; a query may stand close to its parameter, as in ``KRDG?A``."""
        return super().handle(message if '"' in message or "'" in message else CLOSE_QUERY.sub("? ", message))

    def reset(self) -> None:
        """Return to the settings of ``*RST``; the stage keeps its temperature."""
        self._follow()
        self._records.clear()
        super().reset()

    # the stage

    def _temperature_at(self, instant: float) -> float:
        target = self.value("setpoint1") if self.value("range1") else ROOM
        follows = target + (self._temperature - target) * math.exp(-(instant - self._at) / TIME_CONSTANT)
        return max(follows, 0.1)

    def _follow(self) -> None:
        """Let the temperature run up to now, and the device live through it."""
        self._wiring.elapse()
        now = self.clock.now
        self._temperature, self._at = self._temperature_at(now), now

    def _power(self, output: int) -> float:
        self._follow()
        if output != 1 or not self.value("range1"):
            return 0.0
        return max(0.0, min(100.0, 20.0 + 10.0 * (self.value("setpoint1") - self._temperature)))

    def _read(self, zero: float, words: list[str]) -> str:
        if len(words) > 1:
            raise ScpiError(-108)
        if words == ["0"]:  # all inputs at once
            return ",".join(self._read(zero, [name]) for name in self._model.inputs)
        name = self._input(
            [self._model.inputs[int(words[0]) - 1]] if words in NUMBERS[: len(self._model.inputs)] else words
        )
        self.clock.wait(SAMPLE)
        self._follow()
        temperature = self._temperature if name == "A" else ROOM
        if self.spoiled:
            self.spoiled = ""
            return "+9.90000E+37"
        return f"{temperature - zero + self._random.normal(0.0, NOISE):+08.3f}"
