"""A setting written and read back, for the benchmarks beside this file."""

import socket
from collections.abc import Callable

import pyvisa

__all__ = ["COMMAND", "QUERY", "Pair", "socket_pair", "visa_pair"]

COMMAND, QUERY = ":SOUR:DEL 0.001", ":SOUR:DEL?"
"""The source delay of the Keithley 2400."""

Pair = Callable[[], None]


def socket_pair(connection: socket.socket) -> Pair:
    """Make a pair on a bare socket."""
    command, query = COMMAND.encode() + b"\n", QUERY.encode() + b"\n"

    def pair() -> None:
        connection.sendall(command)
        connection.sendall(query)
        answer = connection.recv(4096)
        while not answer.endswith(b"\n"):
            answer += connection.recv(4096)

    return pair


def visa_pair(instrument: "pyvisa.resources.MessageBasedResource") -> Pair:
    """Make a pair through PyVISA."""

    def pair() -> None:
        instrument.write(COMMAND)
        instrument.query(QUERY)

    return pair
