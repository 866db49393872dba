"""A simulated Stanford Research SR830: the harmonics that a sinusoidal current makes at the contacts of a bar."""

import math
import re

import numpy as np

from mtjlab.instruments import LockInSettings
from mtjlab.instruments.simulated.bar_wiring import Sine
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedSR830"]

CLOSE = re.compile(r"(^|;)\s*([A-Za-z]{4})(\?)?\s*(?=[-+.\d])")
"""A word that stands close to its parameter, as in ``SENS22`` or ``OUTP?1``."""
TIME_CONSTANTS = [factor * 10.0**power for power in range(-5, 5) for factor in (1, 3)]
"""Time constants of the output filter by their number [s]: 10 µs to 30 ks."""
SENSITIVITIES = [factor * 10.0**power for power in range(-9, 1) for factor in (1, 2, 5)][1:28]
"""Full scales by their number [V]: 2 nV to 1 V."""
HIGHEST = 102e3
"""Highest frequency of detection [Hz]."""
OUTPUT_RESISTANCE = 50.0
"""Resistance of the oscillator's output [Ω]."""
NOISE = 6e-9
"""Noise of the input [V/√Hz], as its data sheet has it at 1 kHz."""
HEADROOM = 1.09
"""Share of the full scale from which the output is overloaded."""
INPUT, FILTER, OUTPUT, UNLOCKED = 1, 2, 4, 8
"""Bits of the lock-in status byte."""
LARGEST_INPUT = 1.0
"""Largest voltage at the input [V], rms."""


class SimulatedSR830(ScpiInstrument):
    """The lock-in at one pair of contacts of a bar; its reference input gets the phase marker of a current source.

    Its oscillator drives the bar where the bench file states the resistor between them. A junction gives it nothing to
    detect.

    Parameters
    ----------
    context
        What the bench gives it; its section of the bench file says which contacts.

    Notes
    -----
    Words and numbers as PyMeasure's driver and the SR830 manual have them (section 5, remote programming). The output
    filter has its poles: a reading that comes sooner than they settle is between the old value and the new one. There
    is no error queue: the standard event status byte tells of errors.
    """

    scpi = False
    measures = True
    identity = "Stanford_Research_Systems,SR830,s/n00000,ver1.07"
    least = 0.004
    """Amplitude of the oscillator that counts as off [V]."""

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(type(self).identity, context.wiring.clock)
        self._bar = context.bar
        looks = context.settings if isinstance(context.settings, LockInSettings) else None
        self._contacts = "longitudinal" if looks is None else looks.contacts
        self._series = None if looks is None else looks.series_resistance
        self._random = np.random.default_rng(context.seed)
        self._shown = (0.0, 0.0)
        self._shown_at = self.clock.now
        self._lia = 0
        self._enter_reference()
        self._enter_input()
        self._enter_output()
        self._enter_readings()

    def _enter_reference(self) -> None:
        self.number(":FREQ", 1000.0, 1e-3, HIGHEST, key="frequency")
        self.query(":FREQ", lambda: f"{self._frequency():.6g}")
        self.number(":PHAS", 0.0, -360.0, 729.99, key="phase")
        self.number(":FMOD", 1, 0, 1, key="internal", integer=True)
        self.number(":RSLP", 0, 0, 2, key="slope", integer=True)
        self.number(":HARM", 1, 1, 19999, key="harmonic", integer=True)
        self.number(":SLVL", 1.0, 0.004, 5.0, key="amplitude")

    def _enter_input(self) -> None:
        for word, most in (("ISRC", 3), ("IGND", 1), ("ICPL", 1), ("ILIN", 3)):
            self.number(f":{word}", 0, 0, most, key=word.lower(), integer=True)

    def _enter_output(self) -> None:
        self.number(":SENS", 26, 0, 26, key="sensitivity", integer=True)
        self.number(":RMOD", 1, 0, 2, key="reserve", integer=True)
        self.number(":OFLT", 10, 0, 19, key="time_constant", integer=True)
        self.number(":OFSL", 1, 0, 3, key="poles", integer=True)
        self.switch(":SYNC", False, key="synchronous")
        self.number(":OUTX", 1, 0, 1, key="interface", integer=True)
        self.number(":OVRM", 1, 0, 1, key="remote", integer=True)
        for channel in (1, 2, 3):
            self.settings[f"offset{channel}"] = self._defaults[f"offset{channel}"] = 0.0
            self.settings[f"expand{channel}"] = self._defaults[f"expand{channel}"] = 0
        self.command(":OEXP", self._set_offset, self._get_offset)
        for word in ("AGAN", "ARSV", "APHS", "REST", "STRT", "PAUS"):
            self.action(f":{word}", lambda: None)

    def _enter_readings(self) -> None:
        self.command(":OUTP", self._refuse, lambda words: f"{self._value(int(self.one_number(words, 1, 4))):.6g}")
        self.command(":SNAP", self._refuse, self._snap)
        self.command(":LIAS", self._refuse, self._take_status)
        self.query(":ERRS", lambda: "0")

    @staticmethod
    def _refuse(words: list[str]) -> None:
        raise ScpiError(-113)

    def handle(self, message: str) -> bytes | None:
        """Carry out one message; a word may stand close to its parameter."""
        return super().handle(CLOSE.sub(r"\1\2\3 ", message))

    def changed(self, key: str) -> None:
        """Let the output run up to now with what was set before; an oscillator that is connected drives the bar."""
        if key == "harmonic" and self.value("harmonic") * self._frequency() > HIGHEST:
            raise ScpiError(-222)
        if key == "frequency" and not self.settings["internal"]:
            raise ScpiError(-221)
        if key == "amplitude":
            self.settings["amplitude"] = round(self.value("amplitude") / 0.002) * 0.002
        if key in ("amplitude", "frequency", "internal"):
            self._drive()

    def _drive(self) -> None:
        if self._bar is None or self._series is None:
            return
        least = self.value("amplitude") <= self.least
        peak = math.sqrt(2) * self.value("amplitude") / (self._series + OUTPUT_RESISTANCE + self._bar.resistance)
        self._bar.sine = None if least else Sine(peak, self.value("frequency"), "lock_in")

    def reset(self) -> None:
        """Return to the settings of ``*RST``: the oscillator at 1 V."""
        super().reset()
        self._drive()

    def _frequency(self) -> float:
        """Frequency of the reference [Hz]: its own, or that of the marker at its input."""
        if self.settings["internal"]:
            return self.value("frequency")
        sine = None if self._bar is None else self._bar.sine
        return sine.frequency if sine is not None and sine.reference == "marker" else 0.0

    # the reading

    @property
    def _tau(self) -> float:
        return TIME_CONSTANTS[int(self.value("time_constant"))]

    @property
    def _full_scale(self) -> float:
        return SENSITIVITIES[int(self.value("sensitivity"))]

    def _target(self) -> tuple[float, float]:
        """Give X and Y that the filter approaches [V]."""
        noise = NOISE * math.sqrt(1 / (4 * self._tau))
        x, y = self._random.normal(0.0, noise, 2).tolist()
        sine = None if self._bar is None else self._bar.sine
        coherent = sine is not None and sine.reference == ("lock_in" if self.settings["internal"] else "marker")
        if self._bar is None or not coherent or self.value("harmonic") > 2:
            return x, y
        first, second = self._bar.harmonics(self._tau, self._contacts)
        # The second goes as −cos(2ωt), which is a quarter of a period behind sin(2ωt).
        size, phase = (first, 0.0) if self.value("harmonic") == 1 else (second, -math.pi / 2)
        if max(abs(first), abs(second)) > LARGEST_INPUT:
            self._lia |= INPUT
        behind = phase - math.radians(self.value("phase"))
        return x + size * math.cos(behind), y + size * math.sin(behind)

    def _follow(self) -> tuple[float, float]:
        """Let X and Y run up to now, and look whether they are within the full scale."""
        elapsed = (self.clock.now - self._shown_at) / self._tau
        poles = int(self.value("poles")) + 1
        left = math.exp(-min(elapsed, 700.0)) * sum(elapsed**k / math.factorial(k) for k in range(poles))
        target = self._target()
        self._shown = tuple(  # type: ignore[assignment]
            now + (before - now) * left for now, before in zip(target, self._shown, strict=True)
        )
        self._shown_at = self.clock.now
        if max(map(abs, self._shown)) > HEADROOM * self._full_scale:
            self._lia |= OUTPUT
        if not self._frequency():
            self._lia |= UNLOCKED
        if self.spoiled:
            self._lia |= OUTPUT
            self.spoiled = ""
        return self._shown

    def _value(self, which: int) -> float:
        x, y = self._follow()
        return (x, y, math.hypot(x, y), math.degrees(math.atan2(y, x)))[which - 1]

    def _snap(self, words: list[str]) -> str:
        if not 2 <= len(words) <= 6:
            raise ScpiError(-109 if len(words) < 2 else -108)
        numbers = [int(self.one_number([word], 1, 11)) for word in words]
        x, y = self._follow()
        known = {1: x, 2: y, 3: math.hypot(x, y), 4: math.degrees(math.atan2(y, x)), 9: self._frequency(), 10: x, 11: y}
        return ",".join(f"{known.get(number, 0.0):.6g}" for number in numbers)

    def _take_status(self, words: list[str]) -> str:
        """Give the lock-in status byte, or one bit of it, and clear what was given."""
        self._follow()
        if words:
            bit = int(self.one_number(words, 0, 7))
            found = self._lia >> bit & 1
            self._lia &= ~(1 << bit)
            return str(found)
        status, self._lia = self._lia, 0
        return str(status)

    def _set_offset(self, words: list[str]) -> None:
        if len(words) != 3:
            raise ScpiError(-109 if len(words) < 3 else -108)
        channel = int(self.one_number(words[:1], 1, 3))
        offset, expand = self.one_number(words[1:2], -105.0, 105.0), int(self.one_number(words[2:], 0, 2))
        self.settings[f"offset{channel}"], self.settings[f"expand{channel}"] = offset, expand

    def _get_offset(self, words: list[str]) -> str:
        channel = int(self.one_number(words, 1, 3))
        return f"{self.value(f'offset{channel}'):g},{int(self.value(f'expand{channel}'))}"
