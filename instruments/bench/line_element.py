"""An attenuator, a cable or a tee between the generator and the device, with the loss that was measured of it."""

import pydantic

from mtjlab.instruments.bench.section import Section

__all__ = ["LineElement"]


class LineElement(Section):
    """A piece of the line between the generator and the device."""

    name: str = pydantic.Field(default=..., min_length=1)
    """What it is, and its serial number where it has one."""
    loss: float = pydantic.Field(default=..., ge=-20, le=120)
    """Its loss, as measured in a 50 Ω line; an amplifier has a negative one [dB]."""
    uncertainty: float = pydantic.Field(default=0.0, ge=0, le=20)
    """Standard uncertainty of the loss [dB]."""
    measured: str = ""
    """When, and with what."""
