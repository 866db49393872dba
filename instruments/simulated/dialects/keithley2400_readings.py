"""The readings of a Keithley 2400: what it sources, what it measures, compliance, overflow and noise."""

import enum
import math
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.table_wiring import TableWiring

__all__ = ["ELEMENTS", "NOISE", "OVERFLOW", "OVERHEAD", "TICK", "Keithley2400Readings", "ReadingStatus"]

ELEMENTS = ("VOLT", "CURR", "RES", "TIME", "STAT")
OVERFLOW = 9.9e37
NOISE = 5e-12
"""Noise of the ammeter [A] at one power line cycle; it grows as its inverse root. Chosen here."""
VOLTAGE_NOISE = 1e-6
"""Noise of the voltmeter [V] at one power line cycle. Chosen here."""
OVERHEAD = 285e-6
"""Time of a reading beyond its integration [s]: 185 µs of the converter, 100 µs of the trigger (2400 series user's
manual, p. A-6 and A-8: one function, no automatic zero)."""
TICK = 1 / 1024
"""Step of the time stamps [s] (user's manual, p. 9-5)."""
NOT_MEASURED = 9.91e37
"""What stands for a quantity that is neither sourced nor measured (2400 series user's manual, p. 18-51)."""
COMPLIANCE_EVENT, OVERFLOW_EVENT = 1 << 14, 1 << 7
"""Bits of the measurement event register."""


class ReadingStatus(enum.IntFlag):
    """Bits of a reading's status word (2400 series user's manual, p. 18-51 to 18-55)."""

    OVERFLOW = 1 << 0
    FILTER = 1 << 1
    FRONT = 1 << 2
    COMPLIANCE = 1 << 3
    AUTO_OHMS = 1 << 10
    VOLTS_MEASURED = 1 << 11
    AMPERES_MEASURED = 1 << 12
    OHMS_MEASURED = 1 << 13
    VOLTS_SOURCED = 1 << 14
    AMPERES_SOURCED = 1 << 15


class Keithley2400Readings:
    """Take readings as the settings of an instrument say.

    Parameters
    ----------
    instrument
        Instrument whose settings count, whose events are set, and which a fault may spoil.
    wiring
        Wiring to the device.
    seed
        Seed of the noise.

    Notes
    -----
    A source in compliance gives less than it was set to: what it sources then is what the device takes at the limit of
    the other quantity.
    """

    def __init__(self, instrument: ScpiInstrument, wiring: TableWiring, seed: int) -> None:
        self._instrument = instrument
        self._wiring = wiring
        self._random = np.random.default_rng(seed)

    def take(self, states: NDArray[np.float64], measured: Collection[str]) -> dict[str, NDArray[np.float64]]:
        """Read once at each state, shape (N,); give an array (N,) for each element but the times.

        `measured` holds the functions that are measured, of ``"VOLT:DC"``, ``"CURR:DC"`` and ``"RES"``.
        """
        instrument = self._instrument
        cycles = instrument.value("nplc")
        bandwidth = instrument.value("line_frequency") / (2 * cycles)  # an integrator's noise bandwidth is 1/(2 T)
        noise: NDArray[np.float64] = self._random.standard_normal(len(states)) / math.sqrt(cycles)
        source, other = self._quantities
        own, others = NOISES[source] * noise, NOISES[other] * noise
        answers, tripped = self._limit(self._answer(states, bandwidth) + others, other)
        levels = np.full(len(states), self._level)
        if f"{source}:DC" in measured:
            levels[tripped] = self._sourced_at_the_limit(states[tripped])
            levels += own
        columns = {source: levels, other: answers}
        resistances = np.full(len(states), OVERFLOW)
        np.divide(columns["VOLT"], columns["CURR"], out=resistances, where=columns["CURR"] != 0)
        if f"{other}:DC" not in measured:
            columns[other] = np.full(len(states), NOT_MEASURED)
        columns["RES"] = resistances if "RES" in measured else np.full(len(states), NOT_MEASURED)
        columns["STAT"] = self._status(tripped, np.abs(answers) >= OVERFLOW, measured)
        return columns

    @property
    def in_compliance(self) -> bool:
        """Whether the source cannot give what it was set to, now."""
        if not self._instrument.settings["output"]:
            return False
        answer = self._answer(self._wiring.states(1).astype(float), 0.0)
        return bool(abs(answer[0]) >= self._compliance)

    @property
    def bias(self) -> float:
        """Voltage that a voltage source gives [V]: less than its level where the current is at its limit."""
        states = self._wiring.states(1).astype(float)
        return float(self._sourced_at_the_limit(states)[0]) if self.in_compliance else self._level

    @property
    def _quantities(self) -> tuple[str, str]:
        """What is sourced and what then follows."""
        return ("VOLT", "CURR") if self._instrument.settings["source"] == "VOLT" else ("CURR", "VOLT")

    @property
    def _level(self) -> float:
        return self._instrument.value(KEYS[self._quantities[0]])

    @property
    def _compliance(self) -> float:
        return abs(self._instrument.value(f"{KEYS[self._quantities[1]]}_compliance"))

    def _answer(self, states: NDArray[np.float64], bandwidth: float) -> NDArray[np.float64]:
        """Give what follows from the level that is sourced, at each state."""
        answer = self._wiring.currents if self._quantities[0] == "VOLT" else self._wiring.voltages
        return answer(states, self._level, bandwidth)

    def _sourced_at_the_limit(self, states: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what is sourced where the other quantity is at the compliance, at each state."""
        if not len(states):
            return states
        inverse = self._wiring.voltages if self._quantities[0] == "VOLT" else self._wiring.currents
        sizes = np.abs(inverse(states, self._compliance, 0.0))
        return np.copysign(np.minimum(sizes, abs(self._level)), self._level)

    def _limit(self, values: NDArray[np.float64], quantity: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Clip at compliance, overflow beyond the range, and spoil what a fault spoils."""
        instrument, key, compliance = self._instrument, KEYS[quantity], self._compliance
        tripped = np.abs(values) >= compliance
        values = np.clip(values, -compliance, compliance)
        if not instrument.settings[f"{key}_range_auto"]:
            values[np.abs(values) > 1.05 * abs(instrument.value(f"{key}_range"))] = OVERFLOW
        if instrument.spoiled:
            struck = int(self._random.integers(len(values)))
            values[struck] = OVERFLOW if instrument.spoiled == "overflow" else math.copysign(compliance, values[struck])
            tripped[struck] = instrument.spoiled == "compliance"
            instrument.spoiled = ""
        measurement = instrument.status.registers["MEASurement"]
        measurement.set(COMPLIANCE_EVENT, bool(tripped.any()))
        measurement.set(OVERFLOW_EVENT, bool((np.abs(values) >= OVERFLOW).any()))
        return values, tripped

    def _status(
        self, tripped: NDArray[np.bool_], overflows: NDArray[np.bool_], measured: Collection[str]
    ) -> NDArray[np.float64]:
        settings, status = self._instrument.settings, ReadingStatus
        common = status.VOLTS_SOURCED if settings["source"] == "VOLT" else status.AMPERES_SOURCED
        for bit, on in (
            (status.FILTER, settings["filter"]),
            (status.FRONT, settings["terminals"] == "FRON"),
            (status.AUTO_OHMS, settings["ohms_mode"] == "AUTO"),
            (status.VOLTS_MEASURED, "VOLT:DC" in measured),
            (status.AMPERES_MEASURED, "CURR:DC" in measured),
            (status.OHMS_MEASURED, "RES" in measured),
        ):
            common |= bit if on else 0
        words = np.full(len(tripped), float(common))
        return np.asarray(words + status.COMPLIANCE * tripped + status.OVERFLOW * overflows)


NOISES = {"VOLT": VOLTAGE_NOISE, "CURR": NOISE}
KEYS = {"VOLT": "voltage", "CURR": "current"}
"""Keys of the settings of each quantity."""
