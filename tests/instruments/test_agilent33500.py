"""The bytes that the Agilent 33500 adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.agilent33500 import Agilent33500PulseGenerator
from mtjlab.instruments.instrument_error import InstrumentError

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')


def set_up(load=b"INF", slope=b"NEG", model=b"33522A", edge=b"8.400000e-09"):
    return [
        (b"*IDN?", b"Agilent Technologies," + model + b",MY00000000,2.03"),
        (b"OUTP1 0", None),
        (b"*RST", None),
        (b"SOUR1:FUNC PULS", None),
        (b"OUTP1:LOAD " + load, None),
        (b"SOUR1:FUNC:PULS:TRAN:BOTH " + edge, None),
        (b"SOUR1:BURS:MODE TRIG", None),
        (b"SOUR1:BURS:NCYC 1", None),
        (b"SOUR1:BURS:STAT 1", None),
        (b"TRIG:SLOP " + slope, None),
        (b"TRIG:SOUR BUS", None),
        NO_ERROR,
    ]


@pytest.fixture
def generator(wired):
    return wired(Agilent33500PulseGenerator, RoleSettings(driver="agilent33500"), WiringSettings())


def test_opening_leaves_the_output_off_and_one_pulse_a_trigger(generator):
    with expected_protocol(generator, set_up()):
        pass


def test_a_load_that_the_instrument_knows_is_told_in_ohms_and_a_rising_trigger_is_asked_for(wired):
    wiring = WiringSettings(load=50, trigger_slope="positive")
    kind = wired(Agilent33500PulseGenerator, RoleSettings(driver="agilent33500"), wiring)
    with expected_protocol(kind, set_up(b"50.0", b"POS")):
        pass


def test_a_pulse_is_read_back(generator):
    bytes_ = [
        (b"SOUR1:FUNC:PULS:PER?", b"1E-3"),
        (b"SOUR1:FUNC:PULS:WIDT 1.000000e-07", None),
        (b"SOUR1:FUNC:PULS:PER 2.000000e-07", None),
        (b"OUTP1:POL?", b"NORM"),
        (b"SOUR1:VOLT:HIGH 1.250000", None),
        (b"SOUR1:VOLT:LOW 0.000000", None),
        (b"SOUR1:VOLT:HIGH?", b"1.25"),
        (b"SOUR1:VOLT:LOW?", b"0"),
        (b"OUTP1:POL?", b"NORM"),
        (b"SOUR1:FUNC:PULS:WIDT?", b"1E-7"),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*set_up(), *bytes_]) as opened:
        opened.set_pulse(1.25, 100e-9)


def test_a_negative_pulse_turns_the_polarity_with_the_output_off(generator):
    bytes_ = [
        (b"SOUR1:FUNC:PULS:PER?", b"1E-7"),
        (b"SOUR1:FUNC:PULS:PER 2.000000e-07", None),
        (b"SOUR1:FUNC:PULS:WIDT 1.000000e-07", None),
        (b"OUTP1:POL?", b"NORM"),
        (b"OUTP1?", b"0"),
        (b"OUTP1 0", None),
        (b"SOUR1:VOLT:HIGH 0.050000", None),
        (b"SOUR1:VOLT:LOW 0.000000", None),
        (b"OUTP1:POL INV", None),
        (b"SOUR1:VOLT:LOW -0.050000", None),
        (b"SOUR1:VOLT:HIGH 0.000000", None),
        (b"SOUR1:VOLT:LOW -0.800000", None),
        (b"SOUR1:VOLT:HIGH 0.000000", None),
        (b"SOUR1:VOLT:HIGH?", b"0"),
        (b"SOUR1:VOLT:LOW?", b"-0.8"),
        (b"OUTP1:POL?", b"INV"),
        (b"SOUR1:FUNC:PULS:WIDT?", b"1E-7"),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*set_up(), *bytes_]) as opened:
        opened.set_pulse(-0.8, 100e-9)


BACKSTOP = [
    (b"SOUR1:VOLT:HIGH 0.050000", None),
    (b"SOUR1:VOLT:LOW 0.000000", None),
    (b"SOUR1:VOLT:LIM:HIGH 1.800000", None),
    (b"SOUR1:VOLT:LIM:LOW -1.800000", None),
    (b"SOUR1:VOLT:LIM:STAT 1", None),
    (b"SOUR1:VOLT:LIM:HIGH?", b"1.8"),
    (b"SOUR1:VOLT:LIM:LOW?", b"-1.8"),
]


def test_the_backstop_holds_for_both_polarities(generator):
    bytes_ = [*BACKSTOP, (b"SOUR1:VOLT:LIM:STAT?", b"1"), NO_ERROR]
    with expected_protocol(generator, [*set_up(), *bytes_]) as opened:
        opened.set_limit(1.8)


def test_arming_triggering_and_switching(generator):
    bytes_ = [
        (b"TRIG:SOUR EXT", None),
        (b"TRIG:SOUR?", b"EXT"),
        (b"TRIG:SOUR BUS", None),
        (b"TRIG:SOUR?", b"BUS"),
        (b"OUTP1 1", None),
        NO_ERROR,
        (b"*TRG", None),
        (b"*OPC?", b"1"),
        (b"OUTP1 0", None),
    ]
    with expected_protocol(generator, [*set_up(), *bytes_]) as opened:
        opened.arm_external()
        opened.arm_manual()
        opened.switch_on()
        opened.trigger()
        opened.switch_off()


def test_settings_are_asked_for(generator):
    bytes_ = [
        (b"OUTP1?", b"1"),
        (b"OUTP1:POL?", b"NORM"),
        (b"SOUR1:VOLT:HIGH?", b"1.25"),
        (b"SOUR1:VOLT:LOW?", b"0"),
        (b"SOUR1:FUNC:PULS:WIDT?", b"1E-7"),
        (b"SOUR1:FUNC:PULS:PER?", b"2E-7"),
        (b"SOUR1:FUNC:PULS:TRAN?", b"8.4E-9"),
        (b"OUTP1:LOAD?", b"9.9E+37"),
        (b"SOUR1:VOLT:LIM:HIGH?", b"1.8"),
        (b"SOUR1:VOLT:LIM:LOW?", b"-1.8"),
        (b"TRIG:SOUR?", b"EXT"),
        (b"TRIG:SLOP?", b"NEG"),
    ]
    with expected_protocol(generator, [*set_up(), *bytes_]) as opened:
        settings = opened.settings()
    assert settings["output"] == "True"
    assert settings["limit_low"] == -1.8


@pytest.mark.parametrize(
    ("amplitude", "width", "message"),
    [
        (5.1, 1e-7, r"amplitude = 5\.1 V: the 33500 gives 0\.05 to 5 V of either polarity"),
        (0.01, 1e-7, r"amplitude = 0\.01 V"),
        (1.0, 10e-9, r"width = 1e-08 s: the 33500 gives 1\.6e-08 to 1 s; a 33600 makes 5 ns"),
    ],
)
def test_what_the_instrument_can_not_do_is_refused_before_anything_is_sent(generator, amplitude, width, message):
    with expected_protocol(generator, set_up()) as opened, pytest.raises(ValueError, match=message):
        opened.set_pulse(amplitude, width)


def test_limits_that_do_not_act_are_no_backstop(generator):
    bytes_ = [*BACKSTOP, (b"SOUR1:VOLT:LIM:STAT?", b"0"), (b"OUTP1 0", None)]
    with (
        expected_protocol(generator, [*set_up(), *bytes_]) as opened,
        pytest.raises(InstrumentError, match="its own limits were switched on, and it reports that they are off"),
    ):
        opened.set_limit(1.8)


@pytest.mark.parametrize(
    ("model", "shortest", "period", "edge"),
    [
        (b"33622A", 5e-9, b"1.830000e-08", b"2.900000e-09"),
        (b"33611A", 5e-9, b"1.830000e-08", b"2.900000e-09"),
        (b"33512B", 16e-9, b"6.680000e-08", b"8.400000e-09"),
        (b"33522B", 16e-9, b"4.980000e-08", b"8.400000e-09"),
    ],
)
def test_how_short_pulses_may_be_is_the_models(generator, model, shortest, period, edge):
    bytes_ = [
        (b"SOUR1:FUNC:PULS:PER?", b"1E-3"),
        (b"SOUR1:FUNC:PULS:WIDT %.6e" % shortest, None),
        (b"SOUR1:FUNC:PULS:PER " + period, None),
        (b"OUTP1:POL?", b"NORM"),
        (b"SOUR1:VOLT:HIGH 1.000000", None),
        (b"SOUR1:VOLT:LOW 0.000000", None),
        (b"SOUR1:VOLT:HIGH?", b"1"),
        (b"SOUR1:VOLT:LOW?", b"0"),
        (b"OUTP1:POL?", b"NORM"),
        (b"SOUR1:FUNC:PULS:WIDT?", b"%.6e" % shortest),
        NO_ERROR,
    ]
    with expected_protocol(generator, [*set_up(model=model, edge=edge), *bytes_]) as opened:
        opened.set_pulse(1.0, shortest)
        with pytest.raises(ValueError, match=f"gives {shortest:g} to 1 s"):
            opened.set_pulse(1.0, 0.99 * shortest)
