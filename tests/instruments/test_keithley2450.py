"""A Keithley 2450 in the language of the 2400."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keithley2450 import Keithley2450SourceMeter
from mtjlab.instruments.instrument_error import InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
    (b"*LANG?", b"SCPI2400"),
    (b":FORMAT:ELEMENTS VOLTAGE, CURRENT, RESISTANCE, TIME, STATUS", None),
    (b"OUTPUT 0", None),
    (b"*RST", None),
    (b":SOURCE:FUNCTION VOLT", None),
    (b":SENS:FUNC 'CURR'", None),
    (b":FORM:ELEM CURR", None),
    (b":FORM:DATA REAL,32", None),
    (b":FORM:BORD SWAP", None),
    (b":FORM:BORD?", b"SWAP"),
    (b":TRAC:TST:FORM ABS", None),
    (b":SYST:LFR?", b"60.00"),
    (b":SYSTEM:AZERO:STATE 0", None),
    (b":ARM:SOURCE IMM", None),
    (b":TRIGGER:SOURCE IMM", None),
    (b":ARM:OUTPUT NONE", None),
    (b":TRIGGER:OUTPUT NONE", None),
    NO_ERROR,
    (b":SYST:TLIN 1", None),
    NO_ERROR,
]


@pytest.fixture
def meter(wired):
    return wired(Keithley2450SourceMeter, RoleSettings(driver="keithley2450"), WiringSettings())


def test_opening_asks_for_the_language_and_enables_the_trigger_link(meter):
    with expected_protocol(meter, SET_UP):
        pass


def test_a_bias_is_set_in_the_words_of_the_2400(meter):
    bytes_ = [
        (b":SENSE:CURRENT:PROTECTION 1e-05", None),
        (b":SOURCE:VOLTAGE -0.05", None),
        (b":SENSE:CURRENT:PROTECTION?", b"1.000000E-05"),
        (b":SOURCE:VOLTAGE?", b"-5.000000E-02"),
        NO_ERROR,
    ]
    with expected_protocol(meter, [*SET_UP, *bytes_]) as opened:
        opened.set_bias(-0.05, 1e-5)


def test_another_language_is_named_with_the_remedy_before_a_word_of_it_is_sent(meter):
    with (
        pytest.raises(InstrumentError, match=r"the 2450 speaks SCPI: choose SCPI2400 .*\*LANG SCPI2400"),
        expected_protocol(meter, [(b"*LANG?", b"SCPI")]),
    ):
        pass
