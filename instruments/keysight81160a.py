"""The Keysight 81160A as the pulse generator."""

from collections.abc import Mapping

from pymeasure.instruments.keysight import Keysight81160A

from mtjlab.instruments.adapter import Adapter
from mtjlab.instruments.bench_file import RoleSettings, WiringSettings
from mtjlab.instruments.readback import check_readback
from mtjlab.instruments.visa import open_visa

__all__ = ["Keysight81160APulseGenerator"]

SHORTEST_PERIOD = 3.03e-9
"""330 MHz, as the user's guide has it; PyMeasure's driver accepts 2 ns."""
EDGE = 1e-9
"""Shortest transition [s]."""


class Keysight81160APulseGenerator(Adapter):
    """Channel 1 of a Keysight 81160A.

    Pulses go from 0 V up to the amplitude, 50 mV to 5 V into the load, 1.5 ns or longer, with 1 ns edges.

    Parameters
    ----------
    role
        Resource and timeout.
    wiring
        Load that the generator is told.
    """

    def __init__(self, role: RoleSettings, wiring: WiringSettings) -> None:
        driver = Keysight81160A(open_visa(role))
        super().__init__(driver, role.resource)
        self._channel = driver.channels[1]
        self._load = wiring.load
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        channel = self._channel
        channel.output = False
        channel.shape = "PULS"
        channel.output_load = self._load
        channel.pulse_transition = EDGE
        # The driver's burst_state is inverted (True sends STAT 0); a count of one is what is meant.
        channel.trigger_count = 1
        self._refuse_errors("setting up")

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Set amplitude [V] and width [s] and read both back."""
        if not 0.05 <= amplitude <= 5.0:
            raise ValueError(f"pulse amplitude = {amplitude:g} V: the 81160A gives 0.05 to 5 V")
        if not 1.5e-9 <= width <= 1.0:
            raise ValueError(f"pulse width = {width:g} s: the 81160A gives 1.5e-9 to 1 s")
        channel = self._channel
        with self._talking():
            # The period first where pulses get longer, last where they get shorter: it must hold the pulse.
            period = max(2 * width, SHORTEST_PERIOD + 2 * EDGE)
            if period >= channel.pulse_period:
                channel.pulse_period = period
                channel.pulse_width = width
            else:
                channel.pulse_width = width
                channel.pulse_period = period
            channel.voltage_low = 0.0
            channel.voltage_high = amplitude
            check_readback("pulse amplitude", amplitude, channel.voltage_high, "V")
            check_readback("pulse width", width, channel.pulse_width, "s")
        self._refuse_errors("setting the pulse")

    def set_limit(self, amplitude: float) -> None:
        """Set the instrument's own limit [V] as a backstop."""
        with self._talking():
            # Levels inside the limits first, or the instrument refuses them.
            self._channel.voltage_low = 0.0
            self._channel.voltage_high = 0.05
            self._channel.limit_high = amplitude
            self._channel.limit_low = -0.05
            self._channel.limit_state_enabled = True
        self._refuse_errors("setting its limits")

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the external arm input."""
        with self._talking():
            self._channel.trigger_mode = "EXT"

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""
        with self._talking():
            self._channel.trigger_mode = "MAN"

    def trigger(self) -> None:
        """Send one pulse."""
        with self._talking():
            self.driver.write("*TRG")

    def switch_on(self) -> None:
        """Connect the output."""
        with self._talking():
            self._channel.output = True
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Disconnect the output."""
        with self._talking():
            self._channel.output = False

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        channel = self._channel
        with self._talking():
            return {
                "output": str(bool(channel.output)),
                "voltage_high": float(channel.voltage_high),
                "voltage_low": float(channel.voltage_low),
                "pulse_width": float(channel.pulse_width),
                "pulse_period": float(channel.pulse_period),
                "pulse_transition": float(channel.pulse_transition),
                "output_load": float(channel.output_load),
                "trigger_mode": str(channel.trigger_mode),
                "limit_high": float(channel.limit_high),
            }
