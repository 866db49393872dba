"""The tester of an array, byte by byte."""

from types import SimpleNamespace

import numpy as np
import pytest

from mtjlab.instruments import ArrayImperfections, CoilSettings, JunctionArraySettings, Simulation, WiringSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_mtjarray import SimulatedMtjArray


def context(settings=None, simulation=None):
    settings = settings or JunctionArraySettings(driver="mtjarray", rows=3, columns=5)
    wiring = SimpleNamespace(clock=Clock())
    return InstrumentContext(wiring, "junction_array", settings, WiringSettings(), 1, simulation)


@pytest.fixture
def tester():
    return SimulatedMtjArray(context(simulation=Simulation(array=ArrayImperfections.ideal())))


def block(bits):
    content = np.packbits(np.array(bits, np.uint8)).tobytes()
    return f"#1{len(content)}{content.decode('latin-1')}"


def last_error(tester):
    return int(tester.handle(":SYST:ERR?").split(b",")[0])


def test_size_and_identity(tester):
    assert tester.handle(":ARRAY:SIZE?") == b"3,5"
    assert tester.handle("*IDN?").startswith(b"MTJLAB,ARRAY TESTER,")


def test_a_pattern_is_packed_row_after_row(tester):
    bits = np.arange(15) % 3 == 0
    tester.handle(f":ARR:PATT {block(bits)}")
    assert np.array_equal(tester.array.read().ravel(), bits)
    assert tester.handle(":ARR:PATT?") == b"#12" + np.packbits(bits).tobytes()
    assert last_error(tester) == 0


@pytest.mark.parametrize(
    ("message", "number"),
    [
        (":ARR:PATT #11a", -161),  # one byte for fifteen cells
        (":ARR:PATT 15", -161),
        (":ARR:PATT", -109),
        (":ARR:SEL #13abc", -161),
        (":ARR:PULS", -221),  # the drivers are not connected
        (":SOUR:VOLT 2.1", -222),
        (":SOUR:PULS:WIDT 1E-10", -222),
        (":ARR:SIZE 4,4", -113),
    ],
)
def test_what_cannot_be_is_an_error_and_changes_nothing(tester, message, number):
    before = tester.array.read()
    tester.handle(message)
    assert last_error(tester) == number
    assert np.array_equal(tester.array.read(), before)


def test_a_pulse_switches_the_selected_cells_and_reset_selects_all(tester):
    selected = np.zeros((3, 5), bool)
    selected[1] = True
    tester.handle(f":ARR:SEL {block(selected)};:SOUR:VOLT 1.3;:SOUR:PULS:WIDT 1.5E-9;:OUTP ON;:ARR:PULS;*OPC?")
    assert np.array_equal(tester.array.pulses, selected)
    assert tester.handle(":ARR:SEL?") == b"#12" + np.packbits(selected).tobytes()
    tester.handle("*RST")
    assert tester.handle(":OUTP?;:ARR:SEL?") == b"0;#12\xff\xfe"
    tester.handle(":ARR:SEL #12\x00\x00;:ARR:SEL:ALL;:SOUR:VOLT 1.3;:OUTP ON;:ARR:PULS")
    assert tester.array.pulses.sum() == 15 + 5


def test_time_passes_row_by_row(tester):
    tester.handle(":SOUR:PULS:WIDT 1.5E-9;:SOUR:VOLT 1.3;:OUTP ON;:ARR:PULS;*OPC?")
    assert tester.clock.now == pytest.approx(4.5e-9)


def test_the_cells_are_those_of_the_device_file_and_of_the_bench():
    flaws = ArrayImperfections(stuck=1.0)
    tester = SimulatedMtjArray(context(simulation=Simulation(device="reference", array=flaws)))
    assert tester.array.stuck.all()
    assert not SimulatedMtjArray(context()).array.stuck.any()


def test_other_roles_and_other_devices_are_refused():
    with pytest.raises(ValueError, match="plays the role junction_array"):
        SimulatedMtjArray(context(CoilSettings(driver="mtjarray", constant=0.01)))
    with pytest.raises(ValueError, match="is no junction: an array is made of junctions"):
        SimulatedMtjArray(context(simulation=Simulation(device="w-cofeb")))
