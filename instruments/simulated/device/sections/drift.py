"""How the device changes slowly, and P(switch) with it."""

from pydantic import Field

from mtjlab.instruments.simulated.device.sections.device_section import DeviceSection

__all__ = ["Drift"]


class Drift(DeviceSection):
    """Section `[drift]`: slow changes of the resistance, of the amplitude that acts, and of the temperature.

    Long-term variations of the switching probability are correlated with the resistance (arXiv:2501.06318). Here one
    slow variable x moves both: the resistance is R·(1 + x), and a pulse acts with the amplitude V·(1 + coupling·x).
    x wanders (Ornstein-Uhlenbeck) and moves at a steady rate besides. The clock is the number of pulses, so that a
    run of any speed sees the same drift. All values are chosen here: the source gives the correlation, not the sizes.
    """

    resistance_wander: float = Field(default=2e-3, ge=0, lt=0.1)
    """Standard deviation that x reaches in the long run; twice the shift that one trap makes."""
    correlation: float = Field(default=3e7, gt=0)
    """Pulses after which x has forgotten itself (to 1/e); minutes at 100 kbit/s."""
    resistance_rate: float = 0.0
    """Steady change of x per pulse."""
    coupling: float = -1.0
    """Relative change of the acting amplitude per relative change of the resistance; -1: what widens the barrier and
    raises its resistance lowers the field in it. 0 leaves P(switch) alone."""
    probability_rate: float = 0.0
    """Steady change of P(switch) per pulse, for trials of a controller: exactly this where P = 1/2."""
    temperature_step: float = Field(default=0.0, ge=0)
    """Standard deviation of the temperature about its mean, which steps at random times [K]; 0 K is a quiet room."""
    temperature_interval: float = Field(default=1e6, gt=0)
    """Mean number of pulses from one temperature step to the next."""
    interval: int = Field(default=65536, ge=1)
    """Pulses between two updates of all this; P(switch) is constant in between."""
