"""A connection that is lost: one bounded wait, then no more of them."""

import contextlib
import gc
import logging
import select
import socket
import threading

import pytest

from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.instrument_error import InstrumentError, OutOfStepError, UnreachableError
from mtjlab.instruments.visa.connection import Connection
from mtjlab.instruments.visa.raw_socket import RawSocket


class Instrument:
    """An instrument that says who it is, until it falls silent or is switched off; counts its connections."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.resource = f"TCPIP::127.0.0.1::{self.server.getsockname()[1]}::SOCKET"
        self.silent, self.connections, self.heard = False, [], []
        self.woken = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection, connection.makefile("rb") as lines:
            try:
                for line in lines:
                    self.heard.append(line.decode().strip())
                    if line == b"STOP\n":  # it takes nothing more over this connection
                        self.woken.wait()
                        return
                    if not self.silent and b"?" in line:
                        connection.sendall(b"0\n" if b"ESR" in line else b"A,B,C,D\n")
            except OSError:
                return

    def switch_off(self):
        self.woken.set()
        # Closing alone does not wake up who waits in accept.
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def instrument():
    made = Instrument()
    yield made
    if made.server.fileno() != -1:
        made.switch_off()


@pytest.fixture
def connection(instrument):
    made = Connection(instrument.resource, "@py", 0.3)
    made.remember()
    yield made
    made.close()


def test_a_refused_connection_is_one_that_can_not_be_opened():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        Connection(f"TCPIP::127.0.0.1::{port}::SOCKET", "@py", 5.0)


def test_an_instrument_that_is_switched_off_is_waited_for_once(instrument, connection, monkeypatch):
    instrument.switch_off()
    with pytest.raises(UnreachableError, match=r"no connection within 1 s: .* refused"):
        connection.ask("*IDN?")
    tries = []
    reopen = connection.reopen
    monkeypatch.setattr(connection, "reopen", lambda: tries.append(1) or reopen())
    for _ in range(3):
        with pytest.raises(UnreachableError, match="no connection at once, and it was away before"):
            connection.write("OUTP OFF")
    # One try for each command: nothing is repeated while it is away.
    assert len(tries) == 3


def test_who_hurries_does_not_undo_what_is_known_of_a_lost_instrument(instrument, connection):
    instrument.switch_off()
    with pytest.raises(UnreachableError, match="within"):
        connection.ask("*IDN?")
    connection.hurried = True
    with pytest.raises(UnreachableError, match="at once"):
        connection.write("OUTP OFF")
    connection.hurried = False
    with pytest.raises(UnreachableError, match="at once"):
        connection.write("OUTP OFF")


def test_an_instrument_that_comes_back_is_taken_again(instrument, connection):
    instrument.silent = True
    with pytest.raises(UnreachableError):
        connection.ask("*IDN?")
    instrument.silent = False
    assert connection.ask("*IDN?") == "A,B,C,D"
    assert connection.connection.timeout == pytest.approx(300)  # not the short one of a lost instrument


def test_nothing_is_sent_to_a_silent_instrument_that_does_not_say_who_it_is(instrument, connection):
    instrument.silent = True
    with pytest.raises(UnreachableError):
        connection.ask("*IDN?")
    instrument.heard.clear()
    with pytest.raises(UnreachableError):
        connection.write("OUTP ON")
    assert "OUTP ON" not in instrument.heard


def test_an_output_that_stays_on_is_said_once(caplog, tmp_path):
    path = tmp_path / "bench.toml"
    bench_file = (
        'name = "lab"\n[roles.source_meter]\ndriver = "keithley2400"\nresource = "{}"\n'
        "[limits]\npulse_amplitude = 1.8\npulse_width = 1e-6\npulse_energy = 2e-12\n"
        "read_bias = 0.2\ncompliance = 1e-4\nfield = 0.05\n"
        '[device]\nname = "W1"\nresistance = 50.9e3\n'
    )
    path.write_text(bench_file.format("") + "[simulation]\n", encoding="utf-8")
    instruments = serve_bench(path)
    path.write_text(bench_file.format(instruments.resources["source_meter"]), encoding="utf-8")
    with caplog.at_level(logging.ERROR), open_bench(path) as bench:
        bench.source_meter.switch_on()
        instruments.close()
        with pytest.raises(InstrumentError, match="does not answer"):
            bench.source_meter.read()
        bench.make_safe()
    assert caplog.text.count("source_meter could not be switched off") == 1


def test_what_is_left_unread_when_connecting_again_is_in_the_log(instrument, connection, caplog):
    instrument.connections[-1].sendall(b"42 V\n")
    assert select.select([connection.raw_socket], [], [], 30)[0]
    with caplog.at_level(logging.INFO):
        connection.resynchronise()
    assert "b'42 V\\n' is left unread" in caplog.text
    assert connection.ask("*IDN?") == "A,B,C,D"


def test_an_instrument_that_takes_no_more_bytes_is_not_waited_for_for_ever(instrument, connection):
    connection.write("STOP")
    with pytest.raises(OutOfStepError, match=r"a command was not accepted within 0\.3 s; x.* was not repeated"):
        connection.write("x" * 64_000_000)
    # The half of a command that it got must not become the beginning of the next one.
    assert connection.ask("*IDN?") == "A,B,C,D"
    assert not any("x*IDN?" in line for line in instrument.heard)


def test_a_command_without_an_answer_after_it_is_not_taken_as_made_over_a_new_line(instrument, connection):
    connection.write("VOLT 1")
    assert connection.ask("*IDN?") == "A,B,C,D"  # over the same line: the command has arrived
    instrument.connections[-1].shutdown(socket.SHUT_RDWR)
    assert connection.ask("*IDN?") == "A,B,C,D"
    connection.write("VOLT 2")
    instrument.connections[-1].shutdown(socket.SHUT_RDWR)
    with pytest.raises(OutOfStepError, match="the line was lost, and VOLT 2 may not have arrived"):
        connection.ask("VOLT?")
    assert connection.ask("*IDN?") == "A,B,C,D"


def test_a_connection_that_was_given_back_is_not_opened_again(instrument, connection):
    connection.close()
    connected = len(instrument.connections)
    for act in (lambda: connection.write("OUTP ON"), lambda: connection.ask("*IDN?"), connection.resynchronise):
        with pytest.raises(OSError, match="given back"):
            act()
    assert "OUTP ON" not in instrument.heard
    assert len(instrument.connections) == connected


def test_who_reserves_a_connection_ends_what_others_are_in_the_middle_of(instrument, connection):
    heard = []

    def others():
        with pytest.raises(OSError, match="made safe by another thread"):
            connection.write("OUTP ON")
        heard.append(True)

    connection.reserve()
    other = threading.Thread(target=others)
    other.start()
    other.join()
    assert heard == [True]
    connection.write("OUTP OFF")
    assert connection.ask("*IDN?") == "A,B,C,D"
    assert "OUTP OFF" in instrument.heard
    assert "OUTP ON" not in instrument.heard


def test_a_line_that_nobody_holds_is_closed_without_a_word():
    here, there = socket.socketpair()
    line = RawSocket(fileno=here.detach())
    del line  # an unclosed socket warns here, and warnings are errors
    gc.collect()
    with there:
        assert there.recv(1) == b""
