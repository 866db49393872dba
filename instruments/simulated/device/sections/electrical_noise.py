"""How strongly the resistance fluctuates."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["ElectricalNoise"]


class ElectricalNoise(DeviceSection):
    """Section `[noise]`: 1/f noise and random telegraph noise of the barrier.

    Both are fluctuations of the resistance, so their voltage scales with the bias, as found in tunnel junctions with
    a critical bias for the telegraph noise (J. Appl. Phys. 85, 5270 (1999); MgO: Md Nor et al., ibid. 99, 08T306
    (2006)). Johnson and shot noise need no parameter: resistance, temperature and bias decide them.
    """

    hooge_parameter: float = Field(default=2e-22, ge=0)
    """α in S_V = α·V²/(A·f) [m²]; 2e-10 µm², of the order published for MgO barriers."""
    telegraph_bias: float = Field(default=0.3, gt=0)
    """Bias above which one trap in the barrier changes its charge [V]; chosen here, above usual read voltages."""
    telegraph_amplitude: float = Field(default=2e-3, ge=0, lt=0.5)
    """Relative rise of the resistance while the trap is charged; chosen here, four times the 1/f noise of a decade."""
    telegraph_dwell: float = Field(default=1e-3, gt=0)
    """Mean time in each charge state at the critical bias [s]; chosen here: seen in a read of 0.2 ms."""
    telegraph_slope: float = Field(default=0.05, gt=0)
    """Bias over the critical one that shortens the dwell e times [V]; chosen here, twice kT/e at 300 K."""
