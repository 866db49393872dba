"""The socket below a raw VISA resource, as pyvisa-py leaves it and as it should be."""

import os
import select
import socket
import time
from typing import Any, Self

__all__ = ["RawSocket"]


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

    @classmethod
    def below(cls, resource: Any) -> Self | None:
        """Take the place of the socket below an opened PyVISA resource; None where there is none, or no pyvisa-py.

        Raises
        ------
        OSError
            If the connection was refused.
        """
        sessions = getattr(resource.visalib, "sessions", None)
        if sessions is None:
            return None
        session = sessions[resource.session]
        interface = getattr(session, "interface", None)
        if not isinstance(interface, socket.socket):
            return None
        taken = session.interface = cls(fileno=interface.detach())
        taken._session = session
        failure = taken.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure:
            taken.close()
            raise OSError(failure, os.strerror(failure))
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return taken

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
        pending = bytes(self._received) + bytes(getattr(self._session, "_pending_buffer", b""))
        if pending:
            return pending
        try:
            readable, _, _ = select.select([self], [], [], 0)
            return super().recv(4096, socket.MSG_PEEK) if readable else None
        except (OSError, ValueError):
            return b""

    def send_line(self, line: str) -> None:
        """Send a line."""
        self.sendall(line.encode("latin-1") + b"\n")

    def read_line(self, seconds: float) -> str:
        """Wait so long [s] for a line and return it without its newline; each byte one character."""
        began = time.monotonic()
        while (end := self._received.find(b"\n")) < 0:
            self._receive(began, seconds)
        line = self._received[:end].decode("latin-1")
        del self._received[: end + 1]
        return line

    def read_exactly(self, count: int, seconds: float) -> bytes:
        """Wait so long [s] for a number of bytes."""
        began = time.monotonic()
        while len(self._received) < count:
            self._receive(began, seconds)
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _receive(self, began: float, seconds: float) -> None:
        left = began + seconds - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            self.settimeout(left)
            self._received += self.recv(65536)
        except TimeoutError:
            raise TimeoutError(f"no answer within {seconds:g} s") from None
        finally:
            self.settimeout(None)
