"""Servers in processes of their own, for the benchmarks beside this file."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator

__all__ = ["answering_without_understanding", "serving"]

NOTHING_BEHIND = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    connection = listener.accept()[0]
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while chunk := connection.recv(65536):
        if b"?" in chunk:
            connection.sendall(b"1.000000000E-03\\n")
"""
"""A server that answers without understanding."""


@contextlib.contextmanager
def serving() -> Iterator[dict[str, str]]:
    """Serve the simulated bench in a process of its own; give the resource of each role."""
    command = [sys.executable, "-m", "mtjlab.cli.main", "bench", "serve", "--seed", "1", "--json", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["resources"]
        finally:
            process.terminate()


@contextlib.contextmanager
def answering_without_understanding() -> Iterator[str]:
    """Serve the same bytes for every question, in a process of its own; give a resource."""
    with subprocess.Popen([sys.executable, "-c", NOTHING_BEHIND], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"TCPIP::127.0.0.1::{process.stdout.readline().strip()}::SOCKET"
        finally:
            process.terminate()
