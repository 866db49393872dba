"""The bytes that the Keithley 2700 adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.drivers.keithley2700 import Keithley2700Multiplexer
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [NO_ERROR, (b"*OPT?", b"7700,NONE"), (b":ROUTe:OPEN:ALL", None), NO_ERROR]


@pytest.fixture
def multiplexer(wired):
    role = MultiplexerSettings(driver="keithley2700", junctions={"A1": 101, "A2": 102})
    return wired(Keithley2700Multiplexer, role, WiringSettings())


def test_a_junction_is_connected_when_all_others_are_not(multiplexer):
    bytes_ = [
        (b":ROUTe:OPEN:ALL", None),
        (b"ROUTe:MULTiple:CLOSe (@102)", None),
        NO_ERROR,
        (b"ROUTe:MULTiple:CLOSe?", b"(@102)"),
        NO_ERROR,
        NO_ERROR,
    ]
    with expected_protocol(multiplexer, [*SET_UP, *bytes_]) as opened:
        assert opened.junctions == ("A1", "A2")
        opened.select("A2")


def test_a_relay_that_sticks_is_an_error_and_leaves_all_open(multiplexer):
    bytes_ = [
        (b":ROUTe:OPEN:ALL", None),
        (b"ROUTe:MULTiple:CLOSe (@102)", None),
        NO_ERROR,
        (b"ROUTe:MULTiple:CLOSe?", b"(@101,102)"),
        NO_ERROR,
        (b":ROUTe:OPEN:ALL", None),
    ]
    with (
        expected_protocol(multiplexer, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match=r"channel 102 was asked for and \[101, 102\] is closed"),
    ):
        opened.select("A2")


def test_what_is_connected_is_told(multiplexer):
    bytes_ = [
        (b"ROUTe:MULTiple:CLOSe?", b"(@101)"),
        NO_ERROR,
        (b"ROUTe:MULTiple:CLOSe?", b"(@)"),
        NO_ERROR,
        (b":ROUTe:OPEN:ALL", None),
    ]
    with expected_protocol(multiplexer, [*SET_UP, *bytes_]) as opened:
        assert opened.selected() == "A1"
        assert opened.selected() is None
        opened.switch_off()


def test_settings_are_asked_for(multiplexer):
    answer = [(b"ROUTe:MULTiple:CLOSe?", b"(@101)"), NO_ERROR] * 2
    with expected_protocol(multiplexer, [*SET_UP, *answer]) as opened:
        assert opened.settings() == {"closed_channels": "101", "junction": "A1"}


def test_an_unknown_junction_is_refused_with_those_there_are(multiplexer):
    with (
        expected_protocol(multiplexer, SET_UP) as opened,
        pytest.raises(ValueError, match="junction = 'B7': there is none; the bench has A1, A2"),
    ):
        opened.select("B7")


def test_a_channel_that_no_card_has_is_named(multiplexer):
    bytes_ = [NO_ERROR, (b"*OPT?", b"NONE,7702"), (b":ROUTe:OPEN:ALL", None)]
    with (
        pytest.raises(InstrumentError, match=r"no channel 101, 102 \(junction A1, A2\); its cards: NONE, 7702"),
        expected_protocol(multiplexer, bytes_),
    ):
        pass
