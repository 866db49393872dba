"""A simulated Lake Shore 336: the temperature at the device."""

import math
from collections.abc import Callable

import numpy as np

from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["SimulatedLakeShore3xx"]

ROOM = 300.0
"""Temperature that the stage falls or rises to with the heater off [K]."""
TIME_CONSTANT = 2.0
"""Time constant of the stage [s]. Chosen here: a small heated stage, not a cryostat."""
SAMPLE = 0.1
"""Time of one reading [s]."""
NOISE = 2e-3
"""Noise of a reading [K]. Chosen here."""
INPUTS = tuple("ABCD")


class SimulatedLakeShore3xx(ScpiInstrument):
    """The controller, in the instrument's own words; input A and output 1 are at the device.

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
    channels = 4

    def __init__(self, place: Place) -> None:
        super().__init__("LSCI,MODEL336,0000000/0000000,2.9", place.wiring.clock)
        self._wiring = place.wiring
        self._random = np.random.default_rng(place.seed)
        self._temperature = ROOM
        self._at = self.clock.now
        self._wiring.follow_stage(self._temperature_at)
        self.query_with("KRDG", lambda words: self._read(words, 0.0))
        self.query_with("CRDG", lambda words: self._read(words, 273.15))
        self.query_with("SRDG", lambda words: self._read(words, 0.0))
        self.query_with("HTR", lambda words: f"{self._power(self._output(words)):+.1f}")
        self._loop("SETP", "setpoint", ROOM, 0.0, 1500.0)
        self._loop("MOUT", "manual", 0.0, 0.0, 100.0)
        self._loop("RANGE", "range", 0.0, 0.0, 3.0)

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
            self.settings[f"{key}{output}"] = float(int(value)) if key == "range" else value

        def get(words: list[str]) -> str:
            value = self.value(f"{key}{self._output(words)}")
            return str(int(value)) if key == "range" else f"{value:+.4f}"

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
        if name[:1] not in INPUTS or (name[1:] and name[1:] not in "12345"):
            raise ScpiError(-224)
        self.clock.wait(SAMPLE)
        self._follow()
        temperature = self._temperature if name == "A" else ROOM
        if self.spoiled:
            self.spoiled = ""
            return "+9.90000E+37"
        return f"{temperature - zero + self._random.normal(0.0, NOISE):+.5g}"
