"""A simulated Signal Recovery 7265: the other lock-in's physics, behind words of its own."""

import math
from collections.abc import Callable

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_sr830 import INPUT, OUTPUT, UNLOCKED, SimulatedSR830
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedSR7265"]

TIME_CONSTANTS = [10e-6 * 2.0**power for power in range(7)]
"""Time constants of the output filter by their number [s]: 10 µs to 640 µs, then 5 ms to 50 ks in steps of 1, 2, 5."""
TIME_CONSTANTS += [factor * 10.0**power for power in range(-3, 5) for factor in (1, 2, 5)][2:]
SENSITIVITIES = [factor * 10.0**power for power in range(-9, 1) for factor in (1, 2, 5)][:28]
"""Full scales by their number [V]: 2 nV (1) to 1 V (27)."""
HIGHEST = 250e3
"""Highest frequency of detection [Hz]."""
INVALID, PARAMETER = 2, 4
"""Bits of the status byte."""

Accept = Callable[[float], bool]


class SimulatedSR7265(SimulatedSR830):
    """The lock-in at one pair of contacts of a bar: a word alone asks, a word with a number sets.

    Parameters
    ----------
    context
        What the bench gives it; its section of the bench file says which contacts.

    Notes
    -----
    Words as PyMeasure's driver has them, and overload and status byte as public lab code reads them. It knows nothing
    of IEEE 488.2: ``*IDN?`` is an invalid command, which is not answered.
    """

    identity = "7265"
    least = 0.0

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__(context)
        self._wrong = 0
        self.settings |= {"internal": 0, "amplitude": 0.0, "time_constant": 11, "sensitivity": 27, "oscillator": 1000.0}
        # Words, the settings they are kept in, and what they take.
        self._words: dict[str, tuple[str, float, float]] = {
            "OA.": ("amplitude", 0.0, 5.0),
            "OF.": ("oscillator", 1e-3, HIGHEST),
            "REFN": ("harmonic", 1, 65535),
            "REFP.": ("phase", -360.0, 360.0),
            "IE": ("reference", 0, 2),
            "TC": ("time_constant", 0, len(TIME_CONSTANTS) - 1),
            "SEN": ("sensitivity", 1, len(SENSITIVITIES) - 1),
            "SLOPE": ("poles", 0, 3),
            "IMODE": ("imode", 0, 2),
            "VMODE": ("vmode", 0, 3),
            "FLOAT": ("float", 0, 1),
            "CP": ("coupling", 0, 1),
            "FET": ("fet", 0, 1),
            "AUTOMATIC": ("automatic", 0, 1),
        }
        for key, *_ in self._words.values():
            self.settings.setdefault(key, 0)
        self._answering: dict[str, Callable[[], str]] = {
            "ID": lambda: self.identity,
            "FRQ.": lambda: f"{self._frequency():.6E}",
            "SEN.": lambda: f"{self._full_scale:.1E}",
            "XY.": lambda: ",".join(f"{each:.5E}" for each in self._follow()),
            "N": self._overloads,
            "ST": self._status,
        }

    def handle(self, message: str) -> bytes | None:
        """Carry out one message: a word, and a number where it sets something."""
        word, *numbers = message.upper().split() or [""]
        if not numbers and word in self._answering:
            return self._answering[word]().encode("latin-1")
        if word not in self._words:
            self._spoil(INVALID, -113)
            return None
        key, low, high = self._words[word]
        if not numbers:
            return f"{self.value(key):g}".encode("latin-1")
        try:
            (value,) = map(float, numbers)
        except ValueError:
            value = math.nan
        if not low <= value <= high or (not word.endswith(".") and value != int(value)) or not self._allows(key, value):
            self._spoil(PARAMETER, -222)
            return None
        self._follow()  # up to now, with what was set before
        self.settings[key] = value if word.endswith(".") else int(value)
        if key == "amplitude":
            self.settings[key] = round(value, 3)
        self.settings["internal"] = int(self.settings["reference"] == 0)
        self.settings["frequency"] = self.settings["oscillator"]
        if key in ("amplitude", "oscillator", "reference"):
            self._drive()
        return None

    def _allows(self, key: str, value: float) -> bool:
        """Tell whether other settings allow one: the harmonic's frequency, the poles of short time constants."""
        if key == "harmonic":
            return value * self._frequency() <= HIGHEST
        if key == "poles":
            return value < 2 or self._tau >= TIME_CONSTANTS[7]
        return True

    @property
    def _tau(self) -> float:
        return TIME_CONSTANTS[int(self.value("time_constant"))]

    @property
    def _full_scale(self) -> float:
        return SENSITIVITIES[int(self.value("sensitivity"))]

    def _overloads(self) -> str:
        """Give the overload byte as things are now."""
        self._lia = 0
        self._follow()
        bits = ((INPUT, 64), (OUTPUT, 16), (UNLOCKED, 128))
        return str(sum(theirs for own, theirs in bits if self._lia & own))

    def _spoil(self, bit: int, number: int) -> None:
        """Set a bit of the status byte; the standard's number is for who looks at the simulation, no client sees it."""
        self._wrong |= bit
        self.report(ScpiError(number))

    def _status(self) -> str:
        """Give the status byte and clear its errors; bit 0 says that the command is done."""
        wrong, self._wrong = self._wrong, 0
        return str(1 | wrong)
