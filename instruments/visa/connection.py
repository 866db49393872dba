"""A VISA connection that notices when it is out of step with its instrument, and sets itself right."""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

import numpy as np
import pyvisa
from numpy.typing import NDArray
from pymeasure.adapters import Adapter, VISAAdapter

from mtjlab.instruments.instrument_error import OutOfStepError
from mtjlab.instruments.visa.definite_block import read_block, read_float_block
from mtjlab.instruments.visa.visa_line import LINES, VisaLine, printable

__all__ = ["Connection", "is_idempotent"]

QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
"""A string in a command: a question in it, which the instrument is to pass on, is none to the instrument."""
ONCE_ONLY = re.compile(
    r"\*(ESR|TST|TRG|CAL|RST|CLS)\b"  # reading clears, or begins something
    r"|:?SYST(EM)?:ERR(OR)?\b|:?STAT(US)?:QUE(UE)?\b"  # takes an error out of the queue
    r"|:?STAT(US)?:(OPER(ATION)?|QUES(TIONABLE)?|MEAS(UREMENT)?)(:EVEN(T)?)?\?"  # clears the events
    r"|:?SYST(EM)?:COMM(UNICATE)?:SER(IAL)?:ENT(ER)?\b"  # takes what another instrument has answered
    r"|(LIAS|ERRS)\b"  # a lock-in's status, which reading clears
    r"|:?(READ|INIT(IATE)?|MEAS(URE)?)\b",  # takes a new reading
    re.IGNORECASE,
)

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

TRIES = 2
"""How often a query is asked again."""


class Connection(VisaLine, VISAAdapter):
    """A VISA resource as every adapter uses it.

    A query that fails is asked again if it is idempotent, over a new connection; nothing else is ever sent
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
    """

    def __init__(
        self, resource: str, visa_library: str, timeout: float, line: Mapping[str, Any] = MappingProxyType(LINES)
    ) -> None:
        Adapter.__init__(self)  # past the opening of VISAAdapter, which nothing could make again
        VisaLine.__init__(self, resource, visa_library, timeout, line)

    @property
    def connection(self) -> Any:
        """PyVISA's resource, as it is open now."""
        return self._session.resource

    def remember(self) -> str:
        """Ask for the identity and return it; from now on nobody else is taken for this instrument."""
        self._session.drop_stale()
        self._identity = self.ask(self.identity_question).strip()
        return self._identity

    def watch_restarts(self) -> None:
        """Clear the power-on bit, which from now on tells of a restart."""
        if self.restart_question:
            self.ask(self.restart_question)

    def ask(self, command: str) -> str:
        """Ask a question of one line.

        Parameters
        ----------
        command
            Question, without its termination.
        """
        self.write(command)
        return str(self.read())

    # what PyMeasure calls

    def _write(self, command: str, **kwargs: Any) -> None:
        self._get_ready()
        self._question = command if "?" in QUOTED.sub("", command) else None
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

        Parameters
        ----------
        command
            Question, without its termination.
        count
            Numbers that are to come.

        Raises
        ------
        OutOfStepError
            If what comes is not such a block; PyVISA's own reader searches for one in whatever came.
        """
        self._write(command)
        return self._answer(lambda: read_float_block(self._session.receive_bytes, count))

    def query_bytes(self, command: str) -> bytes:
        """Ask for a definite-length block, of whatever length it says.

        Parameters
        ----------
        command
            Question, without its termination.

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

    def _get_ready(self) -> None:
        """Make sure before a command that the connection is open, and that no answer waits for nobody."""
        if self._lost or not self._session.sound:
            self.resynchronise()
        if self._question is not None:  # somebody was interrupted while waiting for an answer
            log.info("%s: the answer to %s is not waited for", self.resource_name, self._question)
            self.resynchronise() if self._unanswered else self.reopen()
        waiting = self._unread()
        if waiting and (self._after_block or self._session.serial) and not waiting.strip(b"\r\n"):
            if self.raw_socket is not None:
                self.raw_socket.read_exactly(len(waiting))
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


def is_idempotent(command: str) -> bool:
    """Tell whether a command only asks, and asking twice gives the same answer and changes nothing.

    Examples
    --------
    >>> is_idempotent(":SOUR:VOLT?;:TRAC:DATA?")
    True
    >>> [is_idempotent(command) for command in (":READ?", "SYST:ERR?", ":INIT;*OPC?", "*ESR?", "LIAS?")]
    [False, False, False, False, False]
    """
    units = [unit.strip() for unit in command.split(";") if unit.strip()]
    asked = all(unit.split(None, 1)[0].endswith("?") and not ONCE_ONLY.match(unit) for unit in units)
    return bool(units) and asked
