"""The bytes that the Keithley 6221 adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keithley6221 import Keithley6221CurrentSource
from mtjlab.instruments.instrument_error import InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
    (b"OUTPut 0", None),
    (b"*RST", None),
    (b":SOUR:CURR:RANG:AUTO 1", None),
    (b":SOUR:CURR 0", None),
    NO_ERROR,
]


@pytest.fixture
def source(wired):
    return wired(Keithley6221CurrentSource, RoleSettings(driver="keithley6221"), WiringSettings())


def test_a_current_is_read_back(source):
    bytes_ = [
        (b":SOUR:CURR:COMP 10", None),
        (b":SOUR:CURR 0.0001", None),
        (b":SOUR:CURR:COMP?", b"1.000000E+01"),
        (b":SOUR:CURR?", b"1.000000E-04"),
        NO_ERROR,
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.set_current(1e-4, 10)


def test_a_pulse_is_one_cycle_that_stands_for_half_of_it(source):
    shape = ", ".join(["-1.0"] * 50 + ["0.0"] * 50).encode()
    bytes_ = [
        (b":SOUR:CURR:COMP 10", None),
        (b":SOUR:CURR:COMP?", b"1.000000E+01"),
        (b":SOUR:WAVE:ARB:DATA " + shape, None),
        (b":SOUR:WAVE:ARB:COPY 1", None),
        (b":SOUR:WAVE:FUNC ARB1", None),
        (b":SOUR:WAVE:FREQ 10000", None),
        (b":SOUR:WAVE:AMPL 0.008", None),
        (b":SOUR:WAVE:OFFS 0", None),
        (b":SOUR:WAVE:DUR:CYCL 1", None),
        (b":SOUR:WAVE:AMPL?", b"8.000000E-03"),
        (b":SOUR:WAVE:FREQ?", b"1.000000E+04"),
        (b":SOUR:WAVE:ARM", None),
        NO_ERROR,
        (b":STAT:MEAS?", b"0"),
        (b":SOUR:WAVE:INIT", None),
        NO_ERROR,
        (b":SOUR:WAVE:ABOR", None),
        (b":STAT:MEAS?", b"0"),
        (b":SOUR:CURR 0", None),
        (b"OUTPut 1", None),
        NO_ERROR,
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.send_pulse(-8e-3, 50e-6, 10)


def test_a_current_that_was_not_taken_leaves_the_output_off(source):
    bytes_ = [
        (b":SOUR:CURR:COMP 10", None),
        (b":SOUR:CURR 0.1", None),
        (b":SOUR:CURR:COMP?", b"1.000000E+01"),
        (b":SOUR:CURR?", b"2.000000E-02"),
        (b"OUTPut 0", None),
    ]
    with (
        expected_protocol(source, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match=r"current: 0\.1 A was asked for and the instrument took 0\.02 A"),
    ):
        opened.set_current(0.1, 10)


def test_what_the_driver_would_truncate_is_refused_before_anything_is_sent(source):
    with expected_protocol(source, SET_UP) as opened:
        with pytest.raises(ValueError, match=r"current = 0\.2 A: the 6221 gives -0\.105 to 0\.105 A"):
            opened.set_current(0.2, 10)
        with pytest.raises(ValueError, match=r"compliance = 200 V: the 6221 takes 0\.1 to 105 V"):
            opened.set_current(0.1, 200)
        with pytest.raises(ValueError, match="width = 1e-06 s: the 6221 gives 5e-06 to 500 s"):
            opened.send_pulse(1e-3, 1e-6, 10)
        with pytest.raises(ValueError, match="pulse current = 0 A: the 6221 gives 2e-12 A or more"):
            opened.send_pulse(0.0, 1e-4, 10)


def test_switching_and_settings(source):
    bytes_ = [
        (b"OUTPut 1", None),
        NO_ERROR,
        (b"OUTPut 0", None),
        (b"OUTPut?", b"0"),
        (b":SOUR:CURR?", b"1.000000E-04"),
        (b":SOUR:CURR:COMP?", b"1.000000E+01"),
        (b":SOUR:CURR:RANG:AUTO?", b"1"),
        (b":SOUR:WAVE:AMPL?", b"1.000000E-03"),
        (b":SOUR:WAVE:FREQ?", b"1.000000E+03"),
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.switch_on()
        opened.switch_off()
        assert opened.settings()["source_current"] == 1e-4
