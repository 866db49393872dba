"""A simulated Keysight 81160A: pulses on a trigger or on command."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.place import Place
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi_instrument import ScpiInstrument

__all__ = ["SimulatedKeysight81160A"]

SOURCE_RESISTANCE = 50.0
"""Output resistance [Ω]."""
MOST_PULSES = 10**7
"""Pulses of one train; more would keep the bench busy for minutes."""


class SimulatedKeysight81160A(ScpiInstrument):
    """The two-channel pulse generator; channel 1 is wired to the device.

    Parameters
    ----------
    place
        Its place on the bench; the trigger line of its cables reaches the external arm input.

    Notes
    -----
    Ranges after the Keysight 81160A user's guide as PyMeasure states them; the shortest period is the 3.03 ns
    of the guide (330 MHz), not PyMeasure's 2 ns.
    """

    channels = 2

    def __init__(self, place: Place) -> None:
        super().__init__("Agilent Technologies,81160A,MY00000000,1.0.3.0-2.6", place.wiring.clock)
        self._wiring = place.wiring
        self.number(":VOLTage#:HIGH", 0.5, -4.95, 5.0, key="high", unit="V")
        self.number(":VOLTage#:LOW", -0.5, -5.0, 4.95, key="low", unit="V")
        self.number(":VOLTage#:LIMit:HIGH", 10.0, -9.99, 10.0, key="limit_high", unit="V")
        self.number(":VOLTage#:LIMit:LOW", -10.0, -10.0, 9.99, key="limit_low", unit="V")
        self.switch(":VOLTage#:LIMit:STATe", False, key="limited")
        shapes = ("SINusoid", "SQUare", "RAMP", "PULSe", "NOISe", "DC", "USER")
        self.choice(":FUNCtion#[:SHAPe]", "SINusoid", shapes, key="shape")
        self.number(":PULSe:WIDTh#", 100e-6, 1.5e-9, 1e6, key="width", unit="S")
        self.number(":PULSe:PERiod#", 1e-3, 3.03e-9, 1e6, key="period", unit="S")
        self.number(":FUNCtion#:PULSe:TRANsition[:LEADing]", 1e-9, 1e-9, 1e3, key="edge", unit="S")
        self.number(":OUTPut#:LOAD", 50.0, 0.3, 1e6, key="load", unit="OHM")
        self.switch(":OUTPut#[:STATe]", False, key="output")
        sources = ("IMMediate", "INTernal2", "EXTernal", "MANual")
        self.choice(":ARM:SOURce#", "IMMediate", sources, key="arm")
        self.number(":TRIGger#:COUNt", 1, 1, 2147483647, key="burst", integer=True)
        place.wiring.connect(place.cables.trigger_line, self._external)

    def changed(self, key: str) -> None:
        """Refuse levels beyond the instrument's own limits, and levels the wrong way round."""
        if key[:-1] not in ("high", "low", "limit_high", "limit_low", "limited"):
            return
        channel = key[-1]
        high, low = self.value(f"high{channel}"), self.value(f"low{channel}")
        beyond = high > self.value(f"limit_high{channel}") or low < self.value(f"limit_low{channel}")
        if high <= low or (self.settings[f"limited{channel}"] and beyond):
            self.settings[f"output{channel}"] = False
            raise ScpiError(-221)

    def trigger(self) -> None:
        """Send a burst where the arm source is manual."""
        if self.settings["arm1"] == "MAN":
            self._fire(1, 0.0)

    def _external(self, count: int, interval: float) -> NDArray[np.uint8] | None:
        return self._fire(count, interval) if self.settings["arm1"] == "EXT" else None

    def _fire(self, count: int, interval: float) -> NDArray[np.uint8] | None:
        """Send `count` bursts to the device; return its state after each."""
        if not self.settings["output1"] or self.settings["shape1"] != "PULS":
            return None
        burst = int(self.value("burst1"))
        try:
            if count * burst > MOST_PULSES:
                raise ValueError(f"{count * burst} pulses are more than the {MOST_PULSES} that the simulation covers")
            states = self._wiring.pulse(self._pulse(), count * burst, interval)
        except ValueError as error:
            self.report(ScpiError(-200, f"Execution error;{error}"))
            return None
        return states[burst - 1 :: burst]

    def _pulse(self) -> Pulse:
        """Describe the pulse as it reaches a device whose resistance is far above 50 Ω.

        The instrument is told the load and doubles its own voltage accordingly; an open end sees all of it.
        """
        load = self.value("load1")
        open_circuit = (load + SOURCE_RESISTANCE) / load
        swing = self.value("high1") - self.value("low1")
        return Pulse(swing * open_circuit, self.value("width1"), self.value("edge1"), self.value("edge1"))
