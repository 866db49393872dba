"""Devices that do not work."""

from typing import Literal

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Fault"]


class Fault(DeviceSection):
    """Section `[fault]`: what is wrong with the device, if anything."""

    kind: Literal["none", "stuck-P", "stuck-AP", "open", "short"] = "none"
    """`stuck-P` and `stuck-AP` read as that state whatever is done; `open` has lost its contact; `short` has broken
    down already."""
    open_resistance: float = Field(default=1e12, gt=0)
    """Resistance of an open device [Ω]; chosen here, the insulation of a probe card."""
