"""An instrument with a setting of each kind, and an operation that takes time."""

import pytest

from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument


class Oven(ScpiInstrument):
    """An oven of two channels: heating takes ten seconds."""

    channels = 2

    def __init__(self, clock=None):
        super().__init__("MAKER,OVEN,0,1", clock)
        self.number(":HEATer#:POWer[:LEVel]", 1.0, 0.0, 100.0, unit="W", key="power")
        self.number(":COUNt", 1, 1, 9, integer=True, key="count")
        self.choice(":HEATer#:MODE", "AUTomatic", ("AUTomatic", "MANual"), key="mode")
        self.switch(":DOOR[:STATe]", True, key="door")
        self.text(":LABel", "", 8, key="label")
        self.action(":INITiate[:IMMediate]", lambda: self.begin(10.0))
        self.action(":ABORt", self.abort)
        self.triggers = 0

    def trigger(self):
        self.triggers += 1


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def oven(clock):
    return Oven(clock)
