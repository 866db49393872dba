"""The torque of the tunnelling current on the free layer."""

from typing import Literal

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["SpinTorque"]


class SpinTorque(DeviceSection):
    """Section `[torque]`: which way and how strongly the tunnelling current pushes.

    One sign convention holds for a device: **positive voltage lowers the anisotropy** (ξ is not negative), and
    `towards` says to which state the same voltage pushes. Both signs belong to one interface, so they are tied:
    a voltage of the other sign raises the anisotropy and pushes to the other state. `"P"` means that electrons
    flow from the reference to the free layer at positive voltage.
    """

    towards: Literal["P", "AP"] = "P"
    """State to which the voltage that lowers the anisotropy pushes; a device file must state it."""
    efficiency: float = Field(default=0.577, ge=0, le=1)
    """η in a_J = (ħ/2e)·η·V/(RA·Ms·tf), RA of the parallel state; chosen here as the polarisation itself, P = √(1/3) by
    Julliere at a magnetoresistance of 1. Equal electrodes at constant voltage (Slonczewski & Sun, J. Magn. Magn. Mater.
    310, 169 (2007)) would have P/(1 + P²) = 0.433 of the parallel conductance: set that for a device of which only the
    magnetoresistance is known"""
    field_like: float = 0.0
    """b_J = field_like·|V|·a_J [1/V], even in V as Kubota et al., Nat. Phys. 4, 37 (2008) found; small, so 0."""
