"""The words that the Picosecond 10,070A adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.drivers.picosecond10070a import Picosecond10070A, Picosecond10070APulseGenerator
from mtjlab.instruments.instrument_error import InstrumentError

SET_UP = [
    (b"header off", None),
    (b"disable", None),
    (b"trigger GPIB", None),
    (b"offset 0", None),
    (b"offset?", b"0"),
]


@pytest.fixture
def generator(wired):
    return wired(Picosecond10070APulseGenerator, RoleSettings(driver="picosecond10070a"), WiringSettings(load=50))


def test_a_pulse_is_set_at_the_attenuators_step_and_read_back(generator):
    # 7.5 V less 16 dB.
    bytes_ = [
        (b"duration 5e-10", None),
        (b"amplitude 1.18867", None),
        (b"amplitude?", b"1.189"),
        (b"duration?", b"5.0e-10"),
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_pulse(1.19, 0.5e-9)


def test_a_negative_pulse_is_a_negative_amplitude(generator):
    bytes_ = [
        (b"duration 1e-09", None),
        (b"amplitude -7.5", None),
        (b"amplitude?", b"-7.5"),
        (b"duration?", b"1.0e-9"),
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_pulse(-7.5, 1e-9)


def test_an_amplitude_between_steps_is_refused_with_its_neighbours_and_not_rounded(generator):
    with (
        expected_protocol(generator, SET_UP) as opened,
        pytest.raises(ValueError, match=r"1\.25 V: .* steps of 1 dB; the nearest are 1\.189 V and 1\.334 V"),
    ):
        opened.set_pulse(1.25, 1e-9)


@pytest.mark.parametrize("width", [50e-12, 11e-9])
def test_a_width_beyond_the_instrument_is_refused(generator, width):
    with (
        expected_protocol(generator, SET_UP) as opened,
        pytest.raises(ValueError, match=r"the 10,070A gives 1e-10 to 1\.02e-08 s"),
    ):
        opened.set_pulse(7.5, width)


@pytest.mark.parametrize("amplitude", [8.0, 0.0])
def test_an_amplitude_beyond_the_instrument_is_refused(generator, amplitude):
    with (
        expected_protocol(generator, SET_UP) as opened,
        pytest.raises(ValueError, match=r"the 10,070A gives up to 7\.5 V, not zero"),
    ):
        opened.set_pulse(amplitude, 1e-9)


def test_an_amplitude_that_was_not_taken_disables_the_output(generator):
    bytes_ = [(b"duration 1e-09", None), (b"amplitude 7.5", None), (b"amplitude?", b"5.0"), (b"disable", None)]
    with (
        expected_protocol(generator, [*SET_UP, *bytes_]) as opened,
        pytest.raises(InstrumentError, match=r"7\.5 V was asked for and the instrument took 5 V"),
    ):
        opened.set_pulse(7.5, 1e-9)


def test_limit_arming_triggering_and_switching(generator):
    bytes_ = [
        (b"limit 1.8", None),
        (b"limit?", b"1.8"),
        (b"trigger EXT", None),
        (b"enable?", b"YES"),
        (b"trigger GPIB", None),
        (b"enable", None),
        (b"enable?", b"YES"),
        (b"*TRG", None),
        (b"enable?", b"YES"),
        (b"disable", None),
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        opened.set_limit(1.8)
        opened.arm_external()
        opened.arm_manual()
        opened.switch_on()
        opened.trigger()
        opened.switch_off()
        assert opened.errors() == []


def test_settings_are_asked_for(generator):
    bytes_ = [
        (b"enable?", b"YES"),
        (b"amplitude?", b"1.189"),
        (b"duration?", b"5e-10"),
        (b"offset?", b"0"),
        (b"trigger?", b"EXT"),
        (b"limit?", b"1.8"),
    ]
    with expected_protocol(generator, [*SET_UP, *bytes_]) as opened:
        settings = opened.settings()
    assert settings["output"] == "True"
    assert settings["trigger_source"] == "EXT"


def test_another_load_is_refused_with_the_remedy(wired):
    kind = wired(Picosecond10070APulseGenerator, RoleSettings(driver="picosecond10070a"), WiringSettings())
    with pytest.raises(ValueError, match=r"load = 1e\+06 Ω: .* write load = 50"), expected_protocol(kind, []):
        pass


def test_the_other_words_of_the_driver():
    bytes_ = [
        (b"*idn?", b"Picosecond Pulse Labs,10070A,0,1.0"),
        (b"delay 1e-08", None),
        (b"delay?", b"1e-8"),
        (b"period 0.0001", None),
        (b"frequency?", b"10000"),
        (b"level 1.5", None),
        (b"gate?", b"OFF"),
    ]
    with expected_protocol(Picosecond10070A, bytes_) as driver:
        assert driver.id == "Picosecond Pulse Labs,10070A,0,1.0"
        driver.delay = 10e-9
        assert driver.delay == 10e-9
        driver.period = 1e-4
        assert driver.frequency == 1e4
        driver.trigger_level = 1.5
        assert driver.gate == "OFF"
