"""A simulated Keysight 81160A: pulses on a trigger or on command."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.wiring import Wiring

__all__ = ["SimulatedKeysight81160A"]

SOURCE_RESISTANCE = 50.0
"""Output resistance [Ω]."""
CHANNELS = 2


class SimulatedKeysight81160A(ScpiInstrument):
    """The two-channel pulse generator; channel 1 is wired to the device.

    Parameters
    ----------
    wiring
        Device and trigger lines.
    line
        Trigger line that reaches the external arm input.

    Notes
    -----
    Ranges after the Keysight 81160A user's guide as PyMeasure states them; the shortest period is the 3.03 ns
    of the guide (330 MHz), not PyMeasure's 2 ns.
    """

    def __init__(self, wiring: Wiring, line: int) -> None:
        super().__init__("Agilent Technologies,81160A,MY00000000,1.0.3.0-2.6")
        self._wiring = wiring
        self.number(":VOLTage#:HIGH", 0.5, -4.95, 5.0, channels=CHANNELS)
        self.number(":VOLTage#:LOW", -0.5, -5.0, 4.95, channels=CHANNELS)
        self.number(":VOLTage#:LIMit:HIGH", 10.0, -9.99, 10.0, channels=CHANNELS)
        self.number(":VOLTage#:LIMit:LOW", -10.0, -10.0, 9.99, channels=CHANNELS)
        self.switch(":VOLTage#:LIMit:STATe", False, channels=CHANNELS)
        self.choice(
            ":FUNCtion#[:SHAPe]",
            "SINusoid",
            ("SINusoid", "SQUare", "RAMP", "PULSe", "NOISe", "DC", "USER"),
            channels=CHANNELS,
        )
        self.number(":PULSe:WIDTh#", 100e-6, 1.5e-9, 1e6, channels=CHANNELS)
        self.number(":PULSe:PERiod#", 1e-3, 3.03e-9, 1e6, channels=CHANNELS)
        self.number(":FUNCtion#:PULSe:TRANsition[:LEADing]", 1e-9, 1e-9, 1e3, channels=CHANNELS)
        self.number(":OUTPut#:LOAD", 50.0, 0.3, 1e6, channels=CHANNELS)
        self.switch(":OUTPut#[:STATe]", False, channels=CHANNELS)
        self.choice(":ARM:SOURce#", "IMMediate", ("IMMediate", "INTernal2", "EXTernal", "MANual"), channels=CHANNELS)
        self.number(":TRIGger#:COUNt", 1, 1, 2147483647, channels=CHANNELS)
        self.action("*TRG", self._manual)
        wiring.connect(line, self._external)

    def changed(self, key: str) -> None:
        """Refuse levels beyond the instrument's own limits, and levels the wrong way round."""
        if ":VOLT" not in key:
            return
        channel = key[len(":VOLTage")]
        high, low = (self._value(f":VOLTage{channel}:{name}") for name in ("HIGH", "LOW"))
        limited = self.settings[f":VOLTage{channel}:LIMit:STATe"]
        highest, lowest = (self._value(f":VOLTage{channel}:LIMit:{name}") for name in ("HIGH", "LOW"))
        if high <= low or (limited and (high > highest or low < lowest)):
            self.settings[f":OUTPut{channel}[:STATe]"] = False
            raise ScpiError(-221)

    def _value(self, key: str) -> float:
        return float(self.settings[key])

    def _external(self, count: int) -> NDArray[np.uint8] | None:
        return self._fire(count) if self.settings[":ARM:SOURce1"] == "EXT" else None

    def _manual(self) -> None:
        if self.settings[":ARM:SOURce1"] == "MAN":
            self._fire(1)

    def _fire(self, count: int) -> NDArray[np.uint8] | None:
        """Send `count` bursts to the device; return its state after each."""
        if not self.settings[":OUTPut1[:STATe]"] or self.settings[":FUNCtion1[:SHAPe]"] != "PULS":
            return None
        burst = int(self.settings[":TRIGger1:COUNt"])
        try:
            states = self._wiring.junction.pulse_train(self._pulse(), count * burst)
        except ValueError as error:
            self.report(ScpiError(-200, f"Execution error;{error}"))
            return None
        self._wiring.time += count * burst * self._value(":PULSe:PERiod1")
        return states[burst - 1 :: burst]

    def _pulse(self) -> Pulse:
        """Describe the pulse as it reaches a device whose resistance is far above 50 Ω.

        The instrument is told the load and doubles its own voltage accordingly; an open end sees all of it.
        """
        load = self._value(":OUTPut1:LOAD")
        open_circuit = (load + SOURCE_RESISTANCE) / load
        transition = self._value(":FUNCtion1:PULSe:TRANsition[:LEADing]")
        swing = self._value(":VOLTage1:HIGH") - self._value(":VOLTage1:LOW")
        return Pulse(swing * open_circuit, self._value(":PULSe:WIDTh1"), transition, transition)
