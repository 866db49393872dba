"""What lies between the pulse generator and the junction."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Line"]


class Line(DeviceSection):
    """Section `[line]`: cable, pad and leads.

    Amplitudes are those of the open circuit, as a generator makes them that was told of a high load.
    """

    source_resistance: float = Field(default=50.0, ge=0)
    """Output resistance of the generator and of its cable [Ω]."""
    pad_capacitance: float = Field(default=0.5e-12, ge=0)
    """Capacitance of the contact pad [F]; a plate of 65 µm by 65 µm over 300 nm of SiO2 has it."""
    lead_resistance: float = Field(default=100.0, ge=0)
    """Both leads together [Ω]; twenty squares of a metal film of 5 Ω a square."""
    ringing_frequency: float = Field(default=5.0e9, gt=0)
    """Frequency of the ringing [Hz]; the pad with the 2 nH of a probe tip or bond wire."""
    overshoot: float = Field(default=0.05, gt=0, lt=1)
    """First overshoot over a vertical step, as a fraction; what pulse generators' data sheets allow."""
