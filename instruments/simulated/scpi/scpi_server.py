"""An instrument on a TCP port, one thread a connection."""

import contextlib
import errno
import logging
import socket
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from mtjlab.core import InputError
from mtjlab.instruments import FaultSettings, forget_server, register_server
from mtjlab.instruments.simulated.scpi.fault_injector import FaultInjector
from mtjlab.instruments.simulated.scpi.message_exchange import MessageExchange
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_message import InputBuffer
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["ScpiServer"]

if sys.platform != "win32":
    import fcntl
    import termios

log = logging.getLogger(__name__)

STALL = 1.0
"""Longest wait for the rest of a block [s], after which it is forgotten with -365."""
STUCK = 1.0
"""Longest wait of a new connection [s] for older ones in which nothing moves: their clients take no answers."""


@dataclass(eq=False)
class Client:
    """One connection, how many messages have come over it that are not begun, and whether a fault is on it."""

    connection: socket.socket
    port: int
    pending: int = 0
    faulty: bool = False
    taken: int = 0
    """Bytes that were received."""
    dealt: int = 0
    """Bytes up to which all messages were carried out and their answers sent, or withheld for good by a fault."""
    _taking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def come(self) -> int:
        """Bytes that have come so far, those included that are not taken yet."""
        with self._taking:
            return self.taken + self._unread()

    def take(self) -> bytes:
        """Take the bytes that have come; at no instant do they seem to be neither taken nor waiting."""
        with self._taking:
            chunk = self.connection.recv(65536)
            self.taken += len(chunk)
        return chunk

    def has_begun(self, come: int) -> bool:
        """Tell whether all of so many bytes is begun, or is not going to be: a fault holds up its own line only."""
        return self.faulty or self.dealt >= come or (self.taken >= come and self.pending == 0)

    def _unread(self) -> int:
        if sys.platform == "win32":
            return 0  # cannot be asked there
        try:
            return int.from_bytes(fcntl.ioctl(self.connection.fileno(), termios.FIONREAD, bytes(4)), sys.byteorder)
        except (OSError, ValueError):  # closed
            return 0


class ScpiServer:
    """Serve one instrument.

    Parameters
    ----------
    instrument
        Instrument that answers.
    role
        Its role, for the faults.
    faults
        What goes wrong, and when.
    port
        Port to listen on; 0 lets the system choose.
    host
        Address to listen on.

    Raises
    ------
    ValueError
        If the port is taken, or the address is not this machine's.
    """

    def __init__(
        self,
        instrument: ScpiInstrument,
        role: str = "",
        faults: FaultInjector | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self.instrument = instrument
        self._role = role
        self._faults = faults or FaultInjector([], instrument.clock, 0)
        self._host = host
        self._away_until = 0.0
        self._clients: list[Client] = []
        try:
            self._listener = socket.create_server((host, port))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise InputError(
                    f"host = {host!r} is no IPv4 address of this machine: give one of its own, 127.0.0.1 for programs "
                    "on this machine only, or 0.0.0.0 for all"
                ) from error
            raise InputError(
                f"port {port} on {host} cannot be used ({error.strerror}): "
                "choose another one, or 0 to let the system choose"
            ) from error
        self._port: int = self._listener.getsockname()[1]
        register_server(self._port, self)
        self._thread = threading.Thread(target=self._listen, name=f"scpi-{self.port}", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Port that the instrument listens on."""
        return self._port

    @property
    def resource(self) -> str:
        """VISA resource name."""
        return f"TCPIP::{self._host}::{self.port}::SOCKET"

    def close(self) -> None:
        """Stop listening and cut all connections."""
        forget_server(self._port, self)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()
        self._thread.join(timeout=2.0)

    def owes(self, port: int, sent: float) -> bool:
        """Tell whether it has not yet dealt with all of the bytes sent from a port of this computer.

        Parameters
        ----------
        port
            Port from which they were sent.
        sent
            Bytes that were sent from there so far.
        """
        if self.instrument.clock.is_held_here:
            return False  # whoever asks keeps it from answering himself, as a signal in the middle of something does
        found = [client for client in list(self._clients) if client.port == port]
        # A connection that is not taken yet waits in the queue of the system.
        return not found or found[-1].dealt < sent

    def _cut_all(self) -> None:
        for client in list(self._clients):
            with contextlib.suppress(OSError):
                client.connection.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                connection, (_, port) = self._listener.accept()
            except OSError:
                return
            if time.monotonic() < self._away_until:
                connection.close()  # still starting up
                continue
            older, client = list(self._clients), Client(connection, port)
            self._clients.append(client)
            name = f"scpi-{self.port}-{port}"
            threading.Thread(target=self._serve, args=(client, older), name=name, daemon=True).start()

    def _serve(self, client: Client, older: Sequence[Client]) -> None:
        connection = client.connection
        # Without this, the answer to a query that follows a command waits 40 ms for an acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        exchange, buffer = MessageExchange(self.instrument), InputBuffer()
        # An instrument takes messages as they arrive; otherwise a client that connects again to stop what it has just
        # started would now and then stop it first.
        self._let_begin(older)
        with contextlib.suppress(OSError), connection:
            while True:
                try:
                    messages = self._receive(client, buffer)
                except ScpiError as error:
                    with self.instrument.clock.lock:
                        self.instrument.report(error)
                    continue
                if messages is None or not all(self._carry_out(each, exchange, client) for each in messages):
                    break
        client.faulty = True  # what is left of it is not going to be begun
        self._clients.remove(client)

    @staticmethod
    def _let_begin(older: Sequence[Client]) -> None:
        """Wait until what has come over older connections is begun, as long as there is progress in it."""
        come = [(client, client.come) for client in older]
        seen, since = None, time.monotonic()
        while waiting := [client for client, count in come if not client.has_begun(count)]:
            now = [(client.taken, client.dealt, client.pending) for client in waiting]
            if now != seen:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > STUCK:
                return
            time.sleep(1e-3)

    @staticmethod
    def _receive(client: Client, buffer: InputBuffer) -> list[bytes] | None:
        """Wait for bytes; return the messages they complete, None at the end of the connection."""
        connection, client.pending, client.dealt = client.connection, 0, client.taken
        unfinished = buffer.inside_block
        if unfinished:
            connection.settimeout(STALL)
        try:
            connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            buffer.forget()
            raise ScpiError(-365) from None
        finally:
            if unfinished:
                connection.settimeout(None)
        client.pending = 1  # before the bytes are taken: at no instant do they seem to be begun
        chunk = client.take()
        if not chunk:
            return None
        messages = buffer.feed(chunk)
        client.pending = len(messages)
        return messages

    def _carry_out(self, message: bytes, exchange: MessageExchange, client: Client) -> bool:
        """Carry out a message and answer it; return whether the connection continues."""
        fault = None
        with self.instrument.clock.lock:
            client.pending -= 1
            if self._faults.waiting:
                text = message.decode("latin-1").strip()
                fault = self._faults.strike(self._role, text, measures=self.instrument.measures)
            if fault is None:
                exchange.write(message)
        if fault is not None:
            client.faulty = True
            goes_on = self._fail(fault, message, exchange, client)
            client.faulty = False
            return goes_on
        if exchange.answered:
            client.connection.sendall(exchange.read() + self.instrument.termination)
        return True

    def _fail(self, fault: FaultSettings, message: bytes, exchange: MessageExchange, client: Client) -> bool:
        """Carry out a message that a fault strikes; return whether the connection continues."""
        kind, end, connection = fault.kind, self.instrument.termination, client.connection
        if kind == "half_open":
            client.dealt = client.taken
            while connection.recv(1, socket.MSG_PEEK):  # nobody is there, and nobody says so
                client.take()
                client.dealt = client.taken
            return False
        if kind == "reboot":
            self._away_until = time.monotonic() + fault.duration
            with self.instrument.clock.lock:
                self.instrument.power_on()
            self._cut_all()
            return False
        if kind == "drop" and not fault.after:
            return False
        with self.instrument.clock.lock:
            self.instrument.fail(fault)
        if kind == "unsolicited":
            connection.sendall(self._noise(printable=True) + end)
        exchange.write(message)
        if kind == "drop":
            return False
        if not exchange.answered:
            return True
        answer = exchange.read() + end
        if kind == "timeout":
            return True
        if kind == "slow":
            client.dealt = client.taken  # late by the wall's clock, as a real one would be
            time.sleep(fault.duration)
        elif kind == "garbage":
            answer = self._noise(printable=False) + end
        elif kind == "truncated":
            answer = answer[: int(self._faults.random.integers(1, max(2, len(answer) - len(end))))]
        connection.sendall(answer)
        return True

    def _noise(self, *, printable: bool) -> bytes:
        """Make up to 40 random bytes without a newline, as a bad line or another client's traffic gives them."""
        low, high = (0x20, 0x7F) if printable else (0x80, 0x100)
        size = int(self._faults.random.integers(1, 40))
        return self._faults.random.integers(low, high, size, dtype="uint8").tobytes()
