"""The simulated instruments that this process serves itself, and whether they still owe somebody an answer.

A driver waits for an answer as long as its timeout says, by the wall's clock.  A simulated instrument of the same
process may need longer because the computer is busy, which says nothing about the line: as long as it has not dealt
with what was sent to it, there is nothing that could have been lost.
"""

import socket
from typing import Protocol

__all__ = ["OwnServer", "forget_server", "owes_answer", "register_server"]


class OwnServer(Protocol):
    """An instrument that this process serves."""

    def owes(self, port: int, sent: float) -> bool:
        """Tell whether it has not yet dealt with all of the bytes sent from a port of this computer."""


_servers: dict[int, OwnServer] = {}


def register_server(port: int, server: OwnServer) -> None:
    """Take note of an instrument and the port that it listens on.

    Parameters
    ----------
    port
        Port that it listens on.
    server
        The server.
    """
    _servers[port] = server


def forget_server(port: int, server: OwnServer) -> None:
    """Take note that it does not listen any more.

    Parameters
    ----------
    port
        Port that it listened on.
    server
        The server; another one that has the port by now stays.
    """
    if _servers.get(port) is server:
        del _servers[port]


def owes_answer(connection: socket.socket, sent: float) -> bool:
    """Tell whether the other end is served by this process and has not yet dealt with all that was sent.

    Parameters
    ----------
    connection
        Connected socket.
    sent
        Number of bytes sent over it.
    """
    try:
        (here, port), (there, listening) = connection.getsockname()[:2], connection.getpeername()[:2]
    except OSError:  # it is not connected any more
        return False
    server = _servers.get(listening) if here == there else None
    return server is not None and server.owes(port, sent)
