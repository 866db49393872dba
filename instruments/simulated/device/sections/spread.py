"""How devices of one wafer differ."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Spread"]


class Spread(DeviceSection):
    """Section `[spread]`: standard deviations from device to device, as `draw_devices` takes them.

    All values are chosen here, of the order of a laboratory's wafer, and stand for spread within one wafer.
    """

    resistance_area: float = Field(default=0.05, ge=0, lt=1)
    """Standard deviation of ln(RA); lognormal, because RA is exponential in the barrier's thickness: 5 % are a
    fiftieth of a monolayer."""
    diameter: float = Field(default=1.5e-9, ge=0)
    """Of the diameter [m]; Gaussian, 3 % of 50 nm, what electron-beam lithography and etching leave."""
    stability: float = Field(default=0.05, ge=0, lt=0.3)
    """Of Δ, relative and beyond what the diameter does to it; Gaussian, through the anisotropy."""
    vcma: float = Field(default=0.05, ge=0, lt=0.3)
    """Of ξ, relative; Gaussian."""
    in_plane_field: float = Field(default=0.5e-3, ge=0)
    """Of Hx [T]; Gaussian, what fringe fields of the stack add to the applied one."""
