"""Instruments on serial lines: how the bench file describes the line, and what is done when it is out of step."""

import contextlib
import os
import socket
import sys
import threading

import pytest
from pyvisa.constants import ControlFlow, InterfaceType, Parity, StopBits
from pyvisa_py.sessions import Session

from mtjlab.instruments.bench.file import BenchFile, RoleSettings, WiringSettings
from mtjlab.instruments.drivers.lakeshore3xx import LakeShore3xxTemperatureController
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings
from mtjlab.instruments.settings.role_settings import line_attributes
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.connection import Connection

LAKE_SHORE_335 = {"baud_rate": 57600, "data_bits": 7, "parity": "odd", "stop_bits": 1, "flow_control": "none"}
"""By its manual (model 335, section 6.3): the USB interface is a serial line of 57600 baud, 7 bits, odd parity."""


class Lakeshore335:
    """A model 335 behind a pseudo-terminal: it answers with CR LF, and knows no device clear."""

    def __init__(self, port):
        self._port = port
        self.resource = f"ASRL{port}::INSTR"
        self.heard, self.late = [], b""
        self.heater, self.setpoint = "0", "+300.000"
        self.plug_in()

    def plug_in(self):
        import pty
        import tty

        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self._port.unlink(missing_ok=True)
        self._port.symlink_to(os.ttyname(self._slave))
        threading.Thread(target=self._run, args=(self._master,), daemon=True).start()

    def say(self, text):
        os.write(self._master, text)

    def _run(self, master):
        pending = b""
        with contextlib.suppress(OSError):
            while True:
                pending += os.read(master, 4096)
                while b"\n" in pending:
                    line, _, pending = pending.partition(b"\n")
                    self.heard.append(line.decode().strip())
                    if (answer := self._answer(self.heard[-1])) is not None:
                        late, self.late = self.late, b""
                        self.say(late + answer.encode() + b"\r\n")

    def _answer(self, line):
        command, _, value = line.partition(" ")
        if command == "RANGE":
            self.heater = value.split(",")[-1]
        if command == "SETP":
            self.setpoint = f"{float(value.split(',')[-1]):+.3f}"
        answers = {
            "*IDN?": "LSCI,MODEL335,335A12T/#######,1.4",
            "*ESR?": "000",
            "*OPC?": "1",
            "KRDG?": "+295.123",
            "SETP?": self.setpoint,
            "RANGE?": self.heater,
            "HTR?": "+000.0",
        }
        return answers.get(command)

    def unplug(self):
        for descriptor in (self._master, self._slave):
            os.close(descriptor)


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@pytest.fixture
def instrument(tmp_path):
    made = Lakeshore335(tmp_path / "ttyUSB0")
    yield made
    made.unplug()


def controller(instrument, **more):
    role = TemperatureControllerSettings(
        driver="lakeshore3xx", resource=instrument.resource, visa_library="@py", timeout=2.0, baud_rate=57600, **more
    )
    return LakeShore3xxTemperatureController(role, WiringSettings())


@posix
def test_the_line_is_opened_as_the_bench_file_says(instrument):
    opened = controller(instrument)
    assert opened.driver.adapter.connection.baud_rate == 57600
    assert opened.identify() == "LSCI,MODEL335,335A12T/#######,1.4"
    assert opened.temperature() == 295.123
    opened.close()


def test_bits_and_flow_control_are_those_of_the_bench_file():
    # A pseudo-terminal knows 8 bits without parity only; a line that is looped back knows all.
    role = RoleSettings(driver="x", resource="ASRLloop://::INSTR", visa_library="@py", **LAKE_SHORE_335)
    connection = Connection(role.resource, "@py", 2.0, line_attributes(role))
    line = connection.connection
    assert (line.baud_rate, line.data_bits, line.parity) == (57600, 7, Parity.odd)
    assert (line.stop_bits, line.flow_control) == (StopBits.one, ControlFlow.none)
    other = role.model_copy(update={"stop_bits": 2.0, "parity": "even", "flow_control": "rts_cts", "data_bits": 8})
    connection = Connection(role.resource, "@py", 2.0, line_attributes(other))
    line = connection.connection
    assert (line.data_bits, line.parity, line.stop_bits) == (8, Parity.even, StopBits.two)
    assert line.flow_control == ControlFlow.rts_cts


@posix
def test_what_came_before_the_line_was_opened_is_no_answer(instrument):
    instrument.say(b"+12.000\r\n+1")
    opened = controller(instrument)
    assert opened.identify().startswith("LSCI,MODEL335")
    opened.close()


@posix
def test_a_recovery_needs_no_device_clear(instrument):
    opened = controller(instrument)
    opened.set_temperature(310.0)
    opened.switch_on()
    instrument.late = b"+4.2\r\n"  # an answer that was given up comes just before the next one
    opened.recover()
    assert opened.temperature() == 295.123
    assert opened.settings()["setpoint"] == 310.0
    opened.switch_off()
    assert opened.settings()["heater"] == "off"
    opened.close()


@posix
def test_a_line_that_was_unplugged_is_opened_again(instrument):
    opened = controller(instrument)
    assert opened.temperature() == 295.123
    instrument.unplug()
    instrument.plug_in()
    assert opened.temperature() == 295.123  # a question may be asked twice
    instrument.unplug()
    with pytest.raises(InstrumentError, match="does not answer"):
        opened.temperature()
    instrument.plug_in()
    opened.recover()
    opened.switch_off()
    assert opened.settings()["heater"] == "off"
    opened.close()


@posix
def test_an_answer_that_comes_unasked_is_not_taken_for_the_next(instrument):
    opened = controller(instrument)
    assert opened.temperature() == 295.123
    instrument.say(b"+4.2\r\n")
    connection = opened.driver.adapter
    while not connection.connection.bytes_in_buffer:
        pass
    with pytest.raises(InstrumentError, match="came unasked"):
        opened.temperature()
    assert opened.temperature() == 295.123
    opened.close()


def test_a_missing_package_is_named(monkeypatch):
    sessions = dict(Session._session_classes)
    sessions.pop((InterfaceType.asrl, "INSTR"), None)
    monkeypatch.setattr(Session, "_session_classes", sessions)
    Session.register_unavailable(
        InterfaceType.asrl,
        "INSTR",
        "Please install PySerial (>=3.0) to use this resource type.\nNo module named 'serial'",
    )
    with pytest.raises(InstrumentError, match=r"needs PySerial \(>=3\.0\) .*pip install 'mtjlab\[serial\]'"):
        open_visa(RoleSettings(driver="lakeshore3xx", resource="ASRL3::INSTR", visa_library="@py"))


BENCH = """\
name = "lab"
[roles.temperature_controller]
driver = "lakeshore3xx"
resource = "{resource}"
{line}
[limits]
temperature = 400.0
[device]
name = "W1"
resistance = 50.9e3
"""


def load(path, line, resource="ASRL3::INSTR", more=""):
    path.write_text(BENCH.format(resource=resource, line=line) + more, encoding="utf-8")
    return BenchFile.load(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("baud_rate = 12", r"baud_rate: must be greater than or equal to 50"),
        ('baud_rate = "fast"', r"baud_rate: must be an? .*integer"),
        ("data_bits = 9", r"data_bits: must be 5, 6, 7 or 8"),
        ('parity = "both"', r"parity: must be 'none', 'odd', 'even', 'mark' or 'space' \(found 'both'\)"),
        ("stop_bits = 3", r"stop_bits: must be 1, 1\.5 or 2 \(found 3\)"),
        ('flow_control = "yes"', r"flow_control: must be 'none', 'xon_xoff', 'rts_cts' or 'dtr_dsr'"),
        ('read_termination = ";"', r"read_termination: must be .* \(found ';'\)"),
        ('write_termination = ""', r"write_termination: only a terminator can end a line over .*ASRL3"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path, line, message):
    with pytest.raises(ValueError, match=rf"lab\.toml, line 5: roles\.temperature_controller\.{message}"):
        load(tmp_path / "lab.toml", line)


@pytest.mark.parametrize("key", LAKE_SHORE_335)
@pytest.mark.parametrize("resource", ["GPIB0::11::INSTR", "TCPIP::192.168.0.5::7777::SOCKET"])
def test_a_key_of_serial_lines_is_refused_on_another(tmp_path, key, resource):
    value = LAKE_SHORE_335[key]
    line = f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
    with pytest.raises(ValueError, match=rf"line 5: .*{key}: only a serial line has this, and resource = '{resource}'"):
        load(tmp_path / "lab.toml", line, resource)


def test_a_bench_that_is_simulated_may_keep_the_keys_of_its_line(tmp_path):
    file = load(tmp_path / "lab.toml", "baud_rate = 57600", more="[simulation]\n")
    assert file.roles.temperature_controller.baud_rate == 57600


@pytest.mark.parametrize(("toml", "end"), [(r"\r", b"\r"), (r"\r\n", b"\r\n")])
def test_terminators_are_those_of_the_bench_file_on_a_raw_socket(tmp_path, toml, end):
    heard = []

    def answer(server):
        connection, _ = server.accept()
        with connection:
            while chunk := connection.recv(4096):
                heard.append(chunk)
                connection.sendall(b"LSCI,MODEL335,335A12T/#######,1.4" + end)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        resource = f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET"
        line = f'read_termination = "{toml}"\nwrite_termination = "{toml}"'
        connection = open_visa(load(tmp_path / "lab.toml", line, resource).roles.temperature_controller)
        assert connection.ask("*IDN?") == "LSCI,MODEL335,335A12T/#######,1.4"
        connection.close()
    assert heard == [b"*IDN?" + end] * 2
