"""A line that was cut is opened again on every interface, and the outputs end off."""

import gc
import re
import socket
import struct
import threading

import pytest
import pyvisa
from pyvisa.constants import StatusCode
from pyvisa_py.tcpip import TCPIPInstrHiSLIP

from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.instrument_error import InstrumentLostError
from mtjlab.instruments.visa.connection import Connection
from mtjlab.instruments.visa.visa_session import VisaSession

from .lan_bridges import HislipBridge, Vxi11Bridge

BENCH = """\
name = "lab"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "{pulse_generator}"
[roles.source_meter]
driver = "keithley2400"
resource = "{source_meter}"
visa_library = "@py"
timeout = 1.0
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
[device]
name = "W1"
resistance = 50.9e3
"""


@pytest.fixture
def served():
    instruments = serve_bench("simulated", seed=1)
    yield instruments
    instruments.close()


@pytest.fixture(params=[HislipBridge, Vxi11Bridge])
def bridge(request, served):
    made = request.param(address(served.resources["source_meter"]))
    yield made
    made.close()


@pytest.fixture
def bench(bridge, served, tmp_path):
    path = tmp_path / "lab.toml"
    path.write_text(BENCH.format(**{**served.resources, "source_meter": bridge.resource}), encoding="utf-8")
    with open_bench(path) as opened:
        yield opened


def address(resource):
    _, host, port, _ = resource.split("::")
    return host, int(port)


def ask(resource, question):
    """Ask an instrument past all of our own code."""
    with socket.create_connection(address(resource), timeout=5) as connection:
        connection.sendall(question.encode() + b"\n")
        return connection.makefile().readline().strip()


def test_a_question_over_a_line_that_was_cut_is_asked_again_over_a_new_one(bridge):
    connection = Connection(bridge.resource, "@py", 1.0)
    identity = connection.remember()
    connection.watch_restarts()
    bridge.cut()
    assert connection.ask("*IDN?") == identity
    assert bridge.opened == 2
    connection.close()


def test_outputs_are_off_after_a_line_was_cut_in_the_middle_of_a_run(bench, bridge, served):
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.source_meter.switch_on()
    assert ask(served.resources["source_meter"], ":OUTP?") == "1"
    bridge.cut_at = b":READ?"
    with pytest.raises(InstrumentLostError):
        bench.source_meter.read()  # a new reading is not taken twice
    assert ask(served.resources["source_meter"], ":OUTP?") == "0"
    bench.recover()
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.source_meter.switch_on()
    assert bench.source_meter.read().current > 0
    bench.close()
    assert ask(served.resources["source_meter"], ":OUTP?") == "0"


def test_a_line_that_has_fallen_silent_is_opened_again(bench, bridge, served):
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.source_meter.switch_on()
    bridge.mute()  # as after a router that has forgotten the connection
    with pytest.raises(InstrumentLostError):
        bench.source_meter.read()
    assert ask(served.resources["source_meter"], ":OUTP?") == "0"
    bench.recover()
    assert bench.source_meter.identify().startswith("KEITHLEY")


def test_outputs_are_off_where_the_line_is_cut_just_before_the_end(bench, bridge, served):
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.source_meter.switch_on()
    bridge.cut()
    bench.close()
    assert ask(served.resources["source_meter"], ":OUTP?") == "0"


@pytest.mark.parametrize(
    "raised",
    [
        RuntimeError("Connection was dropped by server."),
        AssertionError(),
        EOFError(),
        struct.error("unpack requires a buffer of 4 bytes"),
        AttributeError("'NoneType' object has no attribute 'send'"),
        ValueError("file descriptor cannot be a negative integer (-1)"),
        IndexError("index out of range"),
        KeyError(7),
        TypeError("'NoneType' object is not subscriptable"),
        Exception("could not connect"),
        OSError("[Errno 19] No such device"),
        pyvisa.VisaIOError(StatusCode.error_connection_lost),
        pyvisa.errors.InvalidSession(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("call", ["write", "read"])
def test_whatever_a_backend_raises_is_a_lost_line(served, monkeypatch, call, raised):
    bridge = HislipBridge(address(served.resources["source_meter"]))
    connection = Connection(bridge.resource, "@py", 1.0)
    identity = connection.remember()
    connection.watch_restarts()
    usual = getattr(TCPIPInstrHiSLIP, call)
    broken = connection.connection.session

    def fails(session, *arguments):
        if session is connection.connection.visalib.sessions.get(broken):
            raise raised
        return usual(session, *arguments)

    monkeypatch.setattr(TCPIPInstrHiSLIP, call, fails)
    assert connection.ask("*IDN?") == identity
    assert bridge.opened == 2
    connection.close()
    bridge.close()


@pytest.fixture
def half_open():
    """Servers that turn a client away in the middle of its opening."""
    servers = []

    def make(answers):
        server = Unwilling(answers)
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.close()


class Unwilling:
    """Answer the first message of each connection, and nothing after it.

    Parameters
    ----------
    answers
        What makes an answer of a message, one a connection; None hangs up instead.
    """

    def __init__(self, answers):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.taken = []
        self.thread = threading.Thread(target=self._run, args=(answers,), daemon=True)
        self.thread.start()

    def _run(self, answers):
        for answer in answers:
            connection, _ = self.server.accept()
            self.taken.append(connection)
            message = connection.recv(4096)
            if answer is None:
                connection.shutdown(socket.SHUT_WR)  # the client reads an end; its own side stays its own to close
            else:
                connection.sendall(answer(message))

    def close(self):
        for connection in [self.server, *self.taken]:
            connection.close()


def initialized(message):
    """HiSLIP: InitializeResponse of session 1."""
    return struct.pack("!2sBBIQ", b"HS", 1, 0, 0x0100_0001, 0)


def out_of_resources(message):
    """VXI-11: the answer to create_link of an instrument that has a client already (error 9)."""
    reply = message[4:8] + struct.pack(">5I4I", 1, 0, 0, 0, 0, 9, 0, 0, 0)
    return struct.pack(">I", 0x80000000 | len(reply)) + reply


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ([None], "TCPIP0::127.0.0.1::hislip0,{port}::INSTR"),
        ([initialized, None], "TCPIP0::127.0.0.1::hislip0,{port}::INSTR"),
        ([out_of_resources], "TCPIP0::127.0.0.1,{port}::inst0::INSTR"),
    ],
    ids=["HiSLIP", "HiSLIP's second channel", "VXI-11"],
)
def test_an_opening_that_fails_half_way_leaves_no_socket_open(half_open, answers, name):
    server = half_open(answers)
    manager = pyvisa.ResourceManager("@py")
    ends = {"read_termination": "\n", "write_termination": "\n"}
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the backend raises
        VisaSession(manager, name.format(port=server.port), ends, 2.0)
    server.thread.join()
    # The error is still held, and what it was about with it: nothing here is closed by the garbage collector.
    assert caught.value is not None
    for connection in server.taken:
        connection.settimeout(5)
        assert connection.recv(4096) == b""
    manager.close()


def test_an_instrument_that_does_not_come_back_is_named(bench, bridge, caplog):
    caplog.set_level(100, "mtjlab")  # a record of an error keeps what the error was about
    bridge.close()
    with pytest.raises(InstrumentLostError, match=re.escape(bridge.resource)):
        bench.source_meter.read()
    bench.close()
    del bench
    gc.collect()
