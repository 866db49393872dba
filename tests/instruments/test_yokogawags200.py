"""The bytes that the Yokogawa GS200 adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.drivers.yokogawags200 import YokogawaGS200Coil
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.coil import CoilSettings

NO_ERROR = (b":SYST:ERR?", b'0,"No error"')
RANGE = (b":SOURce:RANGe?", b"0.2")
SETTINGS = [
    (b":SOURce:FUNCtion current", None),
    (b"SOURce:RANGe 0.2", None),
    RANGE,
    (b"SOURce:LEVel 0", None),
    NO_ERROR,
]
SET_UP = [(b"OUTPut:STATe?", b"0"), *SETTINGS]


@pytest.fixture
def coil(wired):
    # 0.5 T/A; 1 T/s, so that 50 mT are one step of a ramp.
    role = CoilSettings(driver="yokogawags200", constant=0.5, ramp=1.0)
    return wired(YokogawaGS200Coil, role, WiringSettings())


def level(amperes, taken=None):
    taken = amperes if taken is None else taken
    return [
        RANGE,
        (f"SOURce:LEVel {amperes:g}".encode(), None),
        (b":SOURce:LEVel?", f"{taken:g}".encode()),
    ]


def test_opening_a_supply_that_is_off(coil):
    with expected_protocol(coil, SET_UP):
        pass


def test_opening_a_coil_left_under_current_ramps_it_down_before_it_is_cut_off(coil):
    # 0.05 A are 25 mT, and 125 mT three steps of a third each.
    bytes_ = [
        (b"OUTPut:STATe?", b"1"),
        (b":SOURce:LEVel?", b"0.24"),
        *level(0.16),
        *level(0.08),
        *level(0),
        (b"OUTPut:STATe 0", None),
        *SETTINGS,
    ]
    with expected_protocol(coil, bytes_):
        pass


def test_a_field_is_ramped_to_and_read_back(coil):
    bytes_ = [
        (b":SOURce:LEVel?", b"0"),
        *level(0.06),
        *level(0.12),
        NO_ERROR,
        (b"OUTPut:STATe?", b"1"),
        (b":SOURce:LEVel?", b"0.12"),
    ]
    with expected_protocol(coil, [*SET_UP, *bytes_]) as opened:
        opened.set_field(60e-3)
        assert opened.field() == pytest.approx(60e-3)


def test_a_field_that_was_not_taken_ramps_down_and_says_so(coil):
    bytes_ = [
        (b":SOURce:LEVel?", b"0"),
        *level(0.05, taken=0.02),
        (b"OUTPut:STATe?", b"1"),
        (b":SOURce:LEVel?", b"0.02"),
        *level(0),
        (b"OUTPut:STATe 0", None),
    ]
    with (
        expected_protocol(coil, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match=r"field: 0\.025 T was asked for and the instrument took 0\.01 T"),
    ):
        opened.set_field(25e-3)


def test_the_backstop_is_the_smallest_range_that_holds_the_field(coil):
    bytes_ = [(b"SOURce:RANGe 0.1", None), (b":SOURce:RANGe?", b"0.1"), NO_ERROR]
    with expected_protocol(coil, [*SET_UP, *bytes_]) as opened:
        opened.set_limit(40e-3)


def test_switching_on_begins_at_zero_and_off_ramps_there(coil):
    bytes_ = [
        (b"OUTPut:STATe?", b"0"),
        *level(0)[:2],
        (b"OUTPut:STATe 1", None),
        NO_ERROR,
        (b"OUTPut:STATe?", b"1"),
        (b":SOURce:LEVel?", b"0.05"),
        *level(0),
        (b"OUTPut:STATe 0", None),
        (b"OUTPut:STATe?", b"0"),
        (b"OUTPut:STATe 0", None),
        (b"OUTPut:STATe?", b"0"),
    ]
    with expected_protocol(coil, [*SET_UP, *bytes_]) as opened:
        opened.switch_on()
        opened.switch_off()
        opened.switch_off()
        assert opened.field() == 0.0


def test_a_level_beyond_the_range_of_either_sign_is_refused(coil):
    # PyMeasure's driver sends -5 at a range of 0.2.
    with (
        expected_protocol(coil, [*SET_UP, RANGE]) as opened,
        pytest.raises(ValueError, match=r"level -5 is beyond the range, 0\.2"),
    ):
        opened.driver.source_level = -5


def test_a_field_beyond_the_supply_is_refused_before_anything_is_sent(coil):
    with (
        expected_protocol(coil, SET_UP) as opened,
        pytest.raises(ValueError, match=r"field = -0\.2 T: takes 0\.4 A .* the GS200 gives 0\.2 A, which is 0\.1 T"),
    ):
        opened.set_field(-0.2)


def test_settings_are_asked_for(coil):
    bytes_ = [
        (b"OUTPut:STATe?", b"1"),
        (b":SOURce:FUNCtion?", b"CURR"),
        RANGE,
        (b":SOURce:LEVel?", b"0.05"),
        (b"SOURce:PROTection:VOLTage?", b"30"),
    ]
    with expected_protocol(coil, [*SET_UP, *bytes_]) as opened:
        assert opened.settings()["source_mode"] == "CURR"
