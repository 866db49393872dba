"""A device whose switching probability is a straight line of one setting, plus a drift."""

import dataclasses

import numpy as np
import pytest

from mtjlab.procedures.steering.actuators import OperatingPoint


@dataclasses.dataclass
class LinearDevice:
    """Plays actuator and device: P = 1/2 + slope (setting - middle) + drift · pulses, counted by chance."""

    slope: float = 2.0
    middle: float = 1.25
    drift: float = 0.0
    seed: int | None = 1
    """Of the chance; None for counts without any, rounded."""
    block: int = 2500
    name: str = "amplitude"
    unit: str = "V"
    resolution: float = 1e-5
    span: float = 0.1

    def __post_init__(self):
        self.pulses, self.made, self.point = 0, [], OperatingPoint(1.25, 1e-8)
        self.random = None if self.seed is None else np.random.default_rng(self.seed)

    def value_in(self, point):
        """Give the amplitude."""
        return point.amplitude

    def set(self, value):
        """Make the amplitude."""
        self.made.append(value)
        self.point = self.point._replace(amplitude=value)

    def switch_on(self, value):
        """Do nothing."""

    @property
    def probability(self):
        """P(switch) at the present setting and time."""
        return 0.5 + self.slope * (self.point.amplitude - self.middle) + self.drift * self.pulses

    def count(self):
        """Send a block; tell how many pulses there were, and how many switched."""
        share = self.probability
        self.pulses += self.block
        if self.random is None:
            return self.block, round(share * self.block)
        return self.block, int(self.random.binomial(self.block, share))


@pytest.fixture
def device():
    return LinearDevice
