"""What Keithley's instruments share: how readings are sent, the buffer that stores them, the system commands."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_settings import Setting
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["ReadingFormat", "KeithleyBuffer", "enter_keithley_system"]

HEAD = b"#0"
"""What a block begins with: it says nothing of the length, in either byte order (2400 user's manual, p. 18-48)."""


class ReadingFormat:
    """The ``:FORMat`` commands of an instrument, and what they make of readings.

    Parameters
    ----------
    instrument
        Instrument whose commands are entered.
    elements
        Elements of a reading, in the order they are sent in, such as ``("VOLT", "CURR")``.
    """

    def __init__(self, instrument: ScpiInstrument, elements: tuple[str, ...]) -> None:
        self._all = elements
        self._instrument = instrument
        instrument.command(":FORMat:ELEMents[:SENSe]", self._set_elements, lambda words: ",".join(self.elements))
        instrument.command(":FORMat[:DATA]", self._set_format, lambda words: self._name)
        instrument.choice(":FORMat:BORDer", "NORMal", ("NORMal", "SWAPped"), key="border")
        self.reset()

    def reset(self) -> None:
        """Return to text with all elements."""
        self.elements = self._all
        self._name = "ASC"

    def send(self, columns: dict[str, NDArray[np.float64]]) -> str | bytes:
        """Write readings, one array for each element."""
        chosen = [columns[name] for name in self.elements]
        values = chosen[0] if len(chosen) == 1 else np.stack(chosen, axis=1).ravel()
        if self._name == "ASC":
            return ",".join([f"{value:+.6E}" for value in values.tolist()])
        order = ">" if self._instrument.settings["border"] == "NORM" else "<"
        return HEAD + values.astype(f"{order}f{int(self._name[-2:]) // 8}").tobytes()

    def _set_elements(self, words: list[str]) -> None:
        wanted = {name for word in words for name in self._all if _names(word, name)}
        if not words or len(wanted) < len({word.upper()[:3] for word in words}):
            raise ScpiError(-224 if words else -109)
        # They come in the instrument's order, whatever the order they were asked in.
        self.elements = tuple(name for name in self._all if name in wanted)

    def _set_format(self, words: list[str]) -> None:
        if not words:
            raise ScpiError(-109)
        kind, length = words[0].upper(), words[1] if len(words) > 1 else ""
        if kind in ("ASC", "ASCII") and len(words) == 1:
            self._name = "ASC"
        elif (kind in ("SRE", "SREAL") and len(words) == 1) or (kind == "REAL" and words[1:] in ([], ["32"])):
            self._name = "REAL,32"
        elif (kind in ("DRE", "DREAL") and len(words) == 1) or (kind == "REAL" and length == "64" and len(words) == 2):
            self._name = "REAL,64"
        else:
            raise ScpiError(-224)


def _names(word: str, name: str) -> bool:
    """Tell whether a word such as ``RESistance`` in either form names an element such as ``RES``."""
    upper = word.upper()
    return upper == name or upper in LONG_FORMS.get(name, ())


LONG_FORMS = {
    "VOLT": ("VOLTAGE",),
    "CURR": ("CURRENT",),
    "RES": ("RESISTANCE",),
    "STAT": ("STATUS",),
    "READ": ("READING",),
    "TST": ("TSTAMP", "TSTAMP"),
    "UNIT": ("UNITS",),
}


BUFFER_FULL = 1 << 9
"""Bit of the measurement event register."""
BYTES = 28
"""Memory that a reading takes. Chosen here."""
STATISTICS: dict[str, Callable[[NDArray[np.float64]], float]] = {
    "MEAN": lambda values: float(values.mean()),
    "SDEV": lambda values: float(values.std(ddof=1)) if len(values) > 1 else 0.0,
    "MAX": lambda values: float(values.max()),
    "MIN": lambda values: float(values.min()),
    "PKPK": lambda values: float(np.ptp(values)),
}


class KeithleyBuffer:
    """The ``:TRACe`` and ``:FETCh`` commands of an instrument, and the readings they speak of.

    Parameters
    ----------
    instrument
        Instrument whose commands are entered.
    elements
        Elements of a reading; the first ones are the measured quantities.
    points
        Readings that the buffer holds.
    calculation
        Node of the buffer's statistics, such as ``:CALCulate3``.
    """

    def __init__(self, instrument: ScpiInstrument, elements: tuple[str, ...], points: int, calculation: str) -> None:
        self._instrument = instrument
        self.format = ReadingFormat(instrument, elements)
        self._latest: dict[str, NDArray[np.float64]] = {}
        self._stored: dict[str, NDArray[np.float64]] = {}
        instrument.number(":TRACe:POINts", 100, 1, points, key="points", integer=True)
        instrument.query(":TRACe:POINts:ACTual", lambda: str(self.stored))
        instrument.choice(":TRACe:FEED", "SENSe", ("SENSe", "CALCulate", "CALCulate1", "CALCulate2"))
        instrument.choice(":TRACe:FEED:CONTrol", "NEVer", ("NEVer", "NEXT"), key="feed")
        instrument.action(":TRACe:CLEar", self._stored.clear)
        instrument.choice(":TRACe:TSTamp:FORMat", "ABSolute", ("ABSolute", "DELTa"), key="stamps")
        instrument.query(":TRACe:DATA", lambda: self._send(self._stamped(self._stored)))
        instrument.query(":FETCh", self.fetch)
        instrument.query("[:SENSe]:DATA[:LATest]", self.fetch)
        instrument.query(":TRACe:FREE", lambda: self._free(points))
        kinds = ("MEAN", "SDEViation", "MAXimum", "MINimum", "PKPK")
        instrument.choice(f"{calculation}:FORMat", "MEAN", kinds, key="statistic")
        instrument.switch(f"{calculation}:STATe", False)
        for name in (f"{calculation}:DATA", f"{calculation}:IMMediate"):
            instrument.query(name, self._calculate)

    @property
    def stored(self) -> int:
        """Readings in the buffer."""
        return len(next(iter(self._stored.values()), ()))

    def reset(self) -> None:
        """Forget everything."""
        self._latest.clear()
        self._stored.clear()
        self.format.reset()

    def clear(self) -> None:
        """Forget the stored readings."""
        self._stored.clear()

    def keep(self, columns: dict[str, NDArray[np.float64]]) -> None:
        """Take the readings of a run, one array for each element."""
        self._latest.update(columns)
        settings = self._instrument.settings
        if settings["feed"] == "NEXT":
            points = int(self._instrument.value("points"))
            joined = {
                name: np.concatenate([self._stored[name], values]) if self._stored else values
                for name, values in columns.items()
            }
            self._stored.update({name: values[:points] for name, values in joined.items()})
            if self.stored >= points:
                settings["feed"] = "NEV"  # the buffer is filled once

    def report_full(self) -> None:
        """Set the buffer-full bit, at the end of the run that filled it."""
        full = self.stored > 0 and self._instrument.settings["feed"] == "NEV"
        self._instrument.status.registers["MEASurement"].set(BUFFER_FULL, full)

    def fetch(self) -> str | bytes:
        """Send the readings of the last run."""
        return self._send(self._latest)

    def _send(self, columns: dict[str, NDArray[np.float64]]) -> str | bytes:
        self._instrument.finish()
        if not columns:
            raise ScpiError(-230)
        return self.format.send(columns)

    def _free(self, points: int) -> str:
        """Tell how many bytes are left and how many are used, of 28 a reading."""
        used = BYTES * self.stored
        return f"{BYTES * points - used}, {used}"

    def _stamped(self, columns: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        """Count the time stamps of stored readings from the first one, or each from the one before."""
        if "TIME" not in columns:
            return columns
        times = columns["TIME"]
        delta = self._instrument.settings["stamps"] == "DELT"
        return {**columns, "TIME": np.diff(times, prepend=times[:1]) if delta else times - times[:1]}

    def _calculate(self) -> str:
        if not self._stored:
            raise ScpiError(-230)
        statistic = STATISTICS[str(self._instrument.settings["statistic"])]
        names = [name for name in ("VOLT", "CURR", "RES", "READ") if name in self._stored]
        return ",".join(f"{statistic(self._stored[name]):+.6E}" for name in names)


PLACES = range(5)
"""Memories of settings."""


def enter_keithley_system(instrument: ScpiInstrument) -> None:
    """Enter the commands: display, beeper, presets, memories of settings, and more ways to ask for errors.

    Notes
    -----
    2400 series user's manual, section 18, SYSTem and DISPlay subsystems; the other manuals have the same words.
    """
    instrument.switch(":DISPlay:ENABle", True)
    for window in ("", ":WINDow1", ":WINDow2"):
        key = window or ":WINDow1"
        instrument.text(f":DISPlay{window}:TEXT[:DATA]", "", 32, key=f"{key}:text")
        instrument.switch(f":DISPlay{window}:TEXT:STATe", False, key=f"{key}:shown")
    instrument.command(":SYSTem:BEEPer[:IMMediate]", lambda words: None)
    instrument.switch(":SYSTem:BEEPer:STATe", True)
    instrument.action(":SYSTem:PRESet", instrument.reset)
    instrument.choice(":SYSTem:POSetup", "RST", ("RST", "PRESet", *(f"SAV{place}" for place in PLACES)))
    for name in ("LOCal", "REMote", "RWLock"):
        instrument.action(f":SYSTem:{name}", lambda: None)
    _enter_errors(instrument)
    _enter_memories(instrument)


def _enter_errors(instrument: ScpiInstrument) -> None:
    def take_all() -> list[str]:
        return [instrument.status.next_error() for _ in range(max(1, len(instrument.status.errors)))]

    instrument.action(":SYSTem:CLEar", lambda: instrument.status.errors.clear())
    instrument.action(":SYSTem:ERRor:CLEar", lambda: instrument.status.errors.clear())
    instrument.query(":SYSTem:ERRor:ALL", lambda: ",".join(take_all()))
    instrument.query(":SYSTem:ERRor:CODE[:NEXT]", lambda: instrument.status.next_error().partition(",")[0])
    instrument.query(":SYSTem:ERRor:CODE:ALL", lambda: ",".join(error.partition(",")[0] for error in take_all()))


def _enter_memories(instrument: ScpiInstrument) -> None:
    saved: dict[int, dict[str, Setting]] = {}

    def place_of(words: list[str]) -> int:
        return round(instrument.one_number(words, PLACES[0], PLACES[-1]))

    def save(words: list[str]) -> None:
        saved[place_of(words)] = dict(instrument.settings)

    def recall(words: list[str]) -> None:
        place = place_of(words)
        if place not in saved:
            raise ScpiError(-221)
        instrument.reset()
        # A setup is never recalled with its output on.
        instrument.settings.update({key: value for key, value in saved[place].items() if key != "output"})
        for key in saved[place]:
            instrument.changed(key)
        instrument.settings.update({key: value for key, value in saved[place].items() if key != "output"})

    instrument.command("*SAV", save)
    instrument.command("*RCL", recall)
