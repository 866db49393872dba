"""The bytes that the Keithley 2182 adapter puts on the wire."""

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
def voltmeter(wired):
    return wired(Keithley2182Nanovoltmeter, RoleSettings(driver="keithley2182"), WiringSettings())


def test_a_reading_is_one_query(voltmeter):
    with expected_protocol(voltmeter, [*SET_UP, (b":READ?", b"+1.23456E-06")]) as opened:
        assert opened.read() == 1.23456e-6


def test_integration_and_range_are_set(voltmeter):
    bytes_ = [
        (b":SENS:VOLT:NPLC 5", None),
        (b":SENS:VOLT:NPLC?", b"5.00"),
        NO_ERROR,
        (b":SENS:VOLT:CHAN1:RANG 0.1", None),
        NO_ERROR,
        (b":SENS:VOLT:CHAN1:RANG:AUTO 1", None),
        NO_ERROR,
    ]
    with expected_protocol(voltmeter, [*SET_UP, *bytes_]) as opened:
        opened.set_integration(5)
        opened.set_range(0.1)
        opened.set_range(None)


def test_settings_are_asked_for(voltmeter):
    bytes_ = [
        (b":SENS:VOLT:NPLC?", b"1"),
        (b":SENS:VOLT:CHAN1:RANG?", b"0.1"),
        (b":SENS:VOLT:CHAN1:RANG:AUTO?", b"1"),
    ]
    with expected_protocol(voltmeter, [*SET_UP, *bytes_]) as opened:
        assert opened.settings() == {
            "voltage_nplc": 1.0,
            "line_frequency": 50.0,
            "voltage_range": 0.1,
            "voltage_range_auto": "True",
        }


def test_an_overflow_is_not_taken_for_a_reading(voltmeter):
    with (
        expected_protocol(voltmeter, [*SET_UP, (b":READ?", b"+9.9E+37")]) as opened,
        pytest.raises(InstrumentError, match="overflows; choose a larger range"),
    ):
        opened.read()


def test_what_the_instrument_can_not_do_is_refused_before_anything_is_sent(voltmeter):
    with expected_protocol(voltmeter, SET_UP) as opened:
        with pytest.raises(ValueError, match=r"integration = 60 power line cycles: the 2182 takes 0\.01 to 50"):
            opened.set_integration(60)
        with pytest.raises(ValueError, match="range = 200 V: channel 1 of the 2182 takes 0 to 120 V"):
            opened.set_range(200)


def test_another_channel_is_chosen_read_back_and_has_its_own_range(voltmeter):
    bytes_ = [
        (b":SENS:CHAN 2", None),
        (b":SENS:CHAN?", b"2"),
        NO_ERROR,
        (b":SENS:VOLT:CHAN2:RANG 0.1", None),
        NO_ERROR,
        (b":READ?", b"+2.5E-06"),
    ]
    with expected_protocol(voltmeter, [*SET_UP, *bytes_]) as opened:
        opened.set_channel(2)
        opened.set_range(0.1)
        with pytest.raises(ValueError, match="range = 20 V: channel 2 of the 2182 takes 0 to 12 V"):
            opened.set_range(20.0)
        with pytest.raises(ValueError, match="channel = 3: the 2182 has 1 and 2"):
            opened.set_channel(3)
        assert opened.read() == 2.5e-6
