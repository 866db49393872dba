"""The section ``[wiring]`` of a bench file: what joins the instruments and the device."""

import math
from typing import Literal, Self

import pydantic

from mtjlab.core import InputError
from mtjlab.instruments.settings.section import Section

__all__ = ["DeviceUnderTest", "PathElement", "WiringSettings"]


class PathElement(Section):
    """A piece of the line between the generator and the device."""

    name: str = pydantic.Field(default=..., min_length=1)
    """What it is, and its serial number where it has one."""
    loss: float = pydantic.Field(default=..., ge=-20, le=120)
    """Its loss, as measured in a 50 Ω line; an amplifier has a negative one [dB]."""
    uncertainty: float = pydantic.Field(default=0.0, ge=0, le=20)
    """Standard uncertainty of the loss [dB]."""
    measured: str = ""
    """When, and with what."""


class WiringSettings(Section):
    """What joins the instruments and the device."""

    trigger_line: int = pydantic.Field(default=2, ge=0, le=4)
    """Line of the source-meter's trigger link that reaches the generator's external arm input; 0 where none is wired:
    bits are then taken one by one."""
    trigger_slope: Literal["negative", "positive"] = "negative"
    """Edge that fires the generator; a Keithley's trigger link pulls its line down."""
    load: pydantic.PositiveFloat = 1e6
    """Load that the generator is told [Ω]: what the device looks like to it. 1e6 is an open end."""
    bias_tee_loss: float = pydantic.Field(default=0.0, ge=0, le=60)
    """Loss between the generator and the device that no element below accounts for [dB]."""
    calibration: str = ""
    """Path of a calibration file with the losses of attenuators and cables, seen from the bench file."""
    elements: tuple[PathElement, ...] = ()
    """Attenuators and cables between the generator and the device, each a table ``[[wiring.elements]]``."""
    bias_tee_pole: float = pydantic.Field(default=0.0, ge=0)
    """Corner frequency of the bias tee's capacitor [Hz]; 0 where the generator is coupled directly."""
    lead_resistance: float = pydantic.Field(default=0.0, ge=0)
    """Resistance of leads and contacts in series with the device, in pulses as in two-wire reads [Ω]."""

    @property
    def loss(self) -> float:
        """Loss between the generator and the device, of all that is there [dB]."""
        return self.bias_tee_loss + sum(element.loss for element in self.elements)

    @property
    def loss_uncertainty(self) -> float:
        """Standard uncertainty of the loss [dB], of elements that were measured one by one."""
        return math.hypot(*(element.uncertainty for element in self.elements))


class DeviceUnderTest(Section):
    """What is on the table."""

    name: str
    """Name of the device, written into every recording."""
    resistance: pydantic.PositiveFloat
    """Its lowest resistance [Ω]: the parallel state's."""
    highest_resistance: pydantic.PositiveFloat | None = None
    """Its highest resistance [Ω]: the antiparallel state's; left out, it is taken for an open end."""
    width: pydantic.PositiveFloat | None = None
    """Width of a bar, across the current [m]; with the thickness it makes current densities of currents."""
    thickness: pydantic.PositiveFloat | None = None
    """Thickness of a bar's conducting layers together [m]."""

    @property
    def cross_section(self) -> float | None:
        """Area that the current flows through [m²]; None where it is not stated."""
        return None if self.width is None or self.thickness is None else self.width * self.thickness

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.highest_resistance is not None and self.highest_resistance < self.resistance:
            raise InputError(f"highest_resistance must be at least resistance, {self.resistance:g} Ω")
        return self
