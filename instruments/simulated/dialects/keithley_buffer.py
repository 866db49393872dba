"""The buffer of Keithley's instruments: it stores one run of the trigger model and sends it back."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.dialects.reading_format import ReadingFormat
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["KeithleyBuffer"]

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
