"""A source that a junction drives into its compliance says so, instead of failing."""

import numpy as np
import pytest

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_keithley2182 import SimulatedKeithley2182
from mtjlab.instruments.simulated.dialects.simulated_keithley2400 import SimulatedKeithley2400
from mtjlab.instruments.simulated.dialects.simulated_keithley6221 import SimulatedKeithley6221
from mtjlab.instruments.simulated.junction.fidelities import RatesJunction
from mtjlab.instruments.simulated.wiring import Wiring

NO_ERROR = b'0,"No error"'


def on_the_table(kind, effects="full"):
    wiring = Wiring(RatesJunction(Device(), 1, Effects.parse(effects)))
    return wiring, kind(InstrumentContext(wiring, "role", RoleSettings(driver="any"), WiringSettings(), seed=1))


def values(answer):
    return [float(word) for word in answer.decode().split(",")]


@pytest.mark.parametrize("effects", ["full", "full,-breakdown", "ideal"])
def test_ten_milliamperes_through_a_junction_run_into_the_compliance_of_21_volts(effects):
    _, meter = on_the_table(SimulatedKeithley2400, effects)
    meter.handle(":SOUR:FUNC CURR;:SOUR:CURR 10e-3;:SENS:FUNC:ALL;:OUTP ON")
    voltage, current, resistance, _, status = values(meter.handle(":READ?"))
    assert meter.handle(":SYST:ERR?") == NO_ERROR
    assert voltage == pytest.approx(21)
    assert 0 < current < 10e-3
    assert resistance == pytest.approx(voltage / current, rel=1e-5)
    assert int(status) & 8


def test_what_21_volts_leave_of_a_barrier_is_a_short():
    _, meter = on_the_table(SimulatedKeithley2400)
    meter.handle(":SOUR:FUNC CURR;:SOUR:CURR 10e-3;:SENS:FUNC:ALL;:OUTP ON")
    meter.handle(":READ?")
    voltage, current, resistance, _, status = values(meter.handle(":READ?"))
    # 500 Ω of the filament and 100 Ω of the leads.
    assert (current, resistance) == (pytest.approx(10e-3), pytest.approx(600, rel=0.01))
    assert voltage == pytest.approx(6.0, rel=0.01)
    assert not int(status) & 8
    assert meter.handle(":SENS:VOLT:PROT:TRIP?") == b"0"


@pytest.mark.parametrize("volts", [3, 30, 210])
def test_no_voltage_of_a_source_meter_makes_an_instrument_fail(volts):
    _, meter = on_the_table(SimulatedKeithley2400, "full,-breakdown")
    meter.handle(f":SENS:CURR:PROT 1;:SOUR:VOLT {volts};:OUTP ON;:FORM:ELEM CURR")
    assert 0 < values(meter.handle(":READ?"))[0] < 1
    assert meter.handle(":SYST:ERR?") == NO_ERROR


def test_a_nanovoltmeter_sees_no_more_than_the_compliance_of_the_current_source():
    wiring, source = on_the_table(SimulatedKeithley6221)
    voltmeter = SimulatedKeithley2182(
        InstrumentContext(wiring, "role", RoleSettings(driver="any"), WiringSettings(), seed=2)
    )
    source.handle(":SOUR:CURR:COMP 0.5;:SOUR:CURR 1e-3;:OUTP ON")  # 1 mA into 50 kΩ would be 50 V
    assert values(voltmeter.handle(":READ?")) == [pytest.approx(0.5, abs=1e-6)]
    assert int(source.handle(":STAT:MEAS:COND?")) & 1 << 3
    assert source.handle(":SYST:ERR?") == NO_ERROR
    source.handle(":SOUR:CURR 1e-6")
    assert not int(source.handle(":STAT:MEAS:COND?")) & 1 << 3
    np.testing.assert_allclose(values(voltmeter.handle(":READ?")), 1e-6 * 50.9e3, rtol=0.02)
