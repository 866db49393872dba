"""A simulated Picosecond Pulse Labs 10,070A, which speaks words of its own."""

import math

from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_pulse_generator import SimulatedPulseGenerator, open_circuit
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedPicosecond10070A"]

LARGEST = 7.5
"""Largest amplitude into 50 Ω [V]; attenuators behind it have 81 steps of 1 dB."""
STEPS = 81
WIDTH_STEP = 2.5e-12
"""Step of the duration [s]."""
EDGE = 65e-12
"""Rise and fall time [s]."""


class SimulatedPicosecond10070A(SimulatedPulseGenerator):
    """The generator of 0.1 to 10.2 ns pulses; its words, long or short, as public lab code sends them.

    It has no error queue: the standard event status register tells of errors.

    Parameters
    ----------
    context
        What the bench gives it; the trigger line of its cables reaches the trigger input.
    """

    scpi = False

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("PICOSECOND PULSE LABS,10070A,0000,1.00", context)
        self.number(":AMPLitude", LARGEST / 10, -LARGEST, LARGEST, key="amplitude")
        self.number(":DURation", 1e-9, 0.0, 10.2e-9, key="duration")
        self.number(":DELay", 0.0, 0.0, 63e-9, key="delay")
        self.number(":PERiod", 1e-3, 10e-6, 1.0, key="period")
        self.number(":FREQuency", 1e3, 1.0, 1e5, key="frequency")
        self.number(":OFFSet", 0.0, -5.0, 5.0, key="offset")
        self.number(":LEVel", 1.0, -5.0, 5.0, key="level")
        self.number(":LIMit", LARGEST, 0.0, LARGEST, key="limit")
        self.choice(":GATE", "OFF", ("ON", "OFF"), key="gate")
        self.choice(":TRIGger", "INT", ("INT", "EXT", "MAN", "GPIB"), key="trigger")
        self.choice(":HEADer", "ON", ("ON", "OFF"), key="header")
        self.settings["enabled"] = self._defaults["enabled"] = False
        self.action(":ENABle", lambda: self._enable(True))
        self.action(":DISable", lambda: self._enable(False))
        self.query(":ENABle", lambda: "YES" if self.settings["enabled"] else "NO")

    def _enable(self, on: bool) -> None:
        self.settings["enabled"] = on
        self.changed("enabled")

    def handle(self, message: str) -> bytes | None:
        """Carry out one message; with ``header on``, the word that was asked stands before the answer."""
        answer = super().handle(message)
        if answer is None or self.settings["header"] == "OFF" or message.lstrip().startswith("*"):
            return answer
        return message.partition("?")[0].strip().encode("latin-1") + b" " + answer

    def changed(self, key: str) -> None:
        """Round to what the attenuators and the timing have, and refuse an amplitude beyond the limit."""
        if key == "amplitude":
            amplitude = self.value("amplitude")
            if abs(amplitude) > self.value("limit") * 1.001 or amplitude == 0:
                raise ScpiError(-222)
            loss = min(round(20 * math.log10(LARGEST / abs(amplitude))), STEPS)
            self.settings["amplitude"] = math.copysign(LARGEST * 10 ** (-loss / 20), amplitude)
        elif key == "duration":
            self.settings["duration"] = round(self.value("duration") / WIDTH_STEP) * WIDTH_STEP
        elif key in ("period", "frequency"):
            self.settings["frequency" if key == "period" else "period"] = 1 / self.value(key)
        super().changed(key)

    def free_run(self) -> tuple[float, int] | None:
        """One pulse a period of its own clock, unless others trigger it."""
        return (self.value("period"), 1) if self.settings["trigger"] == "INT" else None

    def armed(self, source: str) -> bool:
        """Whether pulses come from this source; one from the bus is what ``*TRG`` sends."""
        return self.settings["trigger"] == {"MAN": "GPIB"}.get(source, source)

    @property
    def ready(self) -> bool:
        """Whether pulses reach the output."""
        return bool(self.settings["enabled"])

    def pulse(self) -> Pulse:
        """Describe the pulse; twice the amplitude, which is meant into 50 Ω, stands at an open end."""
        return Pulse(self.value("amplitude") * open_circuit(50.0), self.value("duration"), EDGE, EDGE)
