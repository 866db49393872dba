"""How the source-meter touches the junction."""

from typing import Literal

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Contacts"]


class Contacts(DeviceSection):
    """Section `[contacts]`: whether the leads stand in series with the junction in a read.

    In a pulse they always do: the generator has two wires. Their resistance is `line.lead_resistance`.
    """

    wires: Literal[2, 4] = 2
    """2: the read voltage drops over junction and leads. 4: the sense leads put it across the junction alone. Two,
    as with a probe on a pillar of tens of kiloohms; leads of 100 Ω are 0.2 % of it."""
