"""How pulses heat the junction."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["SelfHeating"]


class SelfHeating(DeviceSection):
    """Section `[heating]`: a thermal resistance and one time constant, after You et al., arXiv:0906.2248."""

    thermal_resistance: float = Field(default=2.5e5, ge=0)
    """Temperature rise per power [K/W]: two constrictions 1/(4κa) side by side (Holm), κ = 20 W/(K·m), a = 25 nm."""
    time_constant: float = Field(default=1.0e-9, gt=0)
    """Time to 63 % of the rise [s]; heat spreads over some 100 nm of oxide and metal meanwhile."""
