"""The bytes that the Lake Shore adapter puts on the wire."""

import contextlib
import socket

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.drivers.lakeshore3xx import LakeShore3xxTemperatureController
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_lakeshore3xx import SimulatedLakeShore3xx
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer
from mtjlab.instruments.simulated.wiring import Wiring

NO_EVENT = (b"*ESR?", b"0")
OPENING = [(b"*IDN?", b"LSCI,MODEL336,LSA0000/#######,2.9\r"), (b"*CLS", None)]


@pytest.fixture
def controller(wired):
    role = TemperatureControllerSettings(driver="lakeshore3xx", sensor="B", output=2, heater="high")
    return wired(LakeShore3xxTemperatureController, role, WiringSettings())


def test_the_sensor_at_the_device_is_read_in_kelvin(controller):
    with expected_protocol(controller, [*OPENING, (b"KRDG? B", b"+295.123\r")]) as opened:
        assert opened.temperature() == 295.123


def test_a_temperature_is_read_back_and_the_heater_holds_it(controller):
    bytes_ = [
        *OPENING,
        (b"SETP 2,310.000000", None),
        (b"SETP? 2", b"+310.000"),
        NO_EVENT,
        (b"RANGE 2,3", None),
        (b"RANGE? 2", b"3\r"),
        NO_EVENT,
        (b"RANGE 2,0", None),
    ]
    with expected_protocol(controller, bytes_) as opened:
        opened.set_temperature(310)
        opened.switch_on()
        opened.switch_off()


def test_a_temperature_that_was_not_taken_switches_the_heater_off(controller):
    bytes_ = [*OPENING, (b"SETP 2,310.000000", None), (b"SETP? 2", b"+300.000"), (b"RANGE 2,0", None)]
    with (
        expected_protocol(controller, bytes_) as opened,
        pytest.raises(InstrumentError, match="temperature: 310 K was asked for and the instrument took 300 K"),
    ):
        opened.set_temperature(310)


def test_its_event_register_is_its_error_queue(controller):
    with expected_protocol(controller, [*OPENING, (b"*ESR?", b"48")]) as opened:
        assert opened.errors() == ["16, execution error", "32, command error"]


def test_settings_are_asked_for(controller):
    bytes_ = [*OPENING, (b"RANGE? 2", b"3"), (b"SETP? 2", b"310"), (b"HTR? 2", b"12.5")]
    with expected_protocol(controller, bytes_) as opened:
        assert opened.settings() == {
            "output": "True",
            "setpoint": 310.0,
            "heater": "high",
            "heater_output": 12.5,
            "sensor": "B",
        }


@pytest.mark.parametrize("temperature", [0, -3, 2000])
def test_no_temperature_is_refused_before_anything_is_sent(controller, temperature):
    with (
        expected_protocol(controller, OPENING) as opened,
        pytest.raises(ValueError, match=f"temperature = {temperature} K: the controller takes up to 1500 K"),
    ):
        opened.set_temperature(temperature)


class Junction:
    state = 0

    def set_surroundings(self, **surroundings):
        pass


@pytest.fixture
def on_a_line():
    """Connect the adapter with a simulated controller over a socket."""
    with contextlib.ExitStack() as ends:

        def connect(model="336", **keys):
            cables = WiringSettings()
            named = TemperatureControllerSettings(driver="lakeshore3xx", identity=f"MODEL{model}")
            simulated = SimulatedLakeShore3xx(InstrumentContext(Wiring(Junction()), "role", named, cables, 1))
            server = ScpiServer(simulated)
            ends.callback(server.close)
            role = TemperatureControllerSettings(driver="lakeshore3xx", resource=server.resource, **keys)
            controller = LakeShore3xxTemperatureController(role, cables)
            ends.callback(controller.close)
            return controller, simulated

        yield connect


@pytest.mark.parametrize("model", ["331", "335", "336", "340", "350"])
@pytest.mark.parametrize(("heater", "number"), [("low", 1), ("medium", 2), ("high", 3)])
def test_the_heater_has_the_range_of_the_bench_file_until_it_is_switched_off(on_a_line, model, heater, number):
    controller, simulated = on_a_line(model, heater=heater)
    controller.switch_on()
    assert simulated.settings["range1"] == number
    assert controller.settings()["output"] == "True"
    controller.switch_off()
    assert controller.settings()["output"] == "False"
    assert simulated.settings["range1"] == 0


@pytest.mark.parametrize("identity", [b"LSCI,MODEL331S,123456,032301\r", b"LSCI,MODEL340,340511,013102\r"])
def test_the_range_of_a_331_and_a_340_has_no_output_number(wired, identity):
    role = TemperatureControllerSettings(driver="lakeshore3xx", heater="medium")
    bytes_ = [
        (b"*IDN?", identity),
        (b"*CLS", None),
        (b"RANGE 2", None),
        (b"RANGE?", b"2\r"),
        NO_EVENT,
        (b"RANGE 0", None),
        (b"RANGE?", b"0\r"),
        (b"RANGE?", b"0\r"),
    ]
    controller = wired(LakeShore3xxTemperatureController, role, WiringSettings())
    with expected_protocol(controller, bytes_) as opened:
        opened.switch_on()
        opened.make_safe()


def test_a_range_that_was_not_taken_switches_the_heater_off(controller):
    bytes_ = [*OPENING, (b"RANGE 2,3", None), (b"RANGE? 2", b"1"), (b"RANGE 2,0", None)]
    with (
        expected_protocol(controller, bytes_) as opened,
        pytest.raises(InstrumentError, match="heater = high was asked for and the instrument has low"),
    ):
        opened.switch_on()


def test_a_heater_that_stays_on_is_told(on_a_line, monkeypatch):
    controller, simulated = on_a_line()
    controller.switch_on()
    monkeypatch.setattr(simulated, "_set_range", lambda output, words: None)
    with pytest.raises(InstrumentError, match="does not switch off"):
        controller.make_safe()


@pytest.mark.parametrize(
    ("identity", "output", "complaint"),
    [
        (b"LSCI,MODEL372,LSA0000,1.3", 1, "covers the models 331, 335, 336, 340, 350"),
        (b"KEITHLEY INSTRUMENTS INC.,MODEL 2400,1,C32", 1, "covers the models"),
        (b"LSCI,MODEL331S,123456,032301", 2, "output = 2: a heater of this instrument .* at output 1 only"),
        (b"LSCI,MODEL335,LSA0000/#######,1.5", 3, "at output 1 or 2 only"),
    ],
)
def test_a_model_that_is_not_covered_is_refused(wired, identity, output, complaint):
    role = TemperatureControllerSettings(driver="lakeshore3xx", output=output)
    controller = wired(LakeShore3xxTemperatureController, role, WiringSettings())
    with (
        pytest.raises(InstrumentError, match=complaint),
        expected_protocol(controller, [(b"*IDN?", identity)]),
    ):
        pass


def test_an_unpowered_output_is_on_or_off(wired):
    role = TemperatureControllerSettings(driver="lakeshore3xx", output=3)
    controller = wired(LakeShore3xxTemperatureController, role, WiringSettings())
    bytes_ = [*OPENING, (b"RANGE 3,1", None), (b"RANGE? 3", b"1\r"), NO_EVENT, (b"RANGE 3,0", None)]
    with expected_protocol(controller, bytes_) as opened:
        opened.switch_on()
        opened.switch_off()


def test_answers_end_with_carriage_return_and_line_feed(on_a_line):
    # What the vendor's Python driver waits for (pyvisa-py issue 156 shows a real answer).
    controller, _ = on_a_line()
    address = controller.resource.split("::")
    with socket.create_connection((address[1], int(address[2]))) as line:
        line.sendall(b"*IDN?\r\n")
        assert line.makefile("rb").readline() == b"LSCI,MODEL336,0000000/0000000,2.9\r\n"
    assert controller.identify() == "LSCI,MODEL336,0000000/0000000,2.9"
