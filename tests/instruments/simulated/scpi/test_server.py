"""An instrument on a socket: packets, blocks that never end, clients that come and go, faults on the wire."""

import socket
import sys
import threading

import pytest

from mtjlab.instruments.simulated.scpi.fault_injector import FaultInjector
from mtjlab.instruments.simulated.scpi.scpi_message import LONGEST_MESSAGE
from mtjlab.instruments.simulated.scpi.scpi_server import Client as ServedClient
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer


@pytest.fixture
def faults(clock):
    return FaultInjector([], clock, seed=1)


@pytest.fixture
def server(oven, faults):
    server = ScpiServer(oven, "oven", faults)
    yield server
    server.close()


class Client:
    """A client on a bare socket."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def ask(self, question):
        self.send(question + b"\n")
        return self.answers.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answers.close()
        self.socket.close()


def test_a_message_in_single_bytes_and_many_in_one_packet(server):
    with Client(server) as client:
        for byte in b":COUN 5\n":
            client.send(bytes([byte]))
        assert client.ask(b"*IDN?\n:COUN?\n*OPC?") == b"MAKER,OVEN,0,1\n"
        assert [client.answers.readline() for _ in range(2)] == [b"5\n", b"1\n"]


def test_what_came_first_is_carried_out_first_over_whatever_connection(server, clock):
    """A client that connects again to stop what it has started: the start must not come after the stop."""
    for count in [1, 2, 3, 4, 5] * 20:
        with clock.lock:  # the instrument is busy: nothing is carried out yet
            with Client(server) as before:
                before.send(b":COUN 9\n")
            now = Client(server)
            now.send(b":COUN %d;COUN?\n" % count)
        with now:
            assert now.answers.readline() == b"%d\n" % count
            assert now.ask(b":COUN?") == b"%d\n" % count


@pytest.mark.skipif(sys.platform == "win32", reason="a connection cannot be asked there what has come over it")
def test_bytes_that_are_being_taken_have_come():
    """Whoever connects again waits for what has come: nothing may seem not to have, while another thread takes it."""
    near, far = socket.socketpair()
    client = ServedClient(far, port=0)

    def take():
        while far.recv(1, socket.MSG_PEEK):
            client.take()

    taker = threading.Thread(target=take)
    taker.start()
    try:
        for sent in range(1, 5_001):
            near.send(b":")
            assert client.come == sent
    finally:
        near.close()
        taker.join()
        far.close()


def test_clients_share_settings_and_not_half_messages(server):
    with Client(server) as one, Client(server) as other:
        one.send(b":COUN ")
        assert other.ask(b":COUN 7;COUN?") == b"7\n"
        one.send(b"3\n")
        assert one.ask(b":COUN?") == b"3\n"
        assert other.ask(b":COUN?") == b"3\n"


def test_a_client_that_goes_in_the_middle_of_a_message_leaves_nothing(server):
    with Client(server) as client:
        client.send(b":COUN 9")
    with Client(server) as client:
        assert client.ask(b":COUN?") == b"1\n"


def test_a_block_that_never_ends_is_forgotten_with_an_error(server, oven, monkeypatch):
    reported, report = threading.Event(), oven.report
    monkeypatch.setattr(oven, "report", lambda error: (report(error), reported.set()))
    with Client(server) as client:
        client.send(b":LAB #15ab\n")
        assert reported.wait(30)
        assert client.ask(b":SYST:ERR?") == b'-365,"Time out error"\n'
        assert client.ask(b"*IDN?") == b"MAKER,OVEN,0,1\n"


def test_a_message_without_end_overruns_and_the_next_one_counts(server):
    with Client(server) as client:
        client.send(b"x" * (LONGEST_MESSAGE + 200_000) + b"\n")
        assert client.ask(b":SYST:ERR?") == b'-363,"Input buffer overrun"\n'


@pytest.mark.parametrize(("after", "count"), [(False, b"1\n"), (True, b"4\n")])
def test_a_connection_drops_before_or_after_the_message_is_carried_out(server, faults, after, count):
    faults.inject("drop", pattern=":COUN*", after=after)
    with Client(server) as client:
        assert client.ask(b":COUN 4") == b""
    with Client(server) as client:
        assert client.ask(b":COUN?") == count


def test_a_half_open_connection_takes_everything_and_does_nothing(server, faults):
    faults.inject("half_open", pattern=":COUN 4")
    with Client(server) as client:
        client.send(b":COUN 4\n:COUN 5\n")
        with Client(server) as other:
            assert other.ask(b":COUN?") == b"1\n"
        client.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.ask(b"*IDN?")


def test_a_truncated_answer_has_no_end_and_garbage_is_no_text(server, faults):
    faults.inject("truncated")
    faults.inject("garbage")
    with Client(server) as client:
        client.send(b"*IDN?\n")
        first = client.socket.recv(100)
        assert 0 < len(first) < len(b"MAKER,OVEN,0,1")
        assert b"MAKER,OVEN,0,1".startswith(first)
        garbage = client.ask(b"*IDN?")
        assert garbage.endswith(b"\n")
        assert min(garbage[:-1]) >= 0x80


def test_an_answer_that_times_out_is_carried_out_all_the_same(server, faults):
    faults.inject("timeout", pattern=":COUN*")
    with Client(server) as client:
        client.send(b":COUN 4;COUN?\n")
        assert client.ask(b":COUN?") == b"4\n"


def test_an_unsolicited_line_comes_before_the_answer(server, faults):
    faults.inject("unsolicited")
    with Client(server) as client:
        noise = client.ask(b"*IDN?")
        assert noise != b"MAKER,OVEN,0,1\n"
        assert noise[:-1].isascii()
        assert client.answers.readline() == b"MAKER,OVEN,0,1\n"


def test_a_restart_cuts_everybody_loses_the_settings_and_says_power_on(server, faults):
    with Client(server) as other, Client(server) as client:
        assert client.ask(b"*ESR?;:COUN 5;COUN?") == b"128;5\n"
        assert other.ask(b"*ESR?") == b"0\n"
        faults.inject("reboot", duration=0.0)
        assert client.ask(b":COUN?") == b""
        assert other.answers.readline() == b""
    with Client(server) as client:
        assert client.ask(b":COUN?;*ESR?") == b"1;128\n"


def test_while_it_restarts_nobody_is_let_in(server, faults):
    faults.inject("reboot", duration=3600.0)
    with Client(server) as client:
        assert client.ask(b"*IDN?") == b""
    with Client(server) as client:
        assert client.answers.read(1) == b""


def test_a_port_that_is_taken_is_refused_with_a_remedy(server, oven):
    with pytest.raises(ValueError, match=f"port {server.port} on 127.0.0.1 cannot be used .*: choose another one"):
        ScpiServer(oven, port=server.port)
