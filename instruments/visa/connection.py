"""A VISA connection that notices when it is out of step with its instrument, and sets itself right."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

import numpy as np
import pyvisa
from numpy.typing import NDArray
from pymeasure.adapters import VISAAdapter

from mtjlab.instruments.instrument_error import OutOfStepError, RestartedError, UnreachableError
from mtjlab.instruments.visa.definite_block import read_block, read_float_block
from mtjlab.instruments.visa.idempotent import is_idempotent
from mtjlab.instruments.visa.printable import printable
from mtjlab.instruments.visa.raw_socket import RawSocket
from mtjlab.instruments.visa.visa_session import VisaSession

__all__ = ["Connection"]

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

TRIES = 2
"""How often a query is asked again."""
RECONNECTING = 2.0
"""Longest wait [s] for an answer over a new connection; an instrument that lives gives it in milliseconds."""
REFUSED = 1.0
"""Longest wait [s] for an instrument whose host says at once that nobody listens."""
HURRIED = 0.5
"""Longest wait [s] for an instrument that is known to be away, or while others are to be switched off too."""
LINES = {"read_termination": "\n", "write_termination": "\n"}
LATE = 5
"""How many lines of a serial instrument may come late, before the answer to the question who it is."""
POWER_ON = 0x80
"""Bit of the standard event status register (IEEE 488.2) that a start of the instrument sets."""


class Connection(VISAAdapter):
    """A VISA resource as every adapter uses it.

    A query that fails is asked again if it is idempotent, after the connection was made anew; nothing else is ever sent
    twice.  A line that was lost while commands were on their way, with no answer after them, says so instead of
    continuing: they may not have arrived.  Whatever is done about a fault is logged.

    Parameters
    ----------
    resource
        VISA resource name.
    visa_library
        VISA library.
    timeout
        Longest wait for an answer [s].
    line
        Attributes of the resource, by PyVISA's names: terminators, and what a serial line needs.

    Notes
    -----
    Making a connection anew means to open it again: a raw socket at once, any other line where a device clear does not
    set it right (a serial one, which has none, where dropping what has come does not).  Then ``*IDN?`` must be answered
    as before, and ``*ESR?`` without the power-on bit: an instrument that has restarted has lost its settings, and an
    answer of it would be that of another instrument.
    """

    def __init__(
        self, resource: str, visa_library: str, timeout: float, line: Mapping[str, Any] = MappingProxyType(LINES)
    ) -> None:
        self._timeout = self._wait = timeout
        self._question: str | None = None
        self._after_block = False
        """Whether the last answer was a block, which some instruments end with more than one line end."""
        self._identity: str | None = None
        self.hurried = False
        """Whether nobody has the time to wait for an instrument that is away."""
        self._lost = False
        # An answer proves that everything sent before it over the same line arrived.
        self._unanswered: list[str] = []
        self._closed = False
        self._holder: int | None = None
        self._waiter: int | None = None
        """Thread that waits for an answer."""
        self._sending = threading.RLock()  # the last resort may come in this thread, at any line
        super(VISAAdapter, self).__init__()  # past the opening of VISAAdapter, which nothing could make again
        self.resource_name = resource
        self.manager = pyvisa.ResourceManager(visa_library)
        self._session = VisaSession(self.manager, resource, {**LINES, **line}, timeout)

    @property
    def connection(self) -> Any:
        """PyVISA's resource, as it is open now."""
        return self._session.resource

    @property
    def _socket(self) -> RawSocket | None:
        return self._session.socket

    @property
    def timeout(self) -> float:
        """Longest wait for an answer [s]."""
        return self._timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._timeout = seconds
        self._set_wait(seconds)

    def remember(self) -> str:
        """Ask for the identity and return it; from now on nobody else is taken for this instrument."""
        self._session.drop_stale()
        self._identity = self.ask("*IDN?").strip()
        return self._identity

    def watch_restarts(self) -> None:
        """Clear the power-on bit, which from now on tells of a restart."""
        self.ask("*ESR?")

    def ask(self, command: str) -> str:
        """Ask a question of one line."""
        self.write(command)
        return str(self.read())

    @contextlib.contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Wait so much longer [s] for answers."""
        self._set_wait(self._timeout + seconds)
        try:
            yield
        finally:
            self._set_wait(self._timeout)

    def reserve(self) -> None:
        """Let only this thread talk from now on: whatever another one is in the middle of ends with an error."""
        # A command that is being sent is out in microseconds; one that the instrument does not take is not waited for.
        taken = self._sending.acquire(timeout=HURRIED)
        self._holder = threading.get_ident()
        if self._waiter not in (None, self._holder):
            # An instrument in the middle of a long reading takes no command behind it over the same line.
            self._question = self._question or "another thread's question"
        if taken:
            self._sending.release()

    def release(self) -> None:
        """Let any thread talk again."""
        self._holder = None

    def close(self) -> None:
        """Give the connection back; nothing opens it again."""
        self._closed = True
        if "_session" in self.__dict__:  # not where it could not be opened
            self._session.close()

    # what PyMeasure calls

    def _write(self, command: str, **kwargs: Any) -> None:
        self._get_ready()
        self._question = command if "?" in command else None
        try:
            self._send(command, **kwargs)
        except (pyvisa.Error, OSError) as error:
            self._question = None
            if not is_idempotent(command):
                self._give_up(command, error)
            self.resynchronise()
            self._question = command
            self._send(command, **kwargs)
            log.warning("%s: %s; connected again and asked %s once more", self.resource_name, error, command)

    def _write_bytes(self, content: bytes, **kwargs: Any) -> None:
        self._get_ready()
        with self._sending:
            self._refuse_if_barred()
            self._unanswered.append(repr(content[:20]))
            self._session.send_bytes(content, **kwargs)

    def _read_bytes(self, count: int, break_on_termchar: bool = False, **kwargs: Any) -> bytes:
        with self._session.calling():
            return bytes(super()._read_bytes(count, break_on_termchar, **kwargs))

    def _read(self, **kwargs: Any) -> str:
        return self._answer(lambda: self._text(**kwargs))

    def _text(self, **kwargs: Any) -> str:
        """Receive a line of text, without the line ends that a block left before it."""
        line = printable(self._session.receive(**kwargs)).removesuffix("\r")
        while self._after_block and not line:
            line = printable(self._session.receive(**kwargs)).removesuffix("\r")
        self._after_block = False
        return line

    def query_block(self, command: str, count: int) -> NDArray[np.float64]:
        """Ask for a block of `count` little-endian 32-bit floats, of definite or of indefinite length.

        Raises
        ------
        OutOfStepError
            If what comes is not such a block; PyVISA's own reader searches for one in whatever came.
        """
        self._write(command)
        return self._answer(lambda: read_float_block(self._session.receive_bytes, count))

    def query_bytes(self, command: str) -> bytes:
        """Ask for a definite-length block, of whatever length it says.

        Raises
        ------
        OutOfStepError
            If what comes is not such a block.
        """
        self._write(command)
        block = self._answer(lambda: read_block(self._session.receive_bytes))
        self._after_block = True
        return block

    # what it does about faults

    def resynchronise(self) -> None:
        """Make the connection anew.

        Raises
        ------
        UnreachableError
            If the instrument does not come back, or is another one: within `RECONNECTING`, or the timeout where that is
            shorter; within `REFUSED` where connections are refused outright.  Having failed once, it is not waited for
            again.
        RestartedError
            If it has restarted; it is connected all the same.
        OutOfStepError
            If commands were sent over the old line and no answer came after them; it is connected all the same.
        """
        brief = self.hurried or self._lost
        wait = HURRIED if brief else min(max(self._timeout, REFUSED), RECONNECTING)
        with self._waiting_at_most(wait):
            self._reconnect(0.0 if brief else wait)
            if self._identity is None:
                return  # who it is comes first; nothing was set yet that a restart would have lost
            try:
                events = int(float(self._exchange("*ESR?")))
            except (pyvisa.Error, OSError, ValueError) as error:
                log.info("%s: %s, when asked whether it has restarted: it may have", self.resource_name, error)
                events = POWER_ON
        unanswered, self._unanswered = self._unanswered, []
        if events & POWER_ON:
            raise RestartedError("it has restarted: its settings are lost")
        if unanswered:
            raise OutOfStepError(f"the line was lost, and {unanswered[0][:60]} may not have arrived")

    def _reconnect(self, patience: float) -> None:
        """Try to reach the instrument for so long [s], at least once."""
        began, said = time.monotonic(), ""
        while True:
            clearing = self._session.sound and self._socket is None
            try:
                self.reopen()
                self._check_identity()
                self._lost = False
                return
            except (pyvisa.Error, OSError, ValueError) as error:
                self._refuse_if_barred()
                self._session.sound = False  # the next time, a new line
                if clearing:
                    log.info("%s: %s, after a device clear; opening it again", self.resource_name, error)
                    continue
                if str(error) != said:
                    said = str(error)
                    log.info("%s: %s, while connecting again", self.resource_name, said)
                most = min(patience, REFUSED) if isinstance(error, ConnectionRefusedError) else patience
                if time.monotonic() - began >= most:
                    self._lost = self._lost or not self.hurried
                    within = f"within {most:g} s" if most else "at once, and it was away before"
                    raise UnreachableError(f"no connection {within}: {error}") from error
                time.sleep(0.02)

    def reopen(self) -> None:
        """Begin with an empty connection, without asking anything."""
        self._refuse_if_barred()
        self._question = None
        self._after_block = False
        session = self._session
        if session.sound and session.socket is None:
            try:
                session.clear()
                return
            except (pyvisa.Error, OSError) as error:
                log.info("%s: %s, when it was to be cleared; connecting again", self.resource_name, error)
        unread = session.socket.waiting() if session.socket is not None else None
        if unread:
            log.info("%s: %r is left unread; connecting again", self.resource_name, unread[:60])
        session.open(self._wait)

    @contextlib.contextmanager
    def _waiting_at_most(self, seconds: float) -> Iterator[None]:
        """Wait no longer [s] for answers."""
        usual = self._wait
        self._set_wait(min(usual, seconds))
        try:
            yield
        finally:
            self._set_wait(usual)

    def _set_wait(self, seconds: float) -> None:
        self._wait = seconds
        self._session.wait_at_most(seconds)

    def _get_ready(self) -> None:
        """Make sure before a command that the connection is open, and that no answer waits for nobody."""
        if self._lost or not self._session.sound:
            self.resynchronise()
        if self._question is not None:  # somebody was interrupted while waiting for an answer
            log.info("%s: the answer to %s is not waited for", self.resource_name, self._question)
            self.resynchronise() if self._unanswered else self.reopen()
        waiting = self._unread()
        if waiting and (self._after_block or self._session.serial) and not waiting.strip(b"\r\n"):
            if self._socket is not None:
                self._socket.read_exactly(len(waiting))
            return
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
        self._waiter = threading.get_ident()
        try:
            return self._try(read, question)
        finally:
            if self._waiter == threading.get_ident():
                self._waiter = None

    def _try(self, read: Callable[[], Answer], question: str | None) -> Answer:
        for attempt in range(TRIES + 1):
            try:
                answer = read()
            except (pyvisa.Error, OSError, ValueError) as error:
                if question is None or not is_idempotent(question) or attempt == TRIES:
                    self._give_up(question, error)
                log.warning("%s: %s; connecting again to ask %s once more", self.resource_name, error, question)
                self.resynchronise()
                self._send(question)
            else:
                self._unanswered = []
                return answer
        raise AssertionError  # never reached

    def _give_up(self, command: str | None, error: Exception) -> NoReturn:
        """Say that a command failed and is not repeated."""
        command = command and command[:60]
        self._unanswered = []  # whoever hears of this error takes nothing for made
        log.warning("%s: %s; %s is not repeated", self.resource_name, error, command)
        raise OutOfStepError(f"{error}; {command} was not repeated") from error

    def _unread(self) -> bytes | None:
        """Bytes that came unasked; empty at the end of the line, None where all is in order."""
        try:
            return self._session.unread()
        except (pyvisa.Error, OSError) as error:
            log.info("%s: %s, before a command", self.resource_name, error)
            return b""

    def _check_identity(self) -> None:
        identity = printable(self._exchange("*IDN?")).strip()
        for _ in range(LATE if self._session.serial and self._identity is not None else 0):
            if identity != self._identity:  # an answer that came late, which nothing takes out of such a line
                identity = printable(self._session.receive()).strip()
        if self._identity is not None and identity != self._identity:
            raise OSError(f"it answers *IDN? with {identity!r} and was {self._identity!r}")

    # PyVISA, and the socket below pyvisa-py

    def _refuse_if_barred(self) -> None:
        if self._closed:
            raise OutOfStepError("the connection was given back")
        if self._holder not in (None, threading.get_ident()):
            raise OutOfStepError("the bench is being made safe by another thread, and nothing else is sent")

    def _send(self, command: str, **kwargs: Any) -> None:
        with self._sending:
            self._refuse_if_barred()
            if "?" not in command:
                self._unanswered.append(command)
            self._session.send(command, **kwargs)

    def _exchange(self, command: str) -> str:
        self._send(command)
        return self._session.receive()
