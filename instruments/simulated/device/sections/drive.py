"""How exactly the pulse generator makes its pulses."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Drive"]


class Drive(DeviceSection):
    """Section `[drive]`: jitter from shot to shot, and the steps of the settings."""

    amplitude_jitter: float = Field(default=1.0e-3, ge=0, lt=0.1)
    """Standard deviation of a shot's amplitude over its mean; 1 mV of output noise in 1 V."""
    width_jitter: float = Field(default=10e-12, ge=0)
    """Standard deviation of a shot's width [s]; the order of a 330 MHz pulse generator's data sheet. To first order
    in the shift of the falling edge, so well below that edge's length."""
    amplitude_step: float = Field(default=1.0e-3, ge=0)
    """Smallest step of the amplitude [V], 0 for none; four digits at 1 V."""
    width_step: float = Field(default=10e-12, ge=0)
    """Smallest step of the width [s], 0 for none; of the order of the Keysight 81160A's."""
