"""The socket below a raw VISA resource: lines, blocks, what waits, the end of a connection, and its patience."""

import socket
import sys

import pytest

from mtjlab.instruments.visa.raw_socket import RawSocket

IMPATIENT = 0.02
"""Longest wait [s] of the tests in which nothing comes."""


@pytest.fixture
def line():
    """Give both ends of a connection: the socket as a resource has it, and the instrument's."""
    near, instrument = socket.socketpair()
    ours = RawSocket(fileno=near.detach())
    ours.wait_at_most(30.0)
    with ours, instrument:
        yield ours, instrument


def test_a_line_comes_in_pieces_and_two_lines_in_one(line):
    ours, instrument = line
    for piece in (b"+1.2", b"5E-0", b"6\n+7\n"):
        instrument.sendall(piece)
    assert ours.read_line() == "+1.25E-06"
    assert ours.waiting() == b"+7\n"  # taken from the system, and not lost
    assert ours.read_line() == "+7"
    assert ours.waiting() is None


def test_a_block_is_read_to_its_last_byte_whatever_its_bytes_are(line):
    ours, instrument = line
    content = bytes(range(256))  # a newline among them
    instrument.sendall(content + b"\n")
    assert ours.read_exactly(256) == content
    assert ours.read_line() == ""


def test_a_byte_beyond_ascii_is_one_character(line):
    ours, instrument = line
    instrument.sendall(b"\xb5A\n")
    assert ours.read_line() == "\xb5A"
    ours.send_line("\xb5A")
    assert instrument.recv(10) == b"\xb5A\n"


def test_what_is_sent_is_counted_with_the_ends_of_lines(line):
    ours, instrument = line
    ours.send_line("*IDN?")
    ours.sendall(b"ab")
    assert ours.send(b"c") == 1
    assert ours.sent == 9
    assert instrument.recv(100) == b"*IDN?\nabc"


def test_what_waits_is_looked_at_and_left(line):
    ours, instrument = line
    instrument.sendall(b"42 V\n")
    assert ours.waiting() == ours.waiting() == b"42 V\n"
    assert ours.read_line() == "42 V"


def test_the_end_of_a_connection_is_an_error_and_what_came_before_it_is_kept(line):
    ours, instrument = line
    assert ours.waiting() is None
    instrument.sendall(b"half a li")
    instrument.close()
    with pytest.raises(ConnectionResetError, match="the instrument closed the connection"):
        ours.read_line()
    assert ours.waiting() == b"half a li"  # what came is not lost


def test_an_answer_that_does_not_come_ends_at_the_timeout_and_may_come_later(line):
    ours, instrument = line
    with ours.waiting_at_most(IMPATIENT), pytest.raises(TimeoutError):
        ours.read_line()
    instrument.sendall(b"late\n")
    assert ours.read_line() == "late"  # and the usual patience is back


@pytest.mark.skipif(sys.platform == "win32", reason="buffers grow there as long as there is memory")
def test_a_command_that_is_not_taken_ends_the_line(line):
    ours, instrument = line
    ours.wait_at_most(IMPATIENT)
    with pytest.raises(TimeoutError, match=r"a command was not accepted within 0\.02 s"):
        ours.send_line("x" * 10_000_000)
    # What it got is no whole command, and nothing comes after it.
    got = b"".join(iter(lambda: instrument.recv(1_000_000), b""))
    assert set(got) == {ord("x")}
