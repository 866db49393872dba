"""What a connection does about each answer that cannot be one: ask again, connect again, or say so."""

import contextlib
import select
import socket
import threading

import numpy as np
import pytest

from mtjlab.instruments.instrument_error import OutOfStepError, RestartedError, UnreachableError
from mtjlab.instruments.visa.connection import Connection, is_idempotent

IDENTITY = b"A,B,C,D\n"
IMPATIENT = 0.05
"""Timeout [s] of the tests in which nothing comes."""


class Instrument:
    """An instrument that answers as it is told: with each of a list in turn, the last one for good."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.resource = f"TCPIP::127.0.0.1::{self.server.getsockname()[1]}::SOCKET"
        self.answers = {"*IDN?": [IDENTITY], "*ESR?": [b"0\n"]}
        self.heard, self.lines = [], []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.server.accept()
                self.lines.append(line)
                threading.Thread(target=self._listen, args=(line,), daemon=True).start()

    def _listen(self, line):
        with line, line.makefile("rb") as commands, contextlib.suppress(OSError):
            for each in commands:
                command = each.decode().strip()
                self.heard.append(command)
                answers = self.answers.get(command, [b""])
                line.sendall(answers.pop(0) if len(answers) > 1 else answers[0])

    def asked(self, command):
        return self.heard.count(command)

    def close(self):
        for each in (self.server, *self.lines):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server.close()


@pytest.fixture
def instrument():
    made = Instrument()
    yield made
    made.close()


@pytest.fixture
def connection(instrument):
    made = Connection(instrument.resource, "@py", 10.0)
    made.remember()
    yield made
    made.close()


def waits(connection):
    """Wait until something came over the line, or its end."""
    assert select.select([connection.raw_socket], [], [], 30)[0]


def test_a_question_that_changes_nothing_is_asked_again_over_a_new_line(instrument, connection):
    instrument.answers["VOLT?"] = [b"\x07\x00\n", b"1.25\n"]
    assert connection.ask("VOLT?") == "1.25"
    assert (instrument.asked("VOLT?"), len(instrument.lines)) == (2, 2)


def test_it_is_asked_three_times_and_no_more(instrument, connection):
    instrument.answers["VOLT?"] = [b"\x07\n"]
    with pytest.raises(OutOfStepError, match=r"is not text; VOLT\? was not repeated"):
        connection.ask("VOLT?")
    assert instrument.asked("VOLT?") == 3
    instrument.answers["VOLT?"] = [b"2.5\n"]
    assert connection.ask("VOLT?") == "2.5"


def test_a_question_that_takes_a_reading_is_sent_once(instrument, connection):
    instrument.answers["READ?"] = [b"\x07\n", b"1\n"]
    with pytest.raises(OutOfStepError, match=r"READ\? was not repeated"):
        connection.ask("READ?")
    assert (instrument.asked("READ?"), len(instrument.lines)) == (1, 1)


def test_an_answer_that_does_not_come_is_asked_for_again(instrument, connection):
    connection.timeout = IMPATIENT
    instrument.answers["VOLT?"] = [b"", b"1.25\n"]
    assert connection.ask("VOLT?") == "1.25"
    assert connection.connection.timeout == pytest.approx(1000 * IMPATIENT)


def test_what_comes_unasked_is_no_answer_to_the_next_question(instrument, connection):
    instrument.answers["VOLT?"] = [b"1.25\n"]
    instrument.lines[-1].sendall(b"9.9\n")
    waits(connection)
    with pytest.raises(OutOfStepError, match=r"b'9\.9\\n' came unasked: the last answer may not have been one"):
        connection.ask("VOLT?")
    assert instrument.asked("VOLT?") == 0
    assert connection.ask("VOLT?") == "1.25"


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next(instrument, connection):
    instrument.answers |= {"VOLT?": [b"1.25\n"], "CURR?": [b"1e-6\n"]}
    connection.write("VOLT?")  # and whoever wrote it was interrupted before the answer
    waits(connection)
    assert connection.ask("CURR?") == "1e-6"
    assert len(instrument.lines) == 2


def test_a_line_that_the_instrument_closed_is_opened_before_the_command(instrument, connection):
    instrument.lines[-1].shutdown(socket.SHUT_RDWR)
    waits(connection)
    connection.write("OUTP OFF")
    assert connection.ask("*IDN?") == "A,B,C,D"
    assert (instrument.asked("OUTP OFF"), len(instrument.lines)) == (1, 2)


@pytest.mark.parametrize("events", [b"128\n", b"+1.29E+02\n", b"nonsense\n"])
def test_an_instrument_that_has_restarted_or_may_have_says_so_once(instrument, connection, events):
    instrument.answers["*ESR?"] = [events, b"0\n"]
    with pytest.raises(RestartedError, match="its settings are lost"):
        connection.resynchronise()
    connection.resynchronise()
    assert connection.ask("*IDN?") == "A,B,C,D"


def test_other_events_are_no_restart(instrument, connection):
    instrument.answers["*ESR?"] = [b"127\n"]
    connection.resynchronise()
    assert connection.ask("*IDN?") == "A,B,C,D"


def test_a_restart_before_the_first_connection_is_none(instrument, connection):
    instrument.answers["*ESR?"] = [b"128\n", b"0\n"]
    connection.watch_restarts()
    connection.resynchronise()
    assert instrument.asked("*ESR?") == 2


def test_another_instrument_at_the_address_hears_nothing_but_who_it_is(instrument, connection):
    connection.hurried = True
    instrument.lines[-1].shutdown(socket.SHUT_RDWR)
    waits(connection)
    instrument.heard.clear()
    instrument.answers["*IDN?"] = [b"A,B,OTHER,D\n"]
    with pytest.raises(UnreachableError, match=r"answers \*IDN\? with 'A,B,OTHER,D' and was 'A,B,C,D'"):
        connection.write("OUTP ON")
    assert set(instrument.heard) == {"*IDN?"}
    instrument.answers["*IDN?"] = [IDENTITY]
    connection.write("OUTP OFF")
    assert connection.ask("*IDN?") == "A,B,C,D"
    assert instrument.asked("OUTP OFF") == 1


def test_of_what_was_sent_unanswered_the_first_command_is_named_once(instrument, connection):
    connection.write("VOLT 1")
    connection.write("OUTP ON")
    with pytest.raises(OutOfStepError, match="VOLT 1 may not have arrived"):
        connection.resynchronise()
    connection.resynchronise()


def test_a_block_is_followed_by_line_ends_and_then_by_the_next_answer(instrument, connection):
    values = np.array([1.0, -2.5], "<f4")
    instrument.answers |= {"TRAC?": [b"#0" + values.tobytes() + b"\n"], "CURV?": [b"#13a\nb\n\r\n"], "VOLT?": [b"1\n"]}
    np.testing.assert_array_equal(connection.query_block("TRAC?", 2), values)
    for _ in range(2):
        assert connection.query_bytes("CURV?") == b"a\nb"
        assert connection.ask("VOLT?") == "1"
    assert len(instrument.lines) == 1


def test_a_block_that_is_none_is_asked_for_again(instrument, connection):
    instrument.answers["CURV?"] = [b"1.25\n", b"#12ab\n"]
    assert connection.query_bytes("CURV?") == b"ab"
    assert len(instrument.lines) == 2


def test_who_gives_the_line_back_lets_others_talk(instrument, connection):
    connection.reserve()
    connection.release()
    heard = []
    other = threading.Thread(target=lambda: heard.append(connection.ask("*IDN?")))
    other.start()
    other.join()
    assert heard == ["A,B,C,D"]


def test_patience_lasts_as_long_as_it_is_asked_for(connection):
    with connection.patience(5.0):
        assert connection.connection.timeout == pytest.approx(15e3)
    assert connection.connection.timeout == pytest.approx(10e3)


def test_it_may_be_closed_twice(connection):
    connection.close()
    connection.close()
    with pytest.raises(OutOfStepError, match="given back"):
        connection.ask("*IDN?")


@pytest.mark.parametrize("command", ["", " ; ", "VOLT 1", "VOLT?;OUTP ON", "*TST?", "STAT:QUES?", "MEAS:VOLT?"])
def test_what_changes_something_is_not_asked_twice(command):
    assert not is_idempotent(command)


@pytest.mark.parametrize("command", ["*IDN?", "VOLT? MAX", "STAT:QUES:COND?", "FETC?; :OUTP?"])
def test_what_changes_nothing_may_be_asked_twice(command):
    assert is_idempotent(command)
