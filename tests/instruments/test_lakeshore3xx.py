"""The bytes that the Lake Shore adapter puts on the wire."""

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench_file import WiringSettings
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.lakeshore3xx import LakeShore3xxTemperatureController
from mtjlab.instruments.role_settings import TemperatureControllerSettings

NO_EVENT = (b"*ESR?", b"0")


@pytest.fixture
def controller(wired):
    role = TemperatureControllerSettings(driver="lakeshore3xx", sensor="B", output=2, heater="high")
    return wired(LakeShore3xxTemperatureController, role, WiringSettings())


def test_the_sensor_at_the_device_is_read_in_kelvin(controller):
    with expected_protocol(controller, [(b"*CLS", None), (b"KRDG? B", b"+295.123\r")]) as opened:
        assert opened.temperature() == 295.123


def test_a_temperature_is_read_back_and_the_heater_holds_it(controller):
    bytes_ = [
        (b"*CLS", None),
        (b"SETP 2,310.000000", None),
        (b"SETP? 2", b"+310.000"),
        NO_EVENT,
        (b"RANGE 2,3", None),
        NO_EVENT,
        (b"RANGE 2,0", None),
    ]
    with expected_protocol(controller, bytes_) as opened:
        opened.set_temperature(310)
        opened.switch_on()
        opened.switch_off()


def test_a_temperature_that_was_not_taken_switches_the_heater_off(controller):
    bytes_ = [(b"*CLS", None), (b"SETP 2,310.000000", None), (b"SETP? 2", b"+300.000"), (b"RANGE 2,0", None)]
    with (
        expected_protocol(controller, bytes_) as opened,
        pytest.raises(InstrumentError, match="temperature: 310 K was asked for and the instrument took 300 K"),
    ):
        opened.set_temperature(310)


def test_its_event_register_is_its_error_queue(controller):
    with expected_protocol(controller, [(b"*CLS", None), (b"*ESR?", b"48")]) as opened:
        assert opened.errors() == ["16, execution error", "32, command error"]


def test_settings_are_asked_for(controller):
    bytes_ = [(b"*CLS", None), (b"SETP? 2", b"310"), (b"RANGE? 2", b"3"), (b"HTR? 2", b"12.5")]
    with expected_protocol(controller, bytes_) as opened:
        assert opened.settings() == {"setpoint": 310.0, "heater": "high", "heater_output": 12.5, "sensor": "B"}


@pytest.mark.parametrize("temperature", [0, -3, 2000])
def test_no_temperature_is_refused_before_anything_is_sent(controller, temperature):
    with (
        expected_protocol(controller, [(b"*CLS", None)]) as opened,
        pytest.raises(ValueError, match=f"temperature = {temperature} K: the controller takes up to 1500 K"),
    ):
        opened.set_temperature(temperature)
