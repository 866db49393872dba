"""What an instrument answers wrongly is told as that; what the program does wrongly keeps its own error."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keithley2182 import Keithley2182Nanovoltmeter
from mtjlab.instruments.instrument_error import InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
    (b"*RST", None),
    (b":SYST:LFR?", b"50"),
    (b":SENS:CHAN 1;:SENS:FUNC 'VOLT';:SENS:VOLT:NPLC 1;", None),
    (b":SENS:VOLT:RANG:AUTO 1", None),
    NO_ERROR,
    NO_ERROR,
]


@pytest.fixture
def connect(wired):
    role = RoleSettings(driver="keithley2182", resource="GPIB0::7::INSTR")
    return wired(Keithley2182Nanovoltmeter, role, WiringSettings())


def read(voltmeter):
    return voltmeter.read()


def settings(voltmeter):
    return voltmeter.settings()


NPLC = (b":SENS:VOLT:NPLC?", b"1")
RANGE = (b":SENS:VOLT:CHAN1:RANG?", b"0.1")


@pytest.mark.parametrize(
    ("ask", "answers", "told"),
    [
        (read, [(b":READ?", b"no number")], "no number"),
        (read, [(b":READ?", b"1,2")], r"\[1\.0, 2\.0\] is not a number"),
        (settings, [(b":SENS:VOLT:NPLC?", b"?")], r"'\?' is not a number"),
        (settings, [NPLC, RANGE, (b":SENS:VOLT:CHAN1:RANG:AUTO?", b"2")], "2"),  # PyMeasure's KeyError
    ],
)
def test_an_answer_that_makes_no_sense_is_told_with_the_resource(connect, ask, answers, told):
    with (
        expected_protocol(connect, [*SET_UP, *answers]) as voltmeter,
        pytest.raises(InstrumentError, match=rf"GPIB0::7::INSTR sent an unexpected answer \(.*{told}"),
    ):
        ask(voltmeter)


@pytest.mark.parametrize("error", [TypeError, KeyError, IndexError, ValueError("could not convert string to float")])
def test_a_fault_of_the_program_is_not_laid_to_the_instrument(connect, error):
    with expected_protocol(connect, SET_UP) as voltmeter:
        with pytest.raises(BaseException) as raised, voltmeter._talking():  # noqa: PT011 its kind is the matter
            raise error
        assert raised.type is (error if isinstance(error, type) else type(error))


def test_what_a_driver_refuses_of_our_own_is_no_answer(connect):
    with (
        expected_protocol(connect, SET_UP) as voltmeter,
        voltmeter._talking(),
        pytest.raises(ValueError, match="range"),
    ):
        voltmeter.driver.voltage_nplc = 1000
