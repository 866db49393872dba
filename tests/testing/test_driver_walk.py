"""The simulated instruments understand what PyMeasure's drivers send for every property that an adapter uses."""

from importlib.metadata import entry_points

import pytest
from pymeasure.instruments.keithley import Keithley2182

from mtjlab.instruments import (
    Adapter,
    CoilSettings,
    JunctionArraySettings,
    MultiplexerSettings,
    RoleSettings,
    TemperatureControllerSettings,
    open_visa,
)
from mtjlab.instruments.simulated import ScpiInstrument
from mtjlab.testing import connected_twin, used_properties, walk_driver
from mtjlab.testing.driver_walk import attribute_paths

DRIVERS = {entry.name: entry for entry in entry_points(group="mtjlab.drivers")}
TWINS = {entry.name: entry for entry in entry_points(group="mtjlab.simulated_instruments")}
SECTIONS = {
    "yokogawags200": CoilSettings(driver="yokogawags200", constant=0.1),
    "keithley2700": MultiplexerSettings(driver="keithley2700", junctions={"A": 101, "B": 102}),
    "mtjarray": JunctionArraySettings(driver="mtjarray", rows=3, columns=5),
    "lakeshore3xx": TemperatureControllerSettings(driver="lakeshore3xx"),
}
REFUSED = {
    # PyMeasure allows what the instrument does at 60 Hz; this one is on 50 Hz (2182 manual, rate).
    "keithley2182": {("voltage_nplc", 60): -222},
    # PyMeasure sends six digits of it, which are 1000.
    "keithley2400": {("source_delay", 999.9999): -222},
    "keithley2450": {("source_delay", 999.9999): -222},
    # The 340 and the 350 have five ranges, this 336 three.
    "lakeshore3xx": {("range", "range 4"): -222, ("range", "range 5"): -222},
    # Ranges of the other function, which the adapter never chooses.
    "yokogawags200": {("source_range", volts): -222 for volts in (1, 10, 30)},
}
"""Values that a driver takes and the instrument refuses, with the number of its error."""


@pytest.mark.parametrize("name", DRIVERS)
def test_what_the_driver_sends_is_understood_and_read_back_equal(name):
    section = SECTIONS.get(name, RoleSettings(driver=name))
    with connected_twin(DRIVERS[name].load(), TWINS[name].load(), section) as (adapter, instrument):
        walked = walk_driver(adapter, instrument, REFUSED.get(name))
    assert len(walked) > 1, "the walk no longer finds what the adapter uses"


def test_the_walk_sees_through_names_and_channels():
    class Reader:
        def go(self):
            driver, other = self.driver, 1
            channel = self._channel
            channel.width = other
            return self.driver.ch_1.level, driver

    assert {("_channel", "width"), ("driver", "ch_1", "level")} <= set(attribute_paths(Reader))


class Meter(Adapter):
    """A 2182 that sets its integration time."""

    def __init__(self, role, wiring):
        super().__init__(Keithley2182(open_visa(role, self)), role.resource)

    def set_integration(self, cycles):
        self.driver.voltage_nplc = cycles


class Deaf(ScpiInstrument):
    """A twin that takes an integration time and keeps another."""

    def __init__(self, context):
        super().__init__("KEITHLEY INSTRUMENTS INC.,MODEL 2182,0,A01")
        self.command(":SENSe:VOLTage:NPLCycles", lambda words: None, lambda words: "1.5")


class Unknowing(ScpiInstrument):
    """A twin without an integration time."""

    def __init__(self, context):
        super().__init__("KEITHLEY INSTRUMENTS INC.,MODEL 2182,0,A01")


@pytest.mark.parametrize(("twin", "words"), [(Deaf, "voltage_nplc was set to"), (Unknowing, r"voltage_nplc.*-113")])
def test_a_twin_that_does_not_play_the_driver_is_named(twin, words):
    # It never answers what it does not know: a short patience keeps the test short.
    with connected_twin(Meter, twin, RoleSettings(driver="keithley2182", timeout=0.3)) as (adapter, instrument):
        assert [one.name for one in used_properties(adapter)][:1] == ["voltage_nplc"]
        with pytest.raises(AssertionError, match=words):
            walk_driver(adapter, instrument)
