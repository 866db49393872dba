"""The bytes that the Keithley 2400 adapter puts on the wire."""

import struct

import numpy as np
import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keithley2400 import OVERFLOW, Keithley2400SourceMeter
from mtjlab.instruments.instrument_error import InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
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
]

OFF = [(b":ABORT", None), (b"OUTPUT 0", None)]


@pytest.fixture
def meter(wired):
    return wired(Keithley2400SourceMeter, RoleSettings(driver="keithley2400"), WiringSettings(trigger_line=3))


def test_opening_leaves_the_output_off_and_asks_for_the_current_as_reals(meter):
    with expected_protocol(meter, SET_UP) as opened:
        assert opened.resource == ""


def test_a_bias_is_read_back(meter):
    bytes_ = [
        (b":SENSE:CURRENT:PROTECTION 1e-05", None),
        (b":SOURCE:VOLTAGE 0.05", None),
        (b":SENSE:CURRENT:PROTECTION?", b"1.000000E-05"),
        (b":SOURCE:VOLTAGE?", b"5.000000E-02"),
        NO_ERROR,
    ]
    with expected_protocol(meter, [*SET_UP, *bytes_]) as opened:
        opened.set_bias(0.05, 1e-5)


def test_a_bias_that_the_instrument_did_not_take_is_an_error_and_leaves_the_output_off(meter):
    bytes_ = [
        (b":SENSE:CURRENT:PROTECTION 1e-05", None),
        (b":SOURCE:VOLTAGE 0.05", None),
        (b":SENSE:CURRENT:PROTECTION?", b"1.000000E-05"),
        (b":SOURCE:VOLTAGE?", b"2.000000E-02"),
        *OFF,
    ]
    with (
        expected_protocol(meter, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match=r"bias: 0\.05 V was asked for and the instrument took 0\.02 V"),
    ):
        opened.set_bias(0.05, 1e-5)


PREPARED = [
    (b":ARM:SOURCE IMM", None),
    (b":TRIGGER:SOURCE IMM", None),
    (b":TRIGGER:OUTPUT SOUR", None),
    (b":TRIGGER:OLINE 3", None),
    (b":SOURCE:DELAY 1e-06", None),
    (b":TRIGGER:COUNT?", b"1"),
    (b":ARM:COUNT 1", None),
    (b":ARM:COUNT?", b"1"),
    (b":TRIGGER:COUNT 2500", None),
    (b":TRAC:POIN 2500", None),
    NO_ERROR,
]
"""A block of 2500 readings, 1 µs after each step."""


def test_a_block_is_one_run_of_the_trigger_model(meter):
    bytes_ = [
        *PREPARED,
        (b":TRAC:CLE;:TRAC:FEED SENS;:TRAC:FEED:CONT NEXT;:INIT;*OPC?;:SYST:ERR?", None),
    ]
    with expected_protocol(meter, [*SET_UP, *bytes_]) as opened:
        opened.prepare_block(2500, 1e-6)
        opened.start_block()


@pytest.mark.parametrize("count", [0, 2501])
def test_a_block_beyond_the_buffer_is_refused_before_anything_is_sent(meter, count):
    with expected_protocol(meter, SET_UP) as opened, pytest.raises(ValueError, match=f"block = {count} .* 1 to 2500"):
        opened.prepare_block(count, 1e-6)


def test_switching_off_stops_a_block_and_has_no_ramp(meter):
    with expected_protocol(meter, [*SET_UP, *OFF]) as opened:
        opened.switch_off()


def test_an_error_in_the_queue_is_raised_with_what_was_being_done(meter):
    bytes_ = [
        (b":SENSE:CURRENT:NPLCYCLES 0.01", None),
        (b"SYST:ERR?", b'-222,"Data out of range"'),
        NO_ERROR,
    ]
    with (
        expected_protocol(meter, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match="while setting the integration time: -222"),
    ):
        opened.set_integration(0.01)


@pytest.mark.parametrize(("reading", "message"), [(9.9e37, "overflows"), (1.05e-4, "compliance of 0.000105 A")])
def test_what_is_none_of_the_device_is_not_taken_for_a_reading(meter, monkeypatch, reading, message):
    answer = np.array([reading], "<f4").astype(float)
    with expected_protocol(meter, SET_UP) as opened:
        monkeypatch.setattr(opened.driver.adapter, "query_block", lambda query, count: answer, raising=False)
        with pytest.raises(InstrumentError, match=message):
            opened.read()


def test_single_precision_holds_the_overflow_marker():
    # 9.9E37 survives the way through 32 bits, so the comparison above means something on the wire.
    (value,) = struct.unpack("<f", struct.pack("<f", 9.9e37))
    assert value >= OVERFLOW


def test_an_error_during_a_block_is_raised_in_place_of_its_readings():
    with open_bench("simulated", seed=1) as bench:
        meter = bench.source_meter
        meter.set_bias(0.05, 1e-5)
        meter.switch_on()
        meter.prepare_block(10, 1e-6)
        meter.start_block()
        assert len(meter.fetch_block()) == 10
        bench.stand_in.faults.inject("error", role="source_meter", number=-310, pattern=":TRAC:CLE*")
        meter.start_block()
        with pytest.raises(InstrumentError, match="reports, while taking a block: -310"):
            meter.fetch_block()


@pytest.mark.parametrize(
    ("firmware", "second"), [("C30 Mar 17 2006/A02  /K/J", 1.0), ("C17 Feb 4 1999/A01", 0.9765625)]
)
def test_the_interval_of_a_block_is_the_slope_of_its_time_stamps(meter, monkeypatch, firmware, second):
    # Firmware up to C17 calls 0.9765625 s a second (2400 series user's manual, p. 9-5).
    stamps = np.floor(np.arange(2500) * 0.4852e-3 * 1024) / 1024
    bytes_ = [
        *PREPARED,
        (b":FORM:ELEM TIME", None),
        (b":FORM:ELEM CURR", None),
        (b":FORM:ELEM?", b"CURR"),
        (b"*IDN?", b"KEITHLEY INSTRUMENTS INC.,MODEL 2400,0954012," + firmware.encode()),
    ]
    with expected_protocol(meter, [*SET_UP, *bytes_]) as opened:
        monkeypatch.setattr(opened.driver.adapter, "query_block", lambda query, count: stamps, raising=False)
        opened.prepare_block(2500, 1e-6)
        assert opened.block_interval() == pytest.approx(0.4852e-3 * second, rel=1e-4)


@pytest.mark.parametrize("left_out", [False, True])
def test_a_settle_time_that_the_instrument_leaves_out_is_refused_after_one_block(meter, monkeypatch, left_out):
    # "The Source-Delay portion of the SDM cycle is omitted" where the level stays (user's manual, p. A-8).
    interval = 1e-2 / 60 + 285e-6 + (0 if left_out else 1e-3)
    stamps = np.floor(np.arange(500) * interval * 1024) / 1024
    bytes_ = [
        (b":FORM:ELEM TIME", None),
        (b":FORM:ELEM CURR", None),
        (b":FORM:ELEM?", b"CURR"),
        (b"*IDN?", b"KEITHLEY INSTRUMENTS INC.,MODEL 2400,0954012,C30 Mar 17 2006/A02"),
    ]
    with expected_protocol(meter, [*SET_UP, *bytes_]) as opened:
        monkeypatch.setattr(opened.driver.adapter, "query_block", lambda query, count: stamps, raising=False)
        opened._count, opened._settle, opened.cycles = 500, 1e-3, 0.01
        if left_out:
            with pytest.raises(InstrumentError, match=r"every 0\.000452 s, and settle = 0\.001 s asks for 0\.00117 s"):
                opened._confirm_settling()
        else:
            opened._confirm_settling()
