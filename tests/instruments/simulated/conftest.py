"""A table with instruments on it, without sockets, and with them."""

import numpy as np
import pytest

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_keithley2400 import SimulatedKeithley2400
from mtjlab.instruments.simulated.dialects.simulated_keysight81160a import SimulatedKeysight81160A
from mtjlab.instruments.simulated.wiring import Wiring


class ScriptedJunction:
    """A junction that toggles at every pulse and has 1 µA and 0.5 µA at 50 mV; it remembers its pulses."""

    def __init__(self):
        self.state = 0
        self.pulses = []

    def pulse_train(self, pulse, count, hold=None):
        self.pulses.append((pulse, count))
        states = (self.state + np.arange(1, count + 1)) % 2
        self.state = int(states[-1])
        return states.astype(np.uint8)

    def hold(self, duration, voltage):
        return self.state

    def observe(self, count, gap, window, voltage):
        return np.full(count, float(self.state))

    def set_surroundings(self, **surroundings):
        self.surroundings = surroundings

    def read(self, states, voltage, bandwidth):
        return voltage / np.where(np.asarray(states) == 0, 50e3, 100e3)


@pytest.fixture
def wiring():
    return Wiring(ScriptedJunction())


@pytest.fixture
def context(wiring):
    return InstrumentContext(wiring, "role", RoleSettings(driver="any"), WiringSettings(trigger_line=2), seed=1)


@pytest.fixture
def generator(context):
    return SimulatedKeysight81160A(context)


@pytest.fixture
def meter(context):
    return SimulatedKeithley2400(context)
