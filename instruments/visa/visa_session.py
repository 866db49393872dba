"""An open line to an instrument by VISA, whatever the interface is."""

import contextlib
import logging
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pyvisa
from pyvisa.constants import BufferOperation, StatusCode

from mtjlab.instruments.instrument_error import BrokenLineError
from mtjlab.instruments.visa.half_opened import close_half_opened
from mtjlab.instruments.visa.own_servers import owes_answer
from mtjlab.instruments.visa.raw_socket import RawSocket, is_at_end, sockets_below

__all__ = ["VisaSession"]

Received = TypeVar("Received", str, bytes)

BRIEFLY = 1e-3
"""Wait [s] for an answer that is there already, if there is one."""


class VisaSession:
    """A resource that is opened, used, cleared, closed and opened again.

    Parameters
    ----------
    manager
        PyVISA's resource manager.
    name
        VISA resource name.
    options
        Attributes of the resource: terminators, and what a serial line needs.
    wait
        Longest wait for an answer [s].

    Raises
    ------
    Exception
        Whatever PyVISA and its backend raise where it cannot be opened.

    Notes
    -----
    Backends raise more than PyVISA's own errors once a line is lost: pyvisa-py's HiSLIP RuntimeError and
    AssertionError, its VXI-11 EOFError and struct.error, a session that was closed half AttributeError.  All of them
    come from here as `OSError`.
    """

    def __init__(self, manager: Any, name: str, options: Mapping[str, Any], wait: float) -> None:
        self.name = name
        self.resource: Any = None
        """PyVISA's resource."""
        self.socket: RawSocket | None = None
        """Socket below, where the resource is a raw socket of pyvisa-py."""
        self.sound = False
        """Whether nothing but a timeout has gone wrong with it since it was opened."""
        self._manager = manager
        self._options = dict(options)
        self._open(wait)

    @property
    def serial(self) -> bool:
        """Whether it is a serial line, where late bytes come whenever they like and nothing clears an instrument."""
        return self.name.upper().startswith("ASRL")

    def open(self, wait: float) -> None:
        """Open it again.

        Raises
        ------
        OSError
            If that fails, for whatever reason.
        """
        self.sound = False
        self.close()
        with self.calling():
            self._open(wait)

    def _open(self, wait: float) -> None:
        milliseconds = int(1000 * wait)
        # What pyvisa-py takes as the longest wait for the connection; others wait so long for a lock, and take none.
        opening = {"open_timeout": milliseconds} if self.name.upper().startswith("TCPIP") else {}
        try:
            with _without_tracebacks():
                self.resource = self._manager.open_resource(self.name, timeout=milliseconds, **self._options, **opening)
        except Exception as error:
            close_half_opened(error)
            raise
        try:
            ends = self._options["read_termination"], self._options["write_termination"]
            self.socket = RawSocket.below(self.resource, wait, *ends) if self._is_raw else None
        except OSError:
            self.close()
            raise
        self.sound = True

    @property
    def _is_raw(self) -> bool:
        return self.name.upper().endswith("::SOCKET")

    def close(self) -> None:
        """Close it, and the sockets below it even where PyVISA fails before it comes to them."""
        below = [*sockets_below(self.resource), *([self.socket] if self.socket is not None else [])]
        if not self.sound:  # no farewell over a line that is lost: VXI-11 would wait five seconds for its answer
            for each in below:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(Exception), _without_tracebacks():
            self.resource.close()
        for each in below:
            with contextlib.suppress(OSError):
                each.close()
        self.sound, self.socket = False, None

    def wait_at_most(self, seconds: float) -> None:
        """Set the longest wait for an answer [s]; nothing where the line is not open."""
        with contextlib.suppress(Exception):
            self.resource.timeout = 1000 * seconds
            if self.socket is not None:
                self.socket.wait_at_most(seconds)

    def unread(self) -> bytes | None:
        """Bytes that came unasked; empty where the other end has closed the line, None where all is in order."""
        if self.socket is not None:
            return self.socket.waiting()
        if self.serial:
            with self.calling():
                count = int(self.resource.bytes_in_buffer)
                return bytes(self.resource.read_bytes(count)) if count else None
        return b"" if any(map(is_at_end, sockets_below(self.resource))) else None

    def drop_stale(self) -> None:
        """Drop what came over a serial line before it was opened."""
        if self.serial:
            with contextlib.suppress(pyvisa.Error, NotImplementedError), self.calling():
                self.resource.flush(BufferOperation.discard_read_buffer)

    def clear(self) -> None:
        """Send a device clear; where there is none, drop what has come.

        Raises
        ------
        OSError, pyvisa.Error
            If that is not possible either.
        """
        with self.calling():
            try:
                self.resource.clear()
            except pyvisa.VisaIOError as error:
                if error.error_code != StatusCode.error_nonsupported_operation:
                    raise
                self.resource.flush(BufferOperation.discard_read_buffer)

    def send(self, command: str, **kwargs: Any) -> None:
        """Send a line."""
        with self.calling():
            if self.socket is None or kwargs:
                self.resource.write(command, **kwargs)
            else:
                self.socket.send_line(command)

    def send_bytes(self, content: bytes, **kwargs: Any) -> None:
        """Send bytes as they are."""
        with self.calling():
            self.resource.write_raw(content, **kwargs)

    def receive(self, **kwargs: Any) -> str:
        """Wait for a line and return it without its end."""
        with self.calling():
            if self.socket is None or kwargs:
                return str(self.resource.read(**kwargs))
            return self._waited_for(self.socket.read_line)

    def receive_bytes(self, count: int) -> bytes:
        """Wait for a number of bytes."""
        with self.calling():
            if self.socket is None:
                # A newline may be any byte of a block: the number of bytes alone says where they end.
                return bytes(self.resource.read_bytes(count))
            below = self.socket
            return self._waited_for(lambda: below.read_exactly(count))

    def _waited_for(self, receive: Callable[[], Received]) -> Received:
        """Receive within the timeout, or as soon as an instrument of this process is through with what was sent."""
        assert self.socket is not None
        while True:
            try:
                return receive()
            except TimeoutError:
                if not self.socket.is_own:
                    raise
                if not owes_answer(self.socket, self.socket.sent):
                    with self.socket.waiting_at_most(BRIEFLY):  # it may have come just now
                        return receive()

    @contextlib.contextmanager
    def calling(self) -> Iterator[None]:
        """Turn whatever a backend raises into an error of the line."""
        try:
            yield
        except pyvisa.VisaIOError as error:
            self.sound = self.sound and error.error_code == StatusCode.error_timeout
            raise
        except TimeoutError:
            raise
        except (pyvisa.Error, OSError):
            self.sound = False
            raise
        except Exception as error:
            self.sound = False
            raise BrokenLineError(f"the line is broken ({type(error).__name__}: {error})") from error


@contextlib.contextmanager
def _without_tracebacks() -> Iterator[None]:
    """Keep pyvisa-py from logging a traceback of what it raises as well."""
    logger = logging.getLogger("pyvisa")
    logger.addFilter(_has_no_traceback)
    try:
        yield
    finally:
        logger.removeFilter(_has_no_traceback)


def _has_no_traceback(record: logging.LogRecord) -> bool:
    return not record.exc_info
