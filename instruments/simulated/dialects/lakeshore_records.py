"""The settings of a Lake Shore controller that are records: a few values that one command sets and one query gives."""

import dataclasses
from collections.abc import Mapping

from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_number, parse_text
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["HEATER_SETUP", "LOOP", "RECORDS", "Record", "Text", "Value"]


@dataclasses.dataclass(frozen=True)
class Value:
    """A number of a record."""

    default: float
    low: float
    high: float
    form: str = "d"
    """How it is answered, as Python formats numbers; ``d`` for a whole one."""

    def parse(self, word: str) -> float:
        """Read it."""
        value = parse_number(word)
        if not self.low <= value <= self.high:
            raise ScpiError(-222)
        return value

    def write(self, value: float | str) -> str:
        """Write it as the instrument answers it."""
        return format(round(float(value)) if self.form.endswith("d") else float(value), self.form)


@dataclasses.dataclass(frozen=True)
class Text:
    """A text of a record, answered with blanks up to its length."""

    default: str
    length: int

    def parse(self, word: str) -> str:
        """Read it, in quotes or without."""
        return (parse_text(word) if word[:1] in ("'", '"') else word)[: self.length]

    def write(self, value: float | str) -> str:
        """Write it as the instrument answers it."""
        return str(value).ljust(self.length)


@dataclasses.dataclass(frozen=True)
class Record:
    """A command and its query."""

    scope: str
    """What its first parameter names: ``input``, ``output``, ``curve``, ``relay``, or nothing."""
    fields: tuple[Value | Text, ...]

    @property
    def defaults(self) -> list[float | str]:
        """What it holds at first."""
        return [field.default for field in self.fields]

    def parse(self, words: list[str]) -> list[float | str]:
        """Read all its values.

        Raises
        ------
        ScpiError
            -108 or -109 where there are more or fewer, or what a value's own reader says.
        """
        if len(words) != len(self.fields):
            raise ScpiError(-108 if len(words) > len(self.fields) else -109)
        return [field.parse(word) for field, word in zip(self.fields, words, strict=True)]

    def write(self, values: list[float | str]) -> str:
        """Write all its values."""
        return ",".join(field.write(value) for field, value in zip(self.fields, values, strict=True))


def _switch(default: int = 0) -> Value:
    return Value(default, 0, 1)


KELVIN, RATE = "+08.3f", "+06.1f"
RECORDS: Mapping[str, Record] = {
    "TLIMIT": Record("input", (Value(0.0, 0, 1500, "+.3f"),)),
    "INTYPE": Record("input", (Value(1, 0, 5), _switch(), Value(0, 0, 8), _switch(), Value(1, 1, 3))),
    "INNAME": Record("input", (Text("Input", 15),)),
    "INCRV": Record("input", (Value(2, 0, 59, "02d"),)),
    "FILTER": Record("input", (_switch(), Value(8, 2, 64, "02d"), Value(10, 1, 10, "02d"))),
    "DIOCUR": Record("input", (_switch(),)),
    "ALARM": Record(
        "input",
        (
            _switch(),
            Value(1000, 0, 1500, KELVIN),
            Value(0, 0, 1500, KELVIN),
            Value(0, 0, 1500, KELVIN),
            _switch(),
            _switch(1),
            _switch(1),
        ),
    ),
    "CRVHDR": Record(
        "curve",
        (Text("DT-670", 15), Text("STANDARD C", 10), Value(2, 1, 4), Value(500, 0, 1500, KELVIN), Value(1, 1, 2)),
    ),
    "PID": Record("output", (Value(50, 0, 1000, RATE), Value(20, 0, 1000, RATE), Value(0, 0, 200, RATE))),
    "OUTMODE": Record("output", (Value(1, 0, 5), Value(1, 0, 8), _switch())),
    "RAMP": Record("output", (_switch(), Value(0, 0, 100, "+06.2f"))),
    "WARMUP": Record("output", (_switch(), Value(100, 0, 100, RATE))),
    "ANALOG": Record(
        "output", (Value(1, 0, 8), Value(1, 1, 3), Value(0, -1e4, 1e4, KELVIN), Value(0, -1e4, 1e4, KELVIN), _switch())
    ),
    "POLARITY": Record("output", (_switch(),)),
    "DISPFLD": Record("relay", (Value(1, 0, 8), Value(1, 1, 6))),
    "RELAY": Record("relay", (Value(0, 0, 2), Text("A", 1), Value(0, 0, 2))),
    "DISPLAY": Record("", (Value(0, 0, 7), Value(2, 0, 4), _switch(1))),
    "BRIGT": Record("", (Value(1, 0, 3),)),
    "LEDS": Record("", (_switch(1),)),
    "LOCK": Record("", (_switch(), Value(123, 0, 999, "03d"))),
    "MODE": Record("", (Value(0, 0, 2),)),
    "INTSEL": Record("", (_switch(),)),
    "IEEE": Record("", (Value(12, 1, 30, "02d"),)),
    "OPSTE": Record("", (Value(0, 0, 255, "03d"),)),
}
"""Headers and their values, after the Model 336 manual as Lake Shore's own driver and QCoDeS's speak them."""
HEATER_SETUP: Mapping[str, Record] = {
    "336": Record("output", (Value(1, 1, 2), Value(2, 0, 4), Value(1.0, 0, 2, "+.3f"), Value(1, 1, 2))),
    "335": Record("output", (_switch(), Value(1, 1, 2), Value(2, 0, 4), Value(1.0, 0, 2, "+.3f"), Value(1, 1, 2))),
}
"""``HTRSET``: that of a 335 tells first whether the output gives a current or a voltage."""
LOOP = Record("output", (Text("A", 1), Value(1, 1, 3), _switch(), _switch()))
"""``CSET`` of a 331 or 340: input, units, and whether the loop is on now and after the mains."""
