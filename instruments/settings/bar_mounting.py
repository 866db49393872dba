"""The section ``[simulation.bar]`` of a bench file: how a simulated bar is mounted and contacted."""

from typing import Literal

import pydantic

from mtjlab.instruments.settings.section import Section

__all__ = ["BarMounting"]


class BarMounting(Section):
    """How a simulated bar stands between the coils, which way round it is contacted, and what is wrong with it."""

    misalignment: float = pydantic.Field(default=0.0, gt=-0.7, lt=0.7)
    """Angle from the bar to the coils' x, beside that of the device file [rad]; 0.0349 is 2 degrees."""
    reversed_leads: Literal["none", "current", "voltage", "both"] = "none"
    """Pairs of leads that are exchanged: ``current`` lets a positive current flow along −x, ``voltage`` makes the
    voltage along the bar negative."""
    fault: Literal["none", "open", "short", "open-transverse"] = "none"
    """What is wrong: ``open``, a current contact is lost; ``short``, metal bridges the bar; ``open-transverse``, a
    contact across it is lost."""
