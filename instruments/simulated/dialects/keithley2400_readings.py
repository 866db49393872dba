"""The readings of a Keithley 2400: what it sources, what it measures, compliance, overflow and noise."""

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["ELEMENTS", "OVERFLOW", "Keithley2400Readings"]

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
IN_COMPLIANCE = 1 << 3
"""Bit of a reading's status."""
COMPLIANCE_EVENT, OVERFLOW_EVENT = 1 << 14, 1 << 7
"""Bits of the measurement event register."""


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
    """

    def __init__(self, instrument: ScpiInstrument, wiring: Wiring, seed: int) -> None:
        self._instrument = instrument
        self._wiring = wiring
        self._random = np.random.default_rng(seed)
        self.tripped = False
        """Whether the last reading was in compliance."""

    def take(self, states: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        """Read once at each state, shape (N,); give an array (N,) for each element but the times."""
        instrument, wiring = self._instrument, self._wiring
        cycles = instrument.value("nplc")
        bandwidth = instrument.value("line_frequency") / (2 * cycles)  # an integrator's noise bandwidth is 1/(2 T)
        noise: NDArray[np.float64] = self._random.standard_normal(len(states)) / math.sqrt(cycles)
        if instrument.settings["source"] == "VOLT":
            voltages = np.full(len(states), instrument.value("voltage"))
            currents = wiring.currents(states, instrument.value("voltage"), bandwidth) + NOISE * noise
            currents, tripped = self._limit(currents, "current")
        else:
            currents = np.full(len(states), instrument.value("current"))
            voltages = wiring.voltages(states, instrument.value("current"), bandwidth) + VOLTAGE_NOISE * noise
            voltages, tripped = self._limit(voltages, "voltage")
        resistances = np.full(len(states), OVERFLOW)
        np.divide(voltages, currents, out=resistances, where=currents != 0)
        status = np.where(tripped, float(IN_COMPLIANCE), 0.0)
        return {"VOLT": voltages, "CURR": currents, "RES": resistances, "STAT": status}

    def _limit(self, values: NDArray[np.float64], key: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Clip at compliance, overflow beyond the range, and spoil what a fault spoils."""
        instrument = self._instrument
        compliance = abs(instrument.value(f"{key}_compliance"))
        tripped = np.abs(values) >= compliance
        values = np.clip(values, -compliance, compliance)
        if not instrument.settings[f"{key}_range_auto"]:
            values[np.abs(values) > 1.05 * abs(instrument.value(f"{key}_range"))] = OVERFLOW
        if instrument.spoiled:
            struck = int(self._random.integers(len(values)))
            values[struck] = OVERFLOW if instrument.spoiled == "overflow" else math.copysign(compliance, values[struck])
            tripped[struck] = instrument.spoiled == "compliance"
            instrument.spoiled = ""
        self.tripped = bool(tripped[-1])
        measurement = instrument.status.registers["MEASurement"]
        measurement.set(COMPLIANCE_EVENT, bool(tripped.any()))
        measurement.set(OVERFLOW_EVENT, bool((np.abs(values) >= OVERFLOW).any()))
        return values, tripped
