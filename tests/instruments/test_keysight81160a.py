"""The bytes that the Keysight 81160A adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keysight81160a import Keysight81160APulseGenerator
from mtjlab.instruments.instrument_error import InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
    (b"OUTP1 0", None),
    (b"*RST", None),
    (b":FUNC1 PULS", None),
    (b":OUTP1:LOAD 1.000000e+06", None),
    (b":FUNC1:PULS:TRAN 1.000000e-09", None),
    (b":TRIG1:COUN 1", None),
    (b":ARM:SLOP NEG", None),
    (b":ARM:SENS1 EDGE", None),
    (b":ARM:LEV 1", None),
    (b":ARM:IMP 10000", None),
    (b":ARM:SOUR1 MAN", None),
    NO_ERROR,
]


@pytest.fixture
def generator(wired):
    return wired(Keysight81160APulseGenerator, RoleSettings(driver="keysight81160a"), WiringSettings())


def test_opening_leaves_the_output_off_and_one_pulse_a_trigger(generator):
    with expected_protocol(generator, SET_UP) as opened:
        assert opened.resource == ""


def test_a_shorter_pulse_is_set_before_its_period_and_read_back(generator):
    bytes_ = [
        (b":PULS:PER1?", b"1.0E-03"),
        (b":PULS:WIDT1 1.000000e-08", None),
        (b":PULS:PER1 2.000000e-08", None),
        (b":OUTP1:POL?", b"NORM"),
        (b":VOLT1:HIGH 1.250000", None),
        (b":VOLT1:LOW 0.000000", None),
        (b":VOLT1:HIGH?", b"1.25E+00"),
        (b":VOLT1:LOW?", b"0"),
        (b":OUTP1:POL?", b"NORM"),
        (b":PULS:WIDT1?", b"1.0E-08"),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_pulse(1.25, 10e-9)


def test_the_period_never_falls_below_what_the_manual_says(generator):
    bytes_ = [
        (b":PULS:PER1?", b"1.0E-09"),
        (b":PULS:PER1 5.030000e-09", None),
        (b":PULS:WIDT1 1.500000e-09", None),
        (b":OUTP1:POL?", b"NORM"),
        (b":VOLT1:HIGH 1.500000", None),
        (b":VOLT1:LOW 0.000000", None),
        (b":VOLT1:HIGH?", b"1.5E+00"),
        (b":VOLT1:LOW?", b"0"),
        (b":OUTP1:POL?", b"NORM"),
        (b":PULS:WIDT1?", b"1.5E-09"),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_pulse(1.5, 1.5e-9)


def test_a_negative_pulse_rests_at_zero_and_the_polarity_turns_while_the_output_is_off(generator):
    bytes_ = [
        (b":PULS:PER1?", b"2.0E-08"),
        (b":PULS:PER1 2.000000e-08", None),
        (b":PULS:WIDT1 1.000000e-08", None),
        (b":OUTP1:POL?", b"NORM"),
        (b"OUTP1?", b"1"),
        (b"OUTP1 0", None),
        (b":VOLT1:HIGH 0.050000", None),
        (b":VOLT1:LOW 0.000000", None),
        (b":OUTP1:POL INV", None),
        (b":VOLT1:LOW -0.050000", None),
        (b":VOLT1:HIGH 0.000000", None),
        (b":VOLT1:LOW -1.000000", None),
        (b":VOLT1:HIGH 0.000000", None),
        (b":VOLT1:HIGH?", b"0"),
        (b":VOLT1:LOW?", b"-1.0E+00"),
        (b":OUTP1:POL?", b"INV"),
        (b":PULS:WIDT1?", b"1.0E-08"),
        NO_ERROR,
        (b"OUTP1 1", None),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_pulse(-1.0, 10e-9)


def test_an_amplitude_that_was_not_taken_leaves_the_output_off(generator):
    bytes_ = [
        (b":PULS:PER1?", b"2.0E-08"),
        (b":PULS:PER1 2.000000e-08", None),
        (b":PULS:WIDT1 1.000000e-08", None),
        (b":OUTP1:POL?", b"NORM"),
        (b":VOLT1:HIGH 1.000000", None),
        (b":VOLT1:LOW 0.000000", None),
        (b":VOLT1:HIGH?", b"2.0E+00"),
        (b":VOLT1:LOW?", b"0"),
        (b"OUTP1 0", None),
    ]
    with (
        expected_protocol(generator, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match="amplitude: 1 V was asked for and the instrument took 2 V"),
    ):
        opened.set_pulse(1.0, 10e-9)


def test_the_drivers_own_period_limit_is_that_of_the_manual(generator):
    with expected_protocol(generator, SET_UP) as opened, pytest.raises(ValueError, match=r"3\.03e-09"):
        opened.driver.channels[1].pulse_period = 2e-9


@pytest.mark.parametrize(
    ("amplitude", "width", "message"),
    [
        (5.1, 1e-8, r"amplitude = 5\.1 V: the 81160A gives 0\.05 to 5 V of either"),
        (1.0, 1e-9, "gives 1.5e-09 to 1 s"),
    ],
)
def test_what_the_instrument_can_not_do_is_refused_before_anything_is_sent(generator, amplitude, width, message):
    with expected_protocol(generator, SET_UP) as opened, pytest.raises(ValueError, match=message):
        opened.set_pulse(amplitude, width)


def test_the_backstop_is_the_instruments_own_limit(generator):
    bytes_ = [
        (b":VOLT1:HIGH 0.050000", None),
        (b":VOLT1:LOW 0.000000", None),
        (b":VOLT1:LIM:HIGH 1.800000", None),
        (b":VOLT1:LIM:LOW -1.800000", None),
        (b":VOLT1:LIM:STAT 1", None),
        (b":VOLT1:LIM:HIGH?", b"1.8E+00"),
        (b":VOLT1:LIM:LOW?", b"-1.8E+00"),
        (b":VOLT1:LIM:STAT?", b"1"),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_limit(1.8)


def test_arming_triggering_and_switching(generator):
    bytes_ = [
        (b":ARM:SOUR1 EXT", None),
        (b":ARM:SOUR1?", b"EXT"),
        (b":ARM:SOUR1 MAN", None),
        (b":ARM:SOUR1?", b"MAN"),
        (b"OUTP1 1", None),
        NO_ERROR,
        (b"*TRG", None),
        (b"*OPC?", b"1"),
        (b"OUTP1 0", None),
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.arm_external()
        opened.arm_manual()
        opened.switch_on()
        opened.trigger()
        opened.switch_off()


def test_a_setting_conflict_is_raised(generator):
    bytes_ = [
        (b"OUTP1 1", None),
        (b"SYST:ERR?", b'-221,"Settings conflict"'),
        NO_ERROR,
    ]
    with (
        expected_protocol(generator, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match="while switching on: -221"),
    ):
        opened.switch_on()
