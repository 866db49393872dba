"""The line below a connection: who may talk over it, how long it is waited for, and how it is connected again."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pyvisa

from mtjlab.instruments.instrument_error import OutOfStepError, RestartedError, UnreachableError
from mtjlab.instruments.visa.raw_socket import RawSocket
from mtjlab.instruments.visa.visa_session import VisaSession

__all__ = ["LINES", "VisaLine", "printable"]

BLANK = str.maketrans("\t\r", "  ")
"""Control characters that may stand in an answer."""

log = logging.getLogger(__name__)

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


class VisaLine:
    """A line to an instrument that can be connected again, and knows whether it is the same instrument as before.

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
    Connecting again means to open the line again: a raw socket at once, any other line where a device clear does not
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
        self.identity_question = "*IDN?"
        """What is asked to learn who is there."""
        self.restart_question = "*ESR?"
        """What is asked to learn whether it has restarted; empty for an instrument that does not tell: it may have."""
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
        self.resource_name = resource
        self.manager = pyvisa.ResourceManager(visa_library)
        self._session = VisaSession(self.manager, resource, {**LINES, **line}, timeout)

    @property
    def raw_socket(self) -> RawSocket | None:
        """The socket below it, where it is one."""
        return self._session.socket

    @property
    def timeout(self) -> float:
        """Longest wait for an answer [s]."""
        return self._timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._timeout = seconds
        self._set_wait(seconds)

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

    # how it is connected again

    def resynchronise(self) -> None:
        """Connect again.

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
                events = int(float(self._exchange(self.restart_question))) if self.restart_question else POWER_ON
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
            clearing = self._session.sound and self.raw_socket is None
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

    def _check_identity(self) -> None:
        identity = printable(self._exchange(self.identity_question)).strip()
        for _ in range(LATE if self._session.serial and self._identity is not None else 0):
            if identity != self._identity:  # an answer that came late, which nothing takes out of such a line
                identity = printable(self._session.receive()).strip()
        if self._identity is not None and identity != self._identity:
            raise OSError(f"it answers {self.identity_question} with {identity!r} and was {self._identity!r}")

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


def printable(answer: str) -> str:
    """Give back an answer that is text.

    Raises
    ------
    OutOfStepError
        If it holds anything but printable ASCII.
    """
    if not (answer.isascii() and (answer.isprintable() or answer.translate(BLANK).isprintable())):
        raise OutOfStepError(f"{answer[:40]!r} is not text")
    return answer
