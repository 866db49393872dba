"""The simulated 6221 and 2182 together: delta, pulse delta, the line between them, and what is refused."""

import numpy as np
import pytest

from mtjlab.instruments import RoleSettings, WiringSettings
from mtjlab.instruments.simulated.bar.simulated_bar import SimulatedBar
from mtjlab.instruments.simulated.bar_wiring import BarWiring, Sine
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_keithley2182 import SimulatedKeithley2182
from mtjlab.instruments.simulated.dialects.simulated_keithley6221 import SimulatedKeithley6221

R0 = BarParameters().resistance


def context(wiring, role):
    return InstrumentContext(wiring, role, RoleSettings(driver="any"), WiringSettings(), seed=1)


@pytest.fixture
def table():
    return BarWiring(SimulatedBar(BarParameters(), seed=1))


@pytest.fixture
def meter(table):
    return SimulatedKeithley2182(context(table, "nanovoltmeter"))


@pytest.fixture
def source(table, meter):
    assert table.voltmeter is meter
    return SimulatedKeithley6221(context(table, "current_source"))


def told(instrument, message):
    answer = instrument.handle(message)
    return None if answer is None else answer.decode()


def refusal(instrument, message):
    instrument.handle(message)
    return int(told(instrument, ":SYST:ERR?").partition(",")[0])


def results(source):
    return np.array(told(source, ":TRAC:DATA?").split(","), float)


def test_delta_takes_half_the_difference_of_both_signs_and_leaves_offsets_out(source, meter):
    meter.handle(":SENS:VOLT:NPLC 1")
    measure, seen = meter.measure, []
    meter.measure = lambda count, gap=0.0: (seen.append(gap), measure(count, gap) + 1e-3 + 1e-6 * len(seen))[
        1
    ]  # drifts
    source.handle(":FORM:ELEM READ;:TRAC:POIN 8;:SOUR:DELT:HIGH 1e-4;COUN 8;DEL 1e-3;ARM")
    assert told(source, ":SOUR:DELT:ARM?;:SOUR:PDEL:ARM?;:OUTP?") == "1;0;0"
    source.handle(":INIT:IMM")
    assert told(source, "*OPC?;:TRAC:POIN:ACT?") == "1;8"
    assert results(source) / 1e-4 == pytest.approx(R0, rel=2e-3)
    source.handle(":SOUR:SWE:ABOR")
    assert told(source, ":SOUR:DELT:ARM?;:OUTP?") == "0;0"


def test_a_new_high_level_brings_the_low_one_along(source):
    source.handle(":SOUR:DELT:HIGH 2e-3")
    assert float(told(source, ":SOUR:DELT:LOW?")) == -2e-3
    source.handle(":SOUR:DELT:LOW -1e-3")
    assert float(told(source, ":SOUR:DELT:HIGH?")) == 2e-3


def test_pulse_delta_reads_in_the_pulse_and_around_it(source, table):
    source.handle(":TRAC:POIN 4;:SOUR:PDEL:HIGH 1e-3;LOW 0;WIDT 1e-3;SDEL 5e-4;COUN 4;INT 5;ARM;:INIT")
    assert told(source, "*OPC?;:TRAC:POIN:ACT?") == "1;4"
    assert results(source) / 1e-3 == pytest.approx(R0, rel=5e-3)
    assert table.time >= 4 * 5 / 50  # one pulse in five cycles of the mains
    assert table.drive is None


@pytest.mark.parametrize(
    "message",
    [
        ":SOUR:CURR 1e-3",  # nothing is set while a mode is armed
        ":SOUR:DELT:COUN 5",
        ":OUTP ON",
        ":SOUR:WAVE:ARM",
        ":SOUR:PDEL:ARM",
    ],
)
def test_what_an_armed_mode_does_not_take_is_a_conflict(source, message):
    source.handle(":SOUR:DELT:ARM")
    assert refusal(source, message) == -221
    assert told(source, ":SOUR:DELT:ARM?") == "1"


@pytest.mark.parametrize(
    "message",
    [
        ":INIT",  # nothing is armed
        ":SOUR:PDEL:WIDT 1e-4;SDEL 9e-5;ARM",  # no time for the reading
        ":SOUR:PDEL:SWE ON;ARM",
        ":SOUR:WAVE:ARM;:SOUR:DELT:ARM",
    ],
)
def test_what_can_not_be_armed_or_begun_is_a_conflict(source, message):
    assert refusal(source, message) == -221


@pytest.mark.parametrize(
    "message", [":SOUR:DELT:HIGH -1e-3", ":SOUR:PDEL:WIDT 20e-3", ":SOUR:PDEL:INT 4", ":SOUR:PDEL:LME 3"]
)
def test_what_is_out_of_range_is_refused(source, message):
    assert refusal(source, message) == -222


def test_without_a_nanovoltmeter_nothing_is_armed(table):
    alone = SimulatedKeithley6221(context(table, "current_source"))
    assert told(alone, ":SOUR:DELT:NVPR?;:SOUR:PDEL:NVPR?") == "0;0"
    assert refusal(alone, ":SOUR:DELT:ARM") == -221
    alone.handle(':SYST:COMM:SER:SEND "*IDN?"')
    assert told(alone, ":SYST:COMM:SER:ENT?") == ""


def test_the_serial_line_passes_messages_and_answers_on(source, meter):
    source.handle(':SYST:COMM:SER:SEND "*IDN?"')
    assert "MODEL 2182A" in told(source, ":SYST:COMM:SER:ENT?")
    source.handle(":SYST:COMM:SER:SEND ':SENS:VOLT:NPLC 2'")
    assert float(told(meter, ":SENS:VOLT:NPLC?")) == 2.0
    assert refusal(source, ":SYST:COMM:SER:SEND *IDN?") == -151  # a string wants quotes


def test_switching_off_ends_what_is_armed(source, table):
    source.handle(":SOUR:DELT:ARM;:OUTP OFF")
    assert told(source, ":SOUR:DELT:ARM?") == "0"
    source.handle(":SOUR:WAVE:FUNC SIN;FREQ 137;AMPL 1e-4;PMAR:STAT 1;:SOUR:WAVE:ARM;INIT")
    assert table.sine == Sine(1e-4, 137.0, "marker")
    source.handle(":OUTP OFF")
    assert table.sine is None


def test_a_current_beyond_the_compliance_sets_its_bit_and_ends_delta_where_it_is_told_to(source):
    source.handle(":SOUR:CURR:COMP 0.5;:SOUR:DELT:HIGH 1e-3;COUN 4;CAB ON;:TRAC:POIN 4;:SOUR:DELT:ARM;:STAT:MEAS?")
    source.handle(":INIT")
    assert told(source, "*OPC?;:TRAC:POIN:ACT?") == "1;0"
    assert int(told(source, ":STAT:MEAS?")) & 8


def test_an_arbitrary_waveform_is_a_train_of_steps_through_the_bar(source, table):
    sent = []
    table.pulse = lambda current, width, limit: sent.append((current, width))
    source.handle(
        ":SOUR:WAVE:ARB:DATA 1,1,0,-0.5;:SOUR:WAVE:ARB:COPY 1;:SOUR:WAVE:FUNC ARB1;FREQ 1000;AMPL 2e-3;OFFS 0"
    )
    source.handle(":SOUR:WAVE:DUR:CYCL 2;:SOUR:WAVE:ARM;:SOUR:WAVE:INIT")
    one = [(2e-3, 5e-4), (0.0, 2.5e-4), (-1e-3, 2.5e-4)]
    assert np.array(sent) == pytest.approx(np.array(one + one))
    sent.clear()
    source.handle(":SOUR:WAVE:ABOR;FUNC SQU;DCYC 25;:SOUR:WAVE:DUR:CYCL 1;:SOUR:WAVE:ARM;:SOUR:WAVE:INIT")
    assert np.array(sent) == pytest.approx(np.array([(2e-3, 2.5e-4), (-2e-3, 7.5e-4)]))
