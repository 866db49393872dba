"""The bytes that the Keithley 6221 adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.keithley6221 import Keithley6221CurrentSource
from mtjlab.instruments.instrument_error import ComplianceError, InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
    (b"OUTPut 0", None),
    (b"*RST", None),
    (b":SOUR:CURR:RANG:AUTO 1", None),
    (b":SOUR:CURR 0", None),
    NO_ERROR,
]


def pulse(level, measured):
    """Give the bytes of a pulse of 8 mA and 50 us of that sign, and the measurement events while it is armed."""
    shape = ", ".join([level] * 50 + ["0.0"] * 50).encode()
    return [
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
        (b":STAT:MEAS?", measured),
        (b":SOUR:WAVE:INIT", None),
        NO_ERROR,
        (b":SOUR:WAVE:ABOR", None),
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
    bytes_ = [
        (b":SOUR:CURR:COMP 10", None),
        (b":SOUR:CURR:COMP?", b"1.000000E+01"),
        *pulse("-1.0", b"0"),
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


COMPLIANCE = [(b":SOUR:CURR:COMP 10", None), (b":SOUR:CURR:COMP?", b"1.000000E+01")]
END = [
    (b":TRAC:POIN:ACT?", b"2"),
    (b":TRAC:DATA?", b"+1.0E-03,+3.0E-03"),
    (b":SOUR:SWE:ABOR", None),
    (b"OUTPut 0", None),
    (b":STAT:MEAS?", b"0"),
    (b":SOUR:CURR 0", None),
    NO_ERROR,
]


def test_delta_arms_starts_fetches_and_ends(source):
    bytes_ = [
        (b":SOUR:DELT:NVPR?", b"1"),
        (b"OUTPut 0", None),
        *COMPLIANCE,
        (b":FORM:ELEM READ", None),
        (b":TRAC:POIN 2", None),
        (b":SOUR:DELT:HIGH 0.001", None),
        (b":SOUR:DELT:DELay 0.005", None),
        (b":SOUR:DELT:COUN 2", None),
        (b":SOUR:DELT:CAB ON", None),
        (b":SOUR:DELT:HIGH?", b"1.000000E-03"),
        (b":SOUR:DELT:LOW?", b"-1.000000E-03"),
        (b":SOUR:DELT:DELay?", b"5.000000E-03"),
        (b":SOUR:DELT:ARM", None),
        NO_ERROR,
        (b":STAT:MEAS?", b"0"),
        (b":INIT:IMM", None),
        *END,
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.wait = lambda seconds: None
        # Half the difference of the voltages at a current and at its opposite: of a negative one, the negative.
        assert opened.measure_delta(-1e-3, 2, 5e-3, 10).tolist() == [-1e-3, -3e-3]


def test_pulse_delta_counts_its_interval_in_cycles_of_the_meters_mains(source):
    bytes_ = [
        (b':SYST:COMM:SER:SEND ":SYST:LFR?"', None),
        (b":SYST:COMM:SER:ENT?", b"60"),
        (b":SOUR:PDEL:NVPR?", b"1"),
        (b"OUTPut 0", None),
        *COMPLIANCE,
        (b":FORM:ELEM READ", None),
        (b":TRAC:POIN 2", None),
        (b":SOUR:PDEL:HIGH -0.002", None),
        (b":SOUR:PDEL:LOW 0", None),
        (b":SOUR:PDEL:WIDT 0.001", None),
        (b":SOUR:PDEL:SDEL 0.0005", None),
        (b":SOUR:PDEL:COUN 2", None),
        (b":SOUR:PDEL:INT 7", None),  # 0.11 s are 6.6 cycles: pulses come no more often than asked for
        (b":SOUR:PDEL:LME 2", None),
        (b":SOUR:PDEL:HIGH?", b"-2.000000E-03"),
        (b":SOUR:PDEL:LOW?", b"0"),
        (b":SOUR:PDEL:WIDT?", b"1.000000E-03"),
        (b":SOUR:PDEL:INT?", b"7"),
        (b":SOUR:PDEL:ARM", None),
        NO_ERROR,
        (b":STAT:MEAS?", b"0"),
        (b":INIT:IMM", None),
        *END,
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.wait = lambda seconds: None
        assert opened.measure_pulse_delta(-2e-3, 1e-3, 2, 0.11, 10).tolist() == [1e-3, 3e-3]


def test_a_source_without_its_nanovoltmeter_says_what_to_connect(source):
    with (
        expected_protocol(source, [*SET_UP, (b":SOUR:DELT:NVPR?", b"0")]) as opened,
        pytest.raises(InstrumentError, match="no 2182 answers on the 6221's serial line: connect RS-232"),
    ):
        opened.measure_delta(1e-3, 2, 5e-3, 10)


def test_a_sine_runs_with_its_phase_marker_until_it_is_switched_off(source):
    bytes_ = [
        *COMPLIANCE,
        (b":SOUR:WAVE:FUNC SIN", None),
        (b":SOUR:WAVE:FREQ 137", None),
        (b":SOUR:WAVE:AMPL 0.0005", None),
        (b":SOUR:WAVE:OFFS 0", None),
        (b":SOUR:WAVE:DUR:TIME INF", None),
        (b":SOUR:WAVE:PMAR 0", None),
        (b":SOUR:WAVE:PMAR:STAT 1", None),
        (b":SOUR:WAVE:AMPL?", b"5.000000E-04"),
        (b":SOUR:WAVE:FREQ?", b"1.370000E+02"),
        (b":SOUR:WAVE:ARM", None),
        NO_ERROR,
        (b":SOUR:WAVE:INIT", None),
        NO_ERROR,
        (b"OUTPut 0", None),
        (b":SOUR:WAVE:ABOR", None),
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.start_sine(5e-4, 137.0, 10)
        opened.switch_off()


def test_a_pulse_at_the_compliance_is_an_open_contact(source):
    bytes_ = [
        *COMPLIANCE,
        *pulse("1.0", b"8"),
        (b":STAT:MEAS?", b"8"),
        (b"OUTPut 0", None),
    ]
    with (
        expected_protocol(source, [*SET_UP, *bytes_]) as opened,
        pytest.raises(ComplianceError, match="the pulse was at the compliance; is a contact open"),
    ):
        opened.send_pulse(8e-3, 50e-6, 10)


def relayed(message, answer=None):
    send = [(f':SYST:COMM:SER:SEND "{message}"'.encode(), None)]
    return send if answer is None else [*send, (b":SYST:COMM:SER:ENT?", answer)]


@pytest.mark.parametrize(("voltage", "said"), [(None, ":SENS:VOLT:RANG:AUTO ON"), (0.1, ":SENS:VOLT:RANG 0.1")])
def test_the_linked_meter_is_set_up_over_the_serial_line(source, voltage, said):
    bytes_ = [
        *relayed(":SENS:CHAN 1"),
        *relayed(":SENS:VOLT:NPLC 2"),
        *relayed(said),
        *relayed(":SENS:VOLT:NPLC?", b"2.00"),
        NO_ERROR,
    ]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        opened.set_linked_meter(2, voltage)


def test_a_linked_meter_that_does_not_answer_or_takes_another_value_is_said(source):
    setting = [*relayed(":SENS:CHAN 1"), *relayed(":SENS:VOLT:NPLC 2"), *relayed(":SENS:VOLT:RANG:AUTO ON")]
    bytes_ = [*setting, *relayed(":SENS:VOLT:NPLC?", b""), *setting, *relayed(":SENS:VOLT:NPLC?", b"5.00")]
    with expected_protocol(source, [*SET_UP, *bytes_]) as opened:
        with pytest.raises(InstrumentError, match="no 2182 answers on the 6221's serial line"):
            opened.set_linked_meter(2, None)
        with pytest.raises(
            InstrumentError, match="integration: 2 power line cycles was asked for and the instrument took 5"
        ):
            opened.set_linked_meter(2, None)
        with pytest.raises(ValueError, match=r"integration = 100 power line cycles: the 2182 takes 0\.01 to 60"):
            opened.set_linked_meter(100, None)
        with pytest.raises(ValueError, match="range = 200 V: the 2182 takes 0 to 120 V"):
            opened.set_linked_meter(2, 200.0)
