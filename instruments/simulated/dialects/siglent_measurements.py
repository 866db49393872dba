"""The measurements that a Siglent oscilloscope makes on a sweep, and how it is asked for them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SiglentMeasurements"]

Sweep = tuple[NDArray[np.float64], float]

ITEMS = 12
"""Advanced measurements, P1 to P12."""
TYPES = tuple(
    """PKPK MAX MIN AMPL TOP BASE LEVELX CMEAN MEAN STDEV VSTD RMS CRMS MEDIAN CMEDIAN OVSN FPRE OVSP RPRE PER FREQ TMAX
    TMIN PWID NWID DUTY NDUTY WID NBWID DELAY TIMEL RISE FALL RISE10T90 FALL90T10 CCJ PAREA NAREA AREA ABSAREA CYCLES
    REDGES FEDGES EDGES PPULSES NPULSES""".split()  # noqa: SIM905
)
UNKNOWN = "****"
"""Answer where a measurement finds nothing."""
STATISTICS = ("CURRENT", "CURR", "MEAN", "MAXIMUM", "MAX", "MINIMUM", "MIN")


class SiglentMeasurements:
    """The `:MEASure` commands.

    Parameters
    ----------
    instrument
        Its commands are entered there.
    sweep
        Gives the voltages that a channel sees [V] and the time between them [s].

    Notes
    -----
    After the programming guide EN11G as PyMeasure's driver speaks it. Each measurement is made again when it is asked
    for, so that its statistics are those of one sweep.
    """

    def __init__(self, instrument: ScpiInstrument, sweep: Callable[[int], Sweep]) -> None:
        self._settings: dict[str, Any] = instrument.settings
        self._sweep = sweep
        instrument.choice(":MEASure", "OFF", ("ON", "OFF"))
        instrument.choice(":MEASure:MODE", "SIMPle", ("SIMPle", "ADVanced"))
        instrument.choice(":MEASure:SIMPle:SOURce", "C1", ("C1", "C2", "C3", "C4"), key="simple")
        instrument.number(":MEASure:ADVanced:LINenumber", ITEMS, 1, ITEMS, integer=True)
        instrument.choice(":MEASure:ADVanced:STATistics", "OFF", ("ON", "OFF"), key="statistics")
        for word in (":ADVanced:STATistics:RESet", ":ADVanced:CLEar", ":SIMPle:CLEar"):
            instrument.action(f":MEASure{word}", lambda: None)
        for item in range(1, ITEMS + 1):
            self._enter_item(instrument, item)
        instrument.tree.add(":MEASure:SIMPle:VALue", Command(get=self._simple))

    def _enter_item(self, instrument: ScpiInstrument, item: int) -> None:
        head = f":MEASure:ADVanced:P{item}"
        instrument.choice(head, "OFF", ("ON", "OFF"), key=f"measured P{item}")
        instrument.choice(f"{head}:TYPE", "PKPK", TYPES, key=f"type P{item}")
        for source in ("source1", "source2"):
            pattern = f"{head}:{source.replace('source', 'SOURce')}"
            instrument.choice(pattern, "C1", ("C1", "C2", "C3", "C4"), key=f"{source} P{item}")
        instrument.query(f"{head}:VALue", lambda: self._value(item))
        instrument.tree.add(f"{head}:STATistics", Command(get=lambda suffixes, words: self._statistic(item, words)))

    def _value(self, item: int) -> str:
        if self._settings[f"measured P{item}"] == "OFF":
            return "OFF"
        return self._measure(str(self._settings[f"source1 P{item}"]), str(self._settings[f"type P{item}"]))

    def _statistic(self, item: int, words: list[str]) -> str:
        if len(words) != 1:
            raise ScpiError(-108 if words else -109)
        if self._settings["statistics"] == "OFF":
            return "OFF"
        if words[0].upper() in ("STDEV", "STD"):
            return "0.00E+00"
        if words[0].upper() in ("COUNT", "COUN"):
            return "1"
        if words[0].upper() not in STATISTICS:
            raise ScpiError(-224)
        return self._value(item)

    def _simple(self, suffixes: tuple[int, ...], words: list[str]) -> str:
        if len(words) != 1:
            raise ScpiError(-108 if words else -109)
        if words[0].upper() == "ALL":
            source = str(self._settings["simple"])
            return ",".join(f"{kind},{self._measure(source, kind)}" for kind in TYPES)
        if words[0].upper() not in TYPES:
            raise ScpiError(-224)
        return self._measure(str(self._settings["simple"]), words[0].upper())

    def _measure(self, source: str, kind: str) -> str:
        volts, interval = self._sweep(int(source[1]))
        middle = (volts.max() + volts.min()) / 2
        crossings = np.flatnonzero((volts[:-1] < middle) & (volts[1:] >= middle))
        # Noise crosses the middle of itself: a swing is one that stands out of it.
        swings = np.ptp(volts) > 8 * np.abs(np.diff(volts)).mean() and crossings.size > 1
        period = float(np.diff(crossings).mean()) * interval if swings else None
        found = {
            "PKPK": float(np.ptp(volts)),
            "MAX": float(volts.max()),
            "MIN": float(volts.min()),
            "MEAN": float(volts.mean()),
            "STDEV": float(volts.std()),
            "RMS": float(np.sqrt(np.mean(volts**2))),
            "MEDIAN": float(np.median(volts)),
            "PER": period,
            "FREQ": None if period is None else 1 / period,
        }.get(kind)
        return UNKNOWN if found is None else f"{found:.2E}"
