"""The bytes of a Keithley 2400 that sources current: a probe, and pulses as public lab code sends them."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.core import InputError
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keithley2400 import Keithley2400SourceMeter
from mtjlab.instruments.instrument_error import ComplianceError, InstrumentError

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
    (b":SYST:LFR?", b"50.00"),
    (b":SYSTEM:AZERO:STATE 0", None),
    (b":ARM:SOURCE IMM", None),
    (b":TRIGGER:SOURCE IMM", None),
    (b":ARM:OUTPUT NONE", None),
    (b":TRIGGER:OUTPUT NONE", None),
    NO_ERROR,
]
TO_CURRENT = [
    (b"OUTPUT 0", None),
    (b":SOURCE:FUNCTION CURR", None),
    (b":SENS:FUNC:OFF 'CURR'", None),
    (b":SENS:FUNC 'VOLT'", None),
    (b":FORM:ELEM VOLT", None),
]


def sent_current(current, compliance):
    return [
        (f":SENSE:VOLTAGE:PROTECTION {compliance:g}".encode(), None),
        (f":SOURCE:CURRENT {current:g}".encode(), None),
        (b":SENSE:VOLTAGE:PROTECTION?", f"{compliance:E}".encode()),
        (b":SOURCE:CURRENT?", f"{current:E}".encode()),
    ]


@pytest.fixture
def meter(wired):
    return wired(Keithley2400SourceMeter, RoleSettings(driver="keithley2400"), WiringSettings(trigger_line=0))


def test_a_current_is_sourced_in_place_of_the_bias_with_the_output_off_for_the_change(meter):
    bytes_ = [*TO_CURRENT, *sent_current(1e-4, 12), NO_ERROR, *sent_current(2e-4, 12), NO_ERROR]
    with expected_protocol(meter, [*SET_UP, *bytes_]) as opened:
        opened.set_current(1e-4, 12)
        opened.set_current(2e-4, 12)  # it sources a current already


def test_going_back_to_a_bias_reads_the_current_again(meter):
    back = [
        (b"OUTPUT 0", None),
        (b":SOURCE:FUNCTION VOLT", None),
        (b":SENS:FUNC:OFF 'VOLT'", None),
        (b":SENS:FUNC 'CURR'", None),
        (b":FORM:ELEM CURR", None),
        (b":SENSE:CURRENT:PROTECTION 0.001", None),
        (b":SOURCE:VOLTAGE 0.05", None),
        (b":SENSE:CURRENT:PROTECTION?", b"1.0E-03"),
        (b":SOURCE:VOLTAGE?", b"5.0E-02"),
        NO_ERROR,
    ]
    with expected_protocol(meter, [*SET_UP, *TO_CURRENT, *sent_current(1e-4, 12), NO_ERROR, *back]) as opened:
        opened.set_current(1e-4, 12)
        opened.set_bias(0.05, 1e-3)


def test_what_the_meter_does_not_give_is_refused_before_anything_is_sent(meter):
    with expected_protocol(meter, SET_UP) as opened:
        for call, match in (
            (lambda: opened.set_current(2.0, 12), r"current = 2 A: the 2400 gives -1\.05 to 1\.05 A"),
            (lambda: opened.set_current(1e-4, 300), r"compliance = 300 V: the 2400 takes 0\.0002 to 210 V"),
            (lambda: opened.send_pulse(1e-3, 1e-4, 12), r"pulse width = 0\.0001 s: the 2400 gives 0\.000485 to 1000 s"),
        ):
            with pytest.raises(InputError, match=match):
                call()


def test_a_current_that_was_not_taken_leaves_the_output_off(meter):
    bytes_ = [
        *TO_CURRENT,
        (b":SENSE:VOLTAGE:PROTECTION 12", None),
        (b":SOURCE:CURRENT 0.1", None),
        (b":SENSE:VOLTAGE:PROTECTION?", b"12"),
        (b":SOURCE:CURRENT?", b"0.02"),
        (b":ABORT", None),
        (b"OUTPUT 0", None),
    ]
    with (
        expected_protocol(meter, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match=r"current: 0\.1 A was asked for and the instrument took 0\.02 A"),
    ):
        opened.set_current(0.1, 12)


def heard_by(bench, seen):
    """Write down what the simulated meter hears from now on."""
    instrument = bench.stand_in.instruments["source_meter"]
    handle = instrument.handle
    instrument.handle = lambda text: (seen.append(text), handle(text))[1]


def test_a_pulse_is_one_run_of_the_trigger_model_between_two_times_with_the_output_off():
    with open_bench("simulated-bar-2400", seed=1) as bench:
        meter, seen = bench.source_meter, []
        meter.set_current(1e-4, 12.0)
        meter.switch_on()
        heard_by(bench, seen)
        meter.send_pulse(3e-3, 10e-3, 12.0)
        told = [message for message in seen if "?" not in message]
        assert told == [
            "OUTPUT 0",
            ":SENSE:VOLTAGE:PROTECTION 12",
            ":SOURCE:CURRENT 0.003",
            ":SOURCE:DELAY 0.009515",
            ":SENSE:CURRENT:NPLCYCLES 0.01",
            ":SOURCE:CLEAR:AUTO 1",
            ":INIT",
            ":SOURCE:CLEAR:AUTO 0",
            ":SENSE:CURRENT:NPLCYCLES 1",
            ":SOURCE:DELAY 0",
            ":SENSE:VOLTAGE:PROTECTION 12",
            ":SOURCE:CURRENT 0.0001",
            "OUTPUT 1",
        ]
        assert seen.index("*OPC?") == seen.index(":INIT") + 1
        settings = meter.settings()
        assert (settings["output"], settings["source_current"]) == ("True", 1e-4)
        assert meter.read().voltage / 1e-4 == pytest.approx(1299, rel=5e-3)


@pytest.mark.parametrize("width", [1e-3, 20e-3])
def test_the_bar_gets_the_width_that_was_asked_for(width):
    with open_bench("simulated-bar-2400", seed=1) as bench:
        bar, lived = bench.stand_in.wiring.bar, []
        settle, many = bar.settle, bar.voltages_many
        bar.settle = lambda current, seconds: (lived.append((current, seconds)), settle(current, seconds))[1]
        bar.voltages_many = lambda currents, window: (lived.append((currents[0], window)), many(currents, window))[1]
        bench.source_meter.set_current(1e-4, 12.0)
        bench.source_meter.send_pulse(3e-3, width, 12.0)
        assert sum(seconds for current, seconds in lived if current == 3e-3) == pytest.approx(width, rel=1e-3)


def test_a_reading_at_the_compliance_is_an_open_contact():
    with open_bench("simulated-bar-2400", seed=1) as bench:
        meter = bench.source_meter
        meter.set_current(1e-3, 0.5)  # 1.3 V would be needed
        meter.switch_on()
        with pytest.raises(ComplianceError, match=r"a reading is at the compliance of 0\.5 V; is the device open"):
            meter.read()
        with pytest.raises(ComplianceError, match=r"at the compliance of 0\.5 V"):
            meter.send_pulse(3e-3, 1e-3, 0.5)
        assert not bench.interlock.on  # a pulse that was not what it was to be leaves the output off


def test_settings_tell_of_the_current_while_one_is_sourced():
    with open_bench("simulated-bar-2400", seed=1) as bench:
        meter = bench.source_meter
        assert "source_current" not in meter.settings()
        meter.set_current(-2e-4, 5.0)
        settings = meter.settings()
        assert (settings["source_current"], settings["compliance_voltage"]) == (-2e-4, 5.0)
        assert {name for name, _, _, _ in meter.levels(settings)} >= {"source_current", "compliance_voltage"}
