"""The simulated instruments behave as their manuals say, and as SCPI says."""

import struct

import numpy as np
import pytest

from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_keithley2700 import SimulatedKeithley2700


def values(answer: bytes) -> list[float]:
    return [float(word) for word in answer.decode().split(",")]


def test_common_commands(meter):
    assert meter.handle("*IDN?").startswith(b"KEITHLEY INSTRUMENTS INC.,MODEL 2400")
    assert meter.handle("*OPC?") == b"1"
    assert meter.handle("*RST") is None
    assert meter.handle(":SYST:ERR?") == b'0,"No error"'


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (":NONSENSE 1", b'-113,"Undefined header"'),
        (":SOUR:VOLT 500", b'-222,"Data out of range"'),
        (":SOUR:VOLT high", b'-104,"Data type error"'),
        (":SOUR:VOLT", b'-109,"Missing parameter"'),
        (":SOUR:VOLT 1,2", b'-108,"Parameter not allowed"'),
        (":SOUR:FUNC POWER", b'-224,"Illegal parameter value"'),
        (":TRAC:DATA?", b'-230,"Data corrupt or stale"'),
        (":INIT", b'803,"Not permitted with OUTPUT off"'),
    ],
)
def test_errors_have_the_standard_numbers(meter, line, error):
    assert meter.handle(line) is None
    assert meter.handle("*STB?") == b"4"
    assert meter.handle(":SYST:ERR?") == error
    assert meter.handle(":SYST:ERR?") == b'0,"No error"'


def test_an_error_leaves_the_setting_and_discards_the_rest_of_the_line(meter):
    meter.handle(":SOUR:VOLT 0.1")
    meter.handle(":SOUR:VOLT 999;:SOUR:VOLT 0.2")
    assert values(meter.handle(":SOUR:VOLT?")) == [0.1]


def test_the_error_queue_overflows_into_350(meter):
    for _ in range(100):
        meter.handle(":NONSENSE")
    errors = [meter.handle(":SYST:ERR?") for _ in range(31)]
    assert errors[29] == b'-350,"Queue overflow"'
    assert errors[30] == b'0,"No error"'


def test_compound_lines_answer_in_order(meter):
    line = ":SOUR:VOLT 0.05;VOLT:RANG 0.2;:SOUR:VOLT?;VOLT:RANG?;:SENS:FUNC 'CURR';FUNC?"
    assert meter.handle(line) == b'5.000000000E-02;2.000000000E-01;"CURR:DC"'


def test_reset_restores_the_defaults(meter):
    meter.handle(":SENS:CURR:NPLC 0.01;*RST")
    assert values(meter.handle(":SENS:CURR:NPLC?")) == [1.0]


def start(generator, meter, count):
    for line in (
        ":FUNC1 PULS",
        ":VOLT1:LOW 0",
        ":VOLT1:HIGH 1.25",
        ":PULS:WIDT1 1e-8",
        ":ARM:SOUR1 EXT",
        ":OUTP1:LOAD 1e6",
    ):
        generator.handle(line)
    generator.handle(":OUTP1 ON")
    meter.handle(f":SOUR:VOLT 0.05;:OUTP ON;:TRIG:OUTP SOUR;OLIN 2;COUN {count};:FORM:ELEM CURR;:SOUR:DEL 1e-6")
    meter.handle(f":SENS:CURR:NPLC 0.01;:TRAC:POIN {count};:TRAC:CLE;:TRAC:FEED:CONT NEXT;:INIT")


def test_the_trigger_link_pulses_before_every_read(generator, meter, wiring):
    start(generator, meter, 6)
    # Noise of 50 pA against levels of 1 µA and 0.5 µA.
    np.testing.assert_allclose(values(meter.handle(":TRAC:DATA?")), [0.5e-6, 1e-6] * 3, atol=1e-9)
    (pulse, count), *more = wiring.junction.pulses
    assert (count, more) == (6, [])
    # An open end sees all of the generator's voltage, and the bias tee adds the source-meter's.
    assert pulse.amplitude == pytest.approx(1.25 * (1 + 50 / 1e6) + 0.05)
    assert (pulse.width, pulse.rise) == (1e-8, 1e-9)


def test_another_line_another_arm_source_or_an_output_off_send_no_pulse(generator, meter, wiring):
    start(generator, meter, 2)
    wiring.junction.pulses.clear()
    for line in (":ARM:SOUR1 MAN", ":ARM:SOUR1 EXT;:OUTP1 OFF"):
        generator.handle(line)
        meter.handle(":INIT")
    generator.handle(":OUTP1 ON")
    meter.handle(":TRIG:OLIN 3;:INIT")
    meter.handle(":TRIG:OLIN 2;:TRIG:OUTP NONE;:INIT")
    assert wiring.junction.pulses == []


def test_a_manual_trigger_sends_one_pulse(generator, meter, wiring):
    start(generator, meter, 1)
    wiring.junction.pulses.clear()
    generator.handle(":ARM:SOUR1 MAN")
    generator.handle("*TRG;*WAI")
    assert [count for _, count in wiring.junction.pulses] == [1]


def test_a_burst_is_read_once(generator, meter, wiring):
    start(generator, meter, 1)
    generator.handle(":TRIG1:COUN 3")
    meter.handle(":TRIG:COUN 4;:TRAC:POIN 4;:TRAC:FEED:CONT NEXT;:INIT")
    assert wiring.junction.pulses[-1][1] == 12
    assert len(values(meter.handle(":TRAC:DATA?"))) == 4


def test_reals_come_as_a_block_of_indefinite_length_in_either_order(generator, meter):
    start(generator, meter, 1000)
    texts = values(meter.handle(":TRAC:DATA?"))
    for border, order in (("NORM", ">"), ("SWAP", "<")):
        block = meter.handle(f":FORM:DATA REAL,32;BORD {border};:TRAC:DATA?")
        assert block[:2] == b"#0"  # 2400 series user's manual, p. 18-48 to 18-50
        np.testing.assert_allclose(struct.unpack(f"{order}1000f", block[2:]), texts, rtol=1e-6)


def test_the_elements_come_in_the_instruments_order(generator, meter):
    start(generator, meter, 1)
    voltage, current, resistance, _, status = values(meter.handle(":FORM:ELEM STAT,TIME,RES,CURR,VOLT;:READ?"))
    # Not measured: the voltage is the programmed one, the resistance is not a number (user's manual, p. 18-51).
    assert (voltage, resistance) == (0.05, 9.91e37)
    assert status == 21508  # front, auto ohms, current measured, voltage sourced (p. 18-53), as real ones answer
    voltage, current, resistance, _, status = values(meter.handle(":SENS:FUNC:ALL;:READ?"))
    assert voltage == pytest.approx(0.05, abs=1e-5)
    assert resistance == pytest.approx(voltage / current, rel=1e-5)
    assert status == 21508 + 2048 + 8192
    assert meter.handle(":FORM:ELEM?") == b"VOLT,CURR,RES,TIME,STAT"


def test_time_passes_on_the_virtual_clock_only(generator, meter, wiring):
    start(generator, meter, 2500)
    assert wiring.time == 0.0  # INITiate is overlapped
    assert meter.handle("*OPC?") == b"1"
    # 2500 times 1 µs of settling, 0.01 cycles of 50 Hz and what the meter takes itself (user's manual, p. ).
    assert wiring.time == pytest.approx(2500 * (1e-6 + 0.01 / 50 + 285e-6))


def test_a_voltage_source_in_compliance_gives_what_its_current_makes_of_the_device(meter, wiring):
    meter.handle(":SENS:CURR:PROT 1e-7;:SOUR:VOLT 0.05;:OUTP ON;:FORM:ELEM VOLT,CURR,STAT;:SENS:FUNC 'VOLT'")
    voltage, current, status = values(meter.handle(":READ?"))
    assert (voltage, current) == (pytest.approx(1e-7 * 50e3, abs=1e-5), 1e-7)
    assert int(status) & 8
    assert wiring.bias == pytest.approx(1e-7 * 50e3)
    assert meter.handle(":SENS:CURR:PROT:TRIP?;:SENS:VOLT:PROT:TRIP?") == b"1;0"
    assert int(meter.handle(":STAT:MEAS?")) & 1 << 14
    meter.handle(":SENS:CURR:PROT 1e-5")
    assert meter.handle(":SENS:CURR:PROT:TRIP?") == b"0"
    assert wiring.bias == 0.05
    meter.handle(":SENS:CURR:PROT 1e-7;:OUTP OFF")
    assert meter.handle(":SENS:CURR:PROT:TRIP?") == b"0"


@pytest.mark.parametrize("limit", [0.2, 1.0, 21.0])
def test_a_current_source_in_compliance_stands_at_its_voltage(meter, limit):
    # 10 mA into 50 kΩ would be 500 V.
    meter.handle(f":SOUR:FUNC CURR;:SENS:VOLT:PROT {limit};:SOUR:CURR 10e-3;:SENS:FUNC:ALL;:OUTP ON")
    voltage, current, resistance, _, status = values(meter.handle(":READ?"))
    assert meter.handle(":SYST:ERR?") == b'0,"No error"'
    assert voltage == pytest.approx(limit)
    assert current == pytest.approx(limit / 50e3, rel=1e-3)
    assert resistance == pytest.approx(voltage / current, rel=1e-5)
    assert int(status) & 8
    assert meter.handle(":SENS:VOLT:PROT:TRIP?;:SENS:CURR:PROT:TRIP?") == b"1;0"


def test_a_function_is_added_to_those_measured_at_once_and_alone_otherwise(meter):
    assert meter.handle(":SENS:FUNC?") == b'"CURR:DC"'
    assert meter.handle(":SENS:FUNC 'VOLT';FUNC?;FUNC:COUN?;:SENS:FUNC:OFF?") == b'"VOLT:DC","CURR:DC";2;"RES"'
    assert meter.handle(":SENS:FUNC:OFF 'CURR';:SENS:FUNC?") == b'"VOLT:DC"'
    assert meter.handle(":SENS:FUNC:CONC OFF;:SENS:FUNC 'CURR';FUNC?;FUNC:STAT? 'VOLT'") == b'"CURR:DC";0'


def test_time_stamps_count_from_the_first_stored_reading_or_from_the_one_before(generator, meter, wiring):
    wiring.clock.wait(1234.5)
    meter.handle(":SENS:CURR:NPLC 10;:SOUR:DEL 0.1;:OUTP ON;:TRIG:COUN 4;:FORM:ELEM TIME")
    meter.handle(":TRAC:POIN 4;:TRAC:FEED:CONT NEXT;:INIT")
    step = 0.1 + 0.2 + 285e-6
    np.testing.assert_allclose(values(meter.handle(":TRAC:DATA?")), step * np.arange(4), atol=2e-3)
    np.testing.assert_allclose(values(meter.handle(":TRAC:TST:FORM DELT;:TRAC:DATA?"))[1:], step, atol=2e-3)
    np.testing.assert_allclose(values(meter.handle(":FETC?")), 1234.5 + step * np.arange(1, 5), atol=3e-3)
    now = values(meter.handle(":SYST:TIME?"))[0]
    assert now == pytest.approx(1234.5 + 4 * step, abs=2e-3)
    assert values(meter.handle(":SYST:TIME:RES;:SYST:TIME?")) == [0.0]


def test_settings_are_saved_and_recalled_with_the_output_off(meter):
    meter.handle(":SOUR:VOLT 0.1;:SENS:CURR:NPLC 5;:OUTP ON;*SAV 2;*RST")
    assert values(meter.handle(":SOUR:VOLT?")) == [0.0]
    meter.handle("*RCL 2")
    assert meter.handle(":SENS:CURR:NPLC?;:OUTP?") == b"5;0"
    assert values(meter.handle(":SOUR:VOLT?")) == [0.1]
    assert meter.handle("*RCL 3;:SYST:ERR:CODE?") is None
    assert meter.handle(":SYST:ERR:ALL?") == b'-221,"Settings conflict"'


def test_the_generators_own_limit_refuses_and_switches_off(generator):
    generator.handle(":VOLT1:LOW 0;HIGH 1;LIM:HIGH 1.5;STAT ON;:OUTP1 ON")
    generator.handle(":VOLT1:HIGH 1.6")
    assert generator.handle(":SYST:ERR?") == b'-221,"Settings conflict"'
    assert values(generator.handle(":VOLT1:HIGH?")) == [1.0]
    assert generator.handle(":OUTP1?") == b"0"


def test_channels_are_separate(generator):
    generator.handle(":PULS:WIDT2 5e-9")
    assert generator.handle(":PULS:WIDT2?;WIDT1?") == b"5.000000000E-09;1.000000000E-04"
    assert generator.handle(":PULS:WIDT3?") is None
    assert generator.handle(":SYST:ERR?") == b'-114,"Header suffix out of range"'


def test_a_multiplexer_has_one_system_channel_and_many_others(wiring):
    settings = MultiplexerSettings(driver="keithley2700", junctions={"A": 101, "B": 102})
    multiplexer = SimulatedKeithley2700(InstrumentContext(wiring, "role", settings, WiringSettings(), seed=1))
    # 2700 user's manual, p. 2-12, and 2750 user's manual, p. 2-19.
    multiplexer.handle(":ROUT:MULT:CLOS (@105);:ROUT:CLOS (@101);:ROUT:CLOS (@102)")
    assert multiplexer.handle(":ROUT:MULT:CLOS?") == b"(@102,105)"
    assert multiplexer.handle(":ROUT:MULT:CLOS:STAT? (@101,102,105)") == b"0,1,1"
    multiplexer.handle(":ROUT:CLOS (@101,102)")
    assert multiplexer.handle(":SYST:ERR?") == b'-222,"Data out of range"'
