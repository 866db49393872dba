"""How the barrier wears out."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Wear"]


class Wear(DeviceSection):
    """Section `[wear]`: breakdown of the barrier under voltage.

    The share of junctions of area A that are broken after a time t at a voltage V is

        1 - exp(-(A/A0)·(t/t0)^β),   t0 = lifetime·(reference_voltage/|V|)^exponent,

    Weibull's law in time, in area and, for a given time, in voltage with the shape β·exponent. A power law of the
    voltage suited MgO best in Lim et al., IEDM 2018, who also saw departures from Weibull's law. The values are
    chosen here so that the endurance of foundry devices holds (1e11 pulses of 0.7 ns at 1.8 V: 70 s of stress):
    after it one reference device in 1700 is broken.
    """

    shape: float = Field(default=1.5, gt=0)
    """Weibull shape β of the time to breakdown; chosen here: wear-out (β > 1) with the wide spread of a thin oxide."""
    lifetime: float = Field(default=1e4, gt=0)
    """Time to breakdown of 63 % of junctions of the reference area, at the reference voltage [s]."""
    reference_voltage: float = Field(default=1.8, gt=0)
    """Voltage for which the lifetime is stated [V]."""
    reference_area: float = Field(default=1.9635e-15, gt=0)
    """Area for which the lifetime is stated [m²]; the reference device's."""
    exponent: float = Field(default=40.0, gt=0)
    """Exponent of the voltage; chosen here: a hundred times less life for 12 % more voltage."""
    short_resistance: float = Field(default=500.0, gt=0)
    """Resistance of a broken junction [Ω]; chosen here: a metallic filament, a hundredth of the reference device."""
