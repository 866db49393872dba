"""What the two-channel function generators share: levels, shape and burst of channel 1 make its pulses."""

from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.simulated_pulse_generator import SimulatedPulseGenerator, open_circuit
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError

__all__ = ["SimulatedFunctionGenerator"]

LEVELS = ("high", "low", "limit_high", "limit_low", "limited")


class SimulatedFunctionGenerator(SimulatedPulseGenerator):
    """A generator of two channels, of which channel 1 reaches the device.

    The dialect says by which words its settings are set: `high`, `low`, `limit_high`, `limit_low`, `limited`, `shape`,
    `width`, `edge`, `burst`, `load`, `polarity` and `output`.
    """

    channels = 2

    def check_levels(self, key: str) -> None:
        """Refuse a level that the instrument can not give, where the setting just changed is one.

        Raises
        ------
        ScpiError
            -221 for levels the wrong way round, and for those beyond the instrument's own limits.
        """
        name, channel = key[:-1], key[-1]
        if name not in LEVELS:
            return
        low, high = self.value(f"low{channel}"), self.value(f"high{channel}")
        inside = self.value(f"limit_low{channel}") <= low and high <= self.value(f"limit_high{channel}")
        if low >= high or (self.settings[f"limited{channel}"] and not inside):
            raise ScpiError(-221)

    @property
    def ready(self) -> bool:
        """Whether channel 1 is on and makes pulses."""
        return bool(self.settings["output1"]) and self.settings["shape1"] == "PULS"

    @property
    def burst(self) -> int:
        """Pulses a trigger."""
        return int(self.value("burst1"))

    def pulse(self) -> Pulse:
        """Describe the pulse of channel 1; an inverted one rests at its high level."""
        swing = (self.value("high1") - self.value("low1")) * (-1 if self.settings["polarity1"] == "INV" else 1)
        edge = self.value("edge1")
        return Pulse(swing * open_circuit(self.value("load1")), self.value("width1"), edge, edge)
