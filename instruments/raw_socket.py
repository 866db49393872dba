"""The socket below a raw VISA resource, as pyvisa-py leaves it and as it should be."""

import os
import select
import socket
from typing import Any, Self

__all__ = ["RawSocket"]


class RawSocket(socket.socket):
    """A socket that raises at the end of the connection instead of giving nothing for ever.

    Notes
    -----
    pyvisa-py leaves Nagle's algorithm on for raw sockets, and a query after a command then waits 40 ms for the
    acknowledgement of the command; its own attribute for this is wired to the wrong function.  At the end of a
    connection it reads nothing again and again until the timeout, and it takes a refused connection for a made one.
    """

    _session: Any = None

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
        pending = bytes(getattr(self._session, "_pending_buffer", b""))
        if pending:
            return pending
        try:
            readable, _, _ = select.select([self], [], [], 0)
            return super().recv(4096, socket.MSG_PEEK) if readable else None
        except (OSError, ValueError):
            return b""
