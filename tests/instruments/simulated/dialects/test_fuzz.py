"""Whatever a client sends, however it is cut: no crash, no hang, an error code; the instrument is itself afterwards."""

import logging
import re
import socket
import threading
import time
from importlib.metadata import entry_points

import numpy as np
import pytest

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.roles.coil import CoilSettings
from mtjlab.instruments.roles.junction_array import JunctionArraySettings
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.scpi.message_exchange import MessageExchange
from mtjlab.instruments.simulated.scpi.scpi_message import InputBuffer
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

MAKERS = {entry.name: entry for entry in entry_points(group="mtjlab.simulated_instruments")}
WORDS = (
    "1", "-1", "0", "1e-9", "1E400", "9.9E37", "10 NS", "5 mV", "MAX", "min", "DEF", "INF", "nan", "ON", "OFF", "EXT",
    "'CURR'", '"VOLT', "(@101,102)", "(@1:99999)", "#14abcd", "#15ab", "#0xyz", "#H1F", "#9", "VOLATILE", "",
    "1,2", "\u00b2",
)  # fmt: skip
ASKED = {"sr7265": "ID"}
"""What instruments are asked who they are that know nothing of IEEE 488.2."""
NONSENSE = b":QQXJZ"
"""A header that no instrument has."""


def make(name, wiring, number=1):
    settings = RoleSettings(driver=name)
    if name == "yokogawags200":
        settings = CoilSettings(driver=name, constant=0.1)
    if name == "keithley2700":
        settings = MultiplexerSettings(driver=name, junctions={"A": 101, "B": 102})
    if name == "mtjarray":
        settings = JunctionArraySettings(driver=name, rows=3, columns=5)
    return MAKERS[name].load()(InstrumentContext(wiring, "role", settings, WiringSettings(), seed=number))


class Lines:
    """Random lines, and mutations of an instrument's own commands."""

    def __init__(self, instrument, seed):
        self.random = np.random.default_rng(seed)
        self.headers = instrument.tree.headers

    def choice(self, options):
        return options[int(self.random.integers(len(options)))]

    def command(self):
        header = self.choice(self.headers).replace("#", self.choice(("", "1", "2", "9", "77777777")))
        header = re.sub(r"\[(.*?)\]", lambda match: self.choice((match[1], "")), header)
        if self.random.random() < 0.5:
            header = "".join(letter for letter in header if not letter.islower())
        query = self.choice(("", "?", "? "))
        return header + query + self.choice(("", " ")) + self.choice(WORDS)

    def line(self):
        kind = self.random.random()
        if kind < 0.1:
            return self.random.integers(0, 256, int(self.random.integers(60)), dtype=np.uint8).tobytes()
        if kind < 0.2:
            return NONSENSE + self.command().encode("latin-1")
        text = ";".join(self.command() for _ in range(int(self.random.integers(1, 4)))).encode("latin-1")
        return text if kind < 0.5 else self.mutated(bytearray(text))

    def mutated(self, line):
        for _ in range(int(self.random.integers(1, 5))):
            at = int(self.random.integers(len(line) + 1))
            kind = self.random.integers(5)
            if kind == 0:
                line.insert(at, int(self.random.integers(256)))
            elif kind == 1 and line:
                del line[min(at, len(line) - 1)]
            elif kind == 2 and line:
                line[min(at, len(line) - 1)] ^= 1 << int(self.random.integers(8))
            elif kind == 3:
                line[at:at] = line[: int(self.random.integers(20))]
            else:
                del line[at:]
        return bytes(line)


class Internal(logging.Handler):
    """Faults of ours, which an instrument outlives but must not have."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage() + repr(record.exc_info and record.exc_info[1]))


def feed(instrument, exchange, buffer, data, random):
    """Send bytes in random packets; return the answers."""
    answers = []
    cuts = sorted(random.integers(0, len(data) + 1, int(random.integers(0, 4))).tolist())
    for first, last in zip([0, *cuts], [*cuts, len(data)], strict=True):
        try:
            messages = buffer.feed(data[first:last]) if last > first else []
        except ScpiError as error:
            instrument.report(error)
            continue
        for message in messages:
            exchange.write(message)
            if exchange.answered:
                answers.append(exchange.read())
    return answers


def fuzz(instrument, lines, count):
    """Feed lines; check what can be known of every one."""
    exchange, buffer = MessageExchange(instrument), InputBuffer()
    for _ in range(count):
        line = lines.line().replace(b"\n", b" ")
        instrument.clear()
        answers = feed(instrument, exchange, buffer, line + b"\n", lines.random)
        if buffer.pending:  # the newline was a byte of a block, or what it waits for never comes
            assert b"#" in line
            buffer.forget()
            continue
        event = instrument.status.event & 0x3C
        if line.startswith(NONSENSE):
            assert event, f"{line!r} was taken for a command"
        elif re.fullmatch(rb"[:*]?[\w:*]+\?[^;\"'#]*", line) and b";" not in line:
            assert answers or event, f"{line!r} was neither answered nor refused"


def still_itself(instrument, name):
    instrument.clear()
    if name in ASKED:
        assert instrument.handle(ASKED[name]) == instrument.identity.encode()
        return
    assert instrument.handle("*IDN?") == instrument.identity.encode()
    instrument.handle("*RST")
    assert instrument.handle("*IDN?;*OPC?").endswith(b"1") or not instrument.scpi
    assert instrument.status.event & 0x3C == 0


def check(count, wiring, caplog):
    caplog.set_level(logging.CRITICAL)
    internal = Internal()
    logging.getLogger("mtjlab").addHandler(internal)
    try:
        for number, name in enumerate(MAKERS):
            wiring.select(1)  # the multiplexer before may have left no junction on the bench
            instrument = make(name, wiring, number)
            fuzz(instrument, Lines(instrument, number), count)
            still_itself(instrument, name)
    finally:
        logging.getLogger("mtjlab").removeHandler(internal)
    assert internal.messages == []


def test_no_line_breaks_an_instrument(wiring, caplog):
    check(1_500, wiring, caplog)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_million_lines_break_no_instrument(wiring, caplog):
    check(100_000, wiring, caplog)


class Client(threading.Thread):
    """A client that sends lines in random packets, and now and then asks who is there."""

    def __init__(self, server, count, seed):
        super().__init__()
        self.server, self.count = server, count
        self.lines = Lines(server.instrument, seed)
        self.identity = server.instrument.identity.encode()
        self.failure = None

    def run(self):
        try:
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as self.connection:
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for index in range(self.count):
                    self.send(self.lines.line() + b"\n")
                    if index % 50 == 49:
                        self.ask()
        except Exception as error:
            self.failure = error

    def send(self, data):
        cut = int(self.lines.random.integers(len(data) + 1))
        for part in (data[:cut], data[cut:]):
            if part:
                self.connection.sendall(part)

    def ask(self):
        """Read whatever has come until the instrument says its name; a block that was left open first times out."""
        received, deadline = b"", time.monotonic() + 30
        while time.monotonic() < deadline:
            self.connection.sendall(b"\nHEADER OFF\n*IDN?\n")
            self.connection.settimeout(1.5)
            try:
                while self.identity not in received:
                    chunk = self.connection.recv(65536)
                    assert chunk, "the instrument closed the connection"
                    received = received[-len(self.identity) :] + chunk
            except TimeoutError:
                continue
            return
        raise AssertionError("the instrument does not answer any more")


def ten_at_once(name, count, wiring, caplog):
    caplog.set_level(logging.CRITICAL)
    internal = Internal()
    logging.getLogger("mtjlab").addHandler(internal)
    instrument = make(name, wiring)
    server = ScpiServer(instrument)
    try:
        clients = [Client(server, count, seed) for seed in range(10)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    finally:
        server.close()
        logging.getLogger("mtjlab").removeHandler(internal)
    assert [client.failure for client in clients] == [None] * 10
    assert internal.messages == []
    still_itself(instrument, name)


def test_ten_clients_at_once_break_no_instrument(wiring, caplog):
    ten_at_once("keithley2400", 60, wiring, caplog)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", sorted(set(MAKERS) - set(ASKED)))
def test_ten_clients_at_once_break_none_of_them(name, wiring, caplog):
    ten_at_once(name, 10_000, wiring, caplog)
