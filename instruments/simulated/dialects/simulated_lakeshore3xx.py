"""A simulated Lake Shore 336, and a 331: the temperature at the device."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["SimulatedLakeShore331", "SimulatedLakeShore3xx"]

ROOM = 300.0
"""Temperature that the stage falls or rises to with the heater off [K]."""
TIME_CONSTANT = 2.0
"""Time constant of the stage [s]. Chosen here: a small heated stage, not a cryostat."""
SAMPLE = 0.1
"""Time of one reading [s]."""
NOISE = 2e-3
"""Noise of a reading [K]. Chosen here."""


class SimulatedLakeShore3xx(ScpiInstrument):
    """A Model 336, in the instrument's own words; input A and output 1 are at the device.

    It has no error queue: the standard event status register tells of errors.

    Parameters
    ----------
    place
        Its place on the bench.

    Notes
    -----
    The stage follows the setpoint, or the room where the heater is off, with one time constant; every reading waits
    for the next sample.
    """

    scpi = False
    measures = True
    termination = b"\r\n"
    channels = 4
    IDENTITY: ClassVar[str] = "LSCI,MODEL336,0000000/0000000,2.9"
    INPUTS: ClassVar[str] = "ABCD"
    HEATERS: ClassVar[Mapping[int, int]] = {1: 3, 2: 3, 3: 1, 4: 1}
    """Highest range of each output that a heater's range switches on."""

    def __init__(self, place: Place) -> None:
        super().__init__(self.IDENTITY, place.wiring.clock)
        self._wiring = place.wiring
        self._random = np.random.default_rng(place.seed)
        self._temperature = ROOM
        self._at = self.clock.now
        self._wiring.follow_stage(self._temperature_at)
        self.query_with("KRDG", lambda words: self._read(words, 0.0))
        self.query_with("CRDG", lambda words: self._read(words, 273.15))
        self.query_with("SRDG", lambda words: self._read(words, 0.0))
        self._loop("SETP", "setpoint", ROOM, 0.0, 1500.0)
        self._loop("MOUT", "manual", 0.0, 0.0, 100.0)
        self._enter_heaters()

    def _enter_heaters(self) -> None:
        """Enter ranges and powers: ``RANGE 1,2`` sets output 1 to medium; the unpowered ones are on or off."""
        self.query_with("HTR", lambda words: f"{self._power(self._heater(words, powered=True)):+.1f}")
        self.query_with("AOUT", lambda words: f"{self._power(self._heater(words, powered=False)):+.1f}")
        for output in self.HEATERS:
            self.settings[f"range{output}"] = self._defaults[f"range{output}"] = 0

        def set_(words: list[str]) -> None:
            output = self._heater(words)
            self._set_range(output, words[1:])

        self.command(":RANGE", set_, lambda words: str(int(self.value(f"range{self._heater(words)}"))))

    def _set_range(self, output: int, words: list[str]) -> None:
        value = int(self.one_number(words, 0, self.HEATERS[output]))
        self._follow()
        self.settings[f"range{output}"] = value

    def _heater(self, words: list[str], *, powered: bool | None = None) -> int:
        output = self._output(words)
        if output not in self.HEATERS or powered not in (None, self.HEATERS[output] > 1):
            raise ScpiError(-222)
        return output

    def query_with(self, word: str, answer: Callable[[list[str]], str]) -> None:
        """Enter a query with parameters."""

        def refuse(words: list[str]) -> None:
            raise ScpiError(-113)

        self.command(f":{word}", refuse, answer)

    def _loop(self, word: str, key: str, default: float, low: float, high: float) -> None:
        """Enter a setting of each output: ``SETP 1,310`` sets it, ``SETP? 1`` asks for it."""
        for output in range(1, self.channels + 1):
            self.settings[f"{key}{output}"] = self._defaults[f"{key}{output}"] = default

        def set_(words: list[str]) -> None:
            output = self._output(words)
            value = self.one_number(words[1:], low, high)
            self._follow()
            self.settings[f"{key}{output}"] = value

        def get(words: list[str]) -> str:
            return f"{self.value(f'{key}{self._output(words)}'):+.4f}"

        self.command(f":{word}", set_, get)

    def _output(self, words: list[str]) -> int:
        return int(self.one_number(words[:1], 1, self.channels))

    def reset(self) -> None:
        """Return to the settings of ``*RST``; the stage keeps its temperature."""
        self._follow()
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

    def _read(self, words: list[str], zero: float) -> str:
        if len(words) > 1:
            raise ScpiError(-108)
        name = words[0].upper() if words else "A"
        if name[:1] not in self.INPUTS or (name[1:] and name[1:] not in "12345"):
            raise ScpiError(-224)
        self.clock.wait(SAMPLE)
        self._follow()
        temperature = self._temperature if name == "A" else ROOM
        if self.spoiled:
            self.spoiled = ""
            return "+9.90000E+37"
        return f"{temperature - zero + self._random.normal(0.0, NOISE):+.5g}"


class SimulatedLakeShore331(SimulatedLakeShore3xx):
    """A Model 331S, whose only heater is loop 1's: `RANGE` and `HTR?` take no number of an output.

    Parameters
    ----------
    place
        Its place on the bench.

    Notes
    -----
    331S user's manual, 6-37. Of ``RANGE 1,2`` it takes the first number for the range.
    """

    channels = 2
    IDENTITY = "LSCI,MODEL331S,000000,032301"
    INPUTS = "AB"
    HEATERS: ClassVar[Mapping[int, int]] = {1: 3}

    def _enter_heaters(self) -> None:
        self.settings["range1"] = self._defaults["range1"] = 0
        self.query(":HTR", lambda: f"{self._power(1):+.1f}")
        self.command(
            ":RANGE", lambda words: self._set_range(1, words[:1]), lambda words: str(int(self.value("range1")))
        )
