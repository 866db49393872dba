"""A VISA connection that notices when it is out of step with its instrument, and sets itself right."""

import contextlib
import logging
import re
import select
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import pyvisa
from numpy.typing import NDArray
from pymeasure.adapters import VISAAdapter

__all__ = ["Connection", "OutOfStepError", "RestartedError", "UnreachableError", "is_idempotent"]

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

TRIES = 2
"""How often a query is asked again."""
POWER_ON = 0x80
"""Bit of the standard event status register (IEEE 488.2) that a start of the instrument sets."""
ONCE_ONLY = re.compile(
    r"\*(ESR|TST|TRG|CAL|RST|CLS)\b"  # reading clears, or begins something
    r"|:?SYST(EM)?:ERR(OR)?\b|:?STAT(US)?:QUE(UE)?\b"  # takes an error out of the queue
    r"|:?STAT(US)?:(OPER(ATION)?|QUES(TIONABLE)?|MEAS(UREMENT)?)(:EVEN(T)?)?\?"  # clears the events
    r"|:?(READ|INIT(IATE)?|MEAS(URE)?)\b",  # takes a new reading
    re.IGNORECASE,
)


class OutOfStepError(OSError):
    """What came is not the answer to what was asked."""


class RestartedError(OSError):
    """The instrument has restarted and lost its settings."""


def is_idempotent(command: str) -> bool:
    """Tell whether a command only asks, and asking twice gives the same answer and changes nothing.

    Examples
    --------
    >>> is_idempotent(":SOUR:VOLT?;:TRAC:DATA?")
    True
    >>> [is_idempotent(command) for command in (":READ?", "SYST:ERR?", ":INIT;*OPC?", "*ESR?")]
    [False, False, False, False]
    """
    units = [unit.strip() for unit in command.split(";") if unit.strip()]
    asked = all(unit.split(None, 1)[0].endswith("?") and not ONCE_ONLY.match(unit) for unit in units)
    return bool(units) and asked


class UnreachableError(OSError):
    """The instrument does not come back."""


class Connection(VISAAdapter):
    """A VISA resource as every adapter uses it.

    A query that fails is asked again if it is idempotent, after the connection was made anew; nothing else is ever sent
    twice.  Whatever is done about a fault is logged.

    Parameters
    ----------
    resource
        VISA resource name.
    visa_library
        VISA library.
    timeout
        Longest wait for an answer [s].

    Notes
    -----
    Making a connection anew means to open a raw socket again, or to send other instruments a device clear; then
    ``*IDN?`` must be answered as before, and ``*ESR?`` without the power-on bit: an instrument that has restarted has
    lost its settings, and an answer of it would be that of another instrument.
    """

    def __init__(self, resource: str, visa_library: str, timeout: float) -> None:
        self.connection: Any
        self._timeout = self._wait = timeout
        self._question: str | None = None
        self._identity: str | None = None
        self.hurried = False
        """Whether nobody has the time to wait for an instrument that is away."""
        self._lost = False
        super().__init__(
            resource,
            visa_library=visa_library,
            timeout=int(timeout * 1000),
            read_termination="\n",
            write_termination="\n",
        )
        self._take_socket()

    def remember(self) -> None:
        """Ask for the identity, and clear the power-on bit, which from now on tells of a restart."""
        self._identity = self.ask("*IDN?").strip()
        self.ask("*ESR?")

    def ask(self, command: str) -> str:
        """Ask a question of one line."""
        self.write(command)
        return str(self.read())

    @contextlib.contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Wait so much longer [s] for answers."""
        self._wait = self._timeout + seconds
        self.connection.timeout = 1000 * self._wait
        try:
            yield
        finally:
            self._wait = self._timeout
            with contextlib.suppress(pyvisa.Error):  # of a connection that could not be opened anew
                self.connection.timeout = 1000 * self._wait

    def close(self) -> None:
        """Give the connection back."""
        self._let_go()
        super().close()

    # what PyMeasure calls

    def _write(self, command: str, **kwargs: Any) -> None:
        self._get_ready()
        self._question = command if "?" in command else None
        try:
            self.connection.write(command, **kwargs)
        except (pyvisa.Error, OSError) as error:
            self._question = None
            if not is_idempotent(command):
                self._give_up(command, error)
            self.resynchronise()
            self._question = command
            self.connection.write(command, **kwargs)
            log.warning("%s: %s; connected again and asked %s once more", self.resource_name, error, command)

    def _read(self, **kwargs: Any) -> str:
        return self._answer(lambda: _printable(self.connection.read(**kwargs)))

    def query_block(self, command: str, count: int) -> NDArray[np.float64]:
        """Ask for a definite-length block of `count` little-endian 32-bit floats.

        Raises
        ------
        OutOfStepError
            If what comes is not such a block; PyVISA's own reader searches for one in whatever came.
        """
        size = str(4 * count)
        head = f"#{len(size)}{size}".encode()

        def read() -> NDArray[np.float64]:
            start = self.connection.read_bytes(len(head), break_on_termchar=True)
            if start != head:
                raise OutOfStepError(f"{start[:20]!r} came instead of a block of {count} readings")
            body = self.connection.read_bytes(4 * count + 1)
            if body[-1:] != b"\n":
                raise OutOfStepError(f"a block of {count} readings does not end where it should")
            return np.frombuffer(body, "<f4", count).astype(np.float64)

        self._write(command)
        return self._answer(read)

    # what it does about faults

    def resynchronise(self) -> None:
        """Make the connection anew.

        Raises
        ------
        UnreachableError
            If the instrument does not come back within the timeout, or is another one; having failed once, it is not
            waited for again.
        RestartedError
            If it has restarted; it is connected all the same.
        """
        wait = 0.0 if self.hurried or self._lost else max(self._timeout, 1.0)
        deadline = time.monotonic() + wait
        while True:
            try:
                self.reopen()
                self._check_identity()
                self._lost = False
                break
            except (pyvisa.Error, OSError, ValueError) as error:
                if time.monotonic() > deadline:
                    self._lost = not self.hurried
                    raise UnreachableError(f"no connection within {wait:g} s: {error}") from error
                time.sleep(0.02)
        try:
            events = int(float(self.connection.query("*ESR?")))
        except (pyvisa.Error, OSError, ValueError):
            events = POWER_ON  # one that can not tell may have restarted
        if events & POWER_ON:
            raise RestartedError("it has restarted: its settings are lost")

    def reopen(self) -> None:
        """Begin with an empty connection, without asking anything."""
        self._question = None
        if not self.resource_name.upper().endswith("::SOCKET"):
            self.connection.clear()
            return
        settings = {"timeout": 1000 * self._wait, "read_termination": "\n", "write_termination": "\n"}
        self._let_go()
        try:
            self.connection = self.manager.open_resource(self.resource_name, **settings)
        except Exception as error:  # pyvisa-py raises bare Exceptions
            raise OSError(str(error)) from error
        self._take_socket()

    def _get_ready(self) -> None:
        """Make sure before a command that the connection is open, and that no answer waits for nobody."""
        if self._question is not None:  # somebody was interrupted while waiting for an answer
            log.info("%s: the answer to %s is not waited for", self.resource_name, self._question)
            self.reopen()
        waiting = self._waiting()
        if waiting is None:
            return
        if waiting:
            log.warning("%s: %r came unasked; connected again", self.resource_name, waiting[:60])
            self.resynchronise()
            raise OutOfStepError(f"{waiting[:60]!r} came unasked: the last answer may not have been one")
        self.resynchronise()
        log.warning("%s had closed the connection; connected again", self.resource_name)

    def _answer(self, read: Callable[[], Answer]) -> Answer:
        question, self._question = self._question, None
        for attempt in range(TRIES + 1):
            try:
                answer = read()
            except (pyvisa.Error, OSError, ValueError) as error:
                if question is None or not is_idempotent(question) or attempt == TRIES:
                    self._give_up(question, error)
                log.warning("%s: %s; connecting again to ask %s once more", self.resource_name, error, question)
                self.resynchronise()
                self.connection.write(question)
            else:
                return answer
        raise AssertionError  # never reached

    def _give_up(self, command: str | None, error: Exception) -> None:
        """Say that a command failed and is not repeated."""
        log.warning("%s: %s; %s is not repeated", self.resource_name, error, command)
        raise OutOfStepError(f"{error}; {command} was not repeated") from error

    def _check_identity(self) -> None:
        identity = _printable(str(self.connection.query("*IDN?"))).strip()
        if self._identity is not None and identity != self._identity:
            raise OSError(f"it answers *IDN? with {identity!r} and was {self._identity!r}")

    # the socket below pyvisa-py

    def _let_go(self) -> None:
        """Close the connection, and the socket below it even where PyVISA fails before it comes to it."""
        with contextlib.suppress(Exception):
            self.connection.close()
        if self._socket is not None:
            self._socket.close()

    def _take_socket(self) -> None:
        """Let commands go out at once, and let the end of the connection be an error.

        pyvisa-py leaves Nagle's algorithm on for raw sockets, and a query after a command then waits 40 ms for the
        acknowledgement of the command; its own attribute for this is wired to the wrong function.  At the end of a
        connection it reads nothing again and again until the timeout.
        """
        self._socket: socket.socket | None = None
        self._session: Any = None
        sessions = getattr(self.connection.visalib, "sessions", None)
        if sessions is None:
            return  # not pyvisa-py
        session = sessions[self.connection.session]
        interface = getattr(session, "interface", None)
        if isinstance(interface, socket.socket):
            self._socket = session.interface = _Socket(fileno=interface.detach())
            self._session = session
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _waiting(self) -> bytes | None:
        """Bytes that wait to be read though nothing was asked; empty at the end of the connection, None in order."""
        if self._socket is None:
            return None
        pending = bytes(getattr(self._session, "_pending_buffer", b""))
        if pending:
            return pending
        try:
            readable, _, _ = select.select([self._socket], [], [], 0)
            return socket.socket.recv(self._socket, 4096, socket.MSG_PEEK) if readable else None
        except (OSError, ValueError):
            return b""


class _Socket(socket.socket):
    """A socket that raises at the end of the connection instead of giving nothing for ever."""

    def recv(self, *arguments: Any) -> bytes:
        received = super().recv(*arguments)
        if not received:
            raise ConnectionResetError("the instrument closed the connection")
        return received


def _printable(answer: str) -> str:
    """Make sure that an answer is text.

    Raises
    ------
    OutOfStepError
        If it holds anything but printable ASCII.
    """
    if not answer.isascii() or not answer.replace("\t", " ").replace("\r", "").isprintable():
        raise OutOfStepError(f"{answer[:40]!r} is no text")
    return answer
