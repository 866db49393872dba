"""The socket below a raw VISA resource, as pyvisa-py leaves it and as it should be."""

import contextlib
import math
import os
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

from mtjlab.instruments.visa.own_servers import owes_answer

__all__ = ["RawSocket", "is_at_end", "sockets_below"]

_TIMEOUT = (TimeoutError, BlockingIOError)  # what the system's own timeout is on Windows, and elsewhere


class RawSocket(socket.socket):
    """A socket that raises at the end of the connection instead of giving nothing for ever.

    Notes
    -----
    pyvisa-py leaves Nagle's algorithm on for raw sockets, and a query after a command then waits 40 ms for the
    acknowledgement of the command; its own attribute for this is wired to the wrong function.  At the end of a
    connection it reads nothing again and again until the timeout, and it takes a refused connection for a made one.
    Lines and blocks go past it: it would cut a block at every byte that looks like a newline, one in 256, and its and
    PyVISA's bookkeeping takes twice as long as the way to the instrument and back.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._session: Any = None
        self._received = bytearray()
        self._patience = math.inf
        self._read_end, self._write_end = b"\n", b"\n"
        self.sent = 0
        """Bytes sent so far."""

    def __del__(self) -> None:
        # The error of an opening that failed half way holds the line until the collector comes: nobody can close it.
        self.close()

    @classmethod
    def below(
        cls, resource: Any, seconds: float, read_termination: str = "\n", write_termination: str = "\n"
    ) -> Self | None:
        """Take the place of the socket below an opened PyVISA resource; None where there is none, or no pyvisa-py.

        Parameters
        ----------
        resource
            Opened resource.
        seconds
            Timeout [s]: longest wait for an answer, and for a command to be taken.
        read_termination, write_termination
            What ends an answer and a command.

        Raises
        ------
        OSError
            If the connection was refused.
        """
        session = _session_below(resource)
        interface = getattr(session, "interface", None)
        if not isinstance(interface, socket.socket):
            return None
        taken = session.interface = cls(fileno=interface.detach())
        taken._session = session
        taken._read_end, taken._write_end = read_termination.encode("ascii"), write_termination.encode("ascii")
        failure = taken.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure:
            taken.close()
            raise OSError(failure, os.strerror(failure))
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        taken.wait_at_most(seconds)
        return taken

    def wait_at_most(self, seconds: float) -> None:
        """Set the timeout [s]: the system's own, which unlike Python's takes no call before each call."""
        self._patience = seconds
        self._let_wait(seconds)

    @contextlib.contextmanager
    def waiting_at_most(self, seconds: float) -> Iterator[None]:
        """Wait no longer [s] for answers."""
        usual = self._patience
        self.wait_at_most(seconds)
        try:
            yield
        finally:
            self.wait_at_most(usual)

    @property
    def is_own(self) -> bool:
        """Whether the other end is served by this process, which knows what it still owes."""
        return owes_answer(self, math.inf)

    def _let_wait(self, seconds: float) -> None:
        seconds = max(seconds, 1e-3)  # zero would be for ever
        whole = int(seconds)
        value = struct.pack("@ll", whole, int(1e6 * (seconds - whole)))
        if sys.platform == "win32":
            value = struct.pack("@l", int(1000 * seconds))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.setsockopt(socket.SOL_SOCKET, option, value)

    def recv(self, *arguments: Any) -> bytes:
        """Receive bytes.

        Raises
        ------
        ConnectionResetError
            If there will be none.
        """
        received = super().recv(*arguments)
        if not received:
            raise ConnectionResetError("the instrument closed the connection")
        return received

    def waiting(self) -> bytes | None:
        """Bytes that wait to be read though nothing was asked; empty at the end of the connection, None in order."""
        pending = self._received + getattr(self._session, "_pending_buffer", b"")
        if pending:
            return bytes(pending)
        try:
            readable, _, _ = select.select([self.fileno()], [], [], 0)
            return super().recv(4096, socket.MSG_PEEK) if readable else None
        except (OSError, ValueError):
            return b""

    def send(self, data: Any, *arguments: Any) -> int:
        """Send bytes, and count those that were taken."""
        size = super().send(data, *arguments)
        self.sent += size
        return size

    def sendall(self, data: Any, *arguments: Any) -> None:
        """Send bytes, and count them."""
        super().sendall(data, *arguments)
        self.sent += len(data)

    def send_line(self, line: str) -> None:
        """Send a line.

        Raises
        ------
        TimeoutError
            If the instrument does not take it within the timeout; having taken a part of it, it gets nothing more.
        """
        try:
            self.sendall(line.encode("latin-1") + self._write_end)
        except _TIMEOUT:
            self.shutdown(socket.SHUT_RDWR)
            raise TimeoutError(f"a command was not accepted within {self._patience:g} s") from None

    def read_line(self) -> str:
        """Wait for a line up to the timeout and return it without its end; each byte one character."""
        end = self._read_end

        def past_end(received: bytearray) -> int:
            found = received.find(end)
            return found + len(end) if found >= 0 else 0

        line = self._take(past_end)
        return line[: -len(end)].decode("latin-1")

    def read_exactly(self, count: int) -> bytes:
        """Wait for a number of bytes up to the timeout."""
        return self._take(lambda received: count if len(received) >= count else 0)

    def _take(self, end: Callable[[bytearray], int]) -> bytes:
        """Wait until what was received has an end, and take it up to there."""
        if not (size := end(self._received)):
            size = self._receive(end)
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _receive(self, end: Callable[[bytearray], int]) -> int:
        """Receive until there is an end; all of it within one timeout."""
        patience, began, shortened = self._patience, time.monotonic(), False
        try:
            self._received += self.recv(65536)
            while not (size := end(self._received)):
                left = began + patience - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                shortened = True
                self._let_wait(left)
                self._received += self.recv(65536)
        except _TIMEOUT:
            raise TimeoutError(f"no answer within {patience:g} s") from None
        finally:
            if shortened:
                self._let_wait(patience)
        return size


def _session_below(resource: Any) -> Any:
    """Session of pyvisa-py below an opened resource; None where there is none."""
    try:
        return resource.visalib.sessions[resource.session]
    except Exception:  # another backend, or a resource that is not open
        return None


def sockets_below(resource: Any) -> list[socket.socket]:
    """Sockets that pyvisa-py has below an opened resource: that of VXI-11, both of HiSLIP, or a raw one."""
    interface = getattr(_session_below(resource), "interface", None)
    found = [interface, *(getattr(interface, name, None) for name in ("sock", "_sync", "_async"))]
    return [each for each in found if isinstance(each, socket.socket) and each.fileno() >= 0]


def is_at_end(connection: socket.socket) -> bool:
    """Tell whether the other end has closed a connection."""
    try:
        readable, _, _ = select.select([connection.fileno()], [], [], 0)
        return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True
