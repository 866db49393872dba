"""How the free layer's parameters follow the temperature."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["ThermalScaling"]


class ThermalScaling(DeviceSection):
    """Section `[thermal]`: Ms, Ki and ξ about the temperature for which a device file states them.

    With m(T) = Ms(T)/Ms(T0) the interface anisotropy goes as Ki = Ki(T0)·m^2.18 and the voltage's effect as
    ξ = ξ(T0)·m^2.83, while the demagnetisation goes as m². The thermal field follows the temperature by itself.
    """

    nominal_temperature: float = Field(default=300.0, gt=0)
    """Temperature T0 [K] for which Ms, Keff and ξ are stated; a room's."""
    bloch_temperature: float = Field(default=1120.0, gt=0)
    """T* of Bloch's law Ms(T) = Ms(0)·(1 - (T/T*)^1.5) [K]; Ta/CoFeB/MgO, Alzate et al., APL 104, 112410 (2014)."""
    anisotropy_exponent: float = Field(default=2.18, ge=0)
    """Exponent of m in Ki(T); the same paper."""
    vcma_exponent: float = Field(default=2.83, ge=0)
    """Exponent of m in ξ(T); the same paper."""
