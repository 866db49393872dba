"""How a Keithley sends its readings: which elements, as text or as a block of indefinite length."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["ReadingFormat"]

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
