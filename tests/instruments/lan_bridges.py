"""HiSLIP and VXI-11 servers in front of a raw-socket instrument: what ``TCPIP::…::INSTR`` talks to."""

import contextlib
import itertools
import socket
import struct
import threading

__all__ = ["HislipBridge", "Vxi11Bridge"]


def receive_exactly(connection, count):
    received = b""
    while len(received) < count:
        chunk = connection.recv(count - len(received))
        if not chunk:
            raise ConnectionError("the client is gone")
        received += chunk
    return received


class Bridge:
    """Take connections, one thread each, and cut them all when asked to."""

    def __init__(self, target):
        self.target = target
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.opened = 0
        """How many lines to the instrument were opened."""
        self.cut_at = b""
        """What a message holds that never arrives: all lines are cut instead, once."""
        self._sockets, self._muted = [], []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets.append(connection)
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        with contextlib.suppress(OSError, struct.error), connection:
            self.handle(connection)

    def upstream(self):
        self.opened += 1
        connection = socket.create_connection(self.target)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets.append(connection)
        return connection

    def forward(self, message, instrument):
        """Send a message to the instrument, or cut the lines instead."""
        if self.cut_at and self.cut_at in message:
            self.cut_at = b""
            self.cut()
        instrument.sendall(message.rstrip(b"\n") + b"\n")

    def mute(self):
        """Answer nothing any more over the lines that there are, and say nothing about it; new ones are taken."""
        self._muted = list(self._sockets)

    def swallow_if_muted(self, connection):
        """Take what comes over a line that nobody listens to any more."""
        if connection in self._muted:
            while connection.recv(4096):
                pass
            raise ConnectionError("the client is gone")

    def cut(self):
        """Cut all lines that there are; new ones are taken."""
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._sockets.clear()

    def close(self):
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.cut()


class HislipBridge(Bridge):
    """HiSLIP 1.0 (IVI-6.1): a synchronous and an asynchronous channel, messages with a header of 16 bytes."""

    HEADER = "!2sBBIQ"

    def __init__(self, target):
        self._numbers = itertools.count(1)
        super().__init__(target)

    @property
    def resource(self):
        return f"TCPIP0::127.0.0.1::hislip0,{self.port}::INSTR"

    def handle(self, connection):
        kind, _, _ = self._receive(connection)
        if kind == 0:  # Initialize
            self._send(connection, 1, 0, (0x0100 << 16) | next(self._numbers))
            self._synchronous(connection)
        elif kind == 17:  # AsyncInitialize
            self._send(connection, 18, 0, 0x7878)
            self._asynchronous(connection)

    def _receive(self, connection):
        _, kind, _, parameter, length = struct.unpack(self.HEADER, receive_exactly(connection, 16))
        payload = receive_exactly(connection, length)
        self.swallow_if_muted(connection)
        return kind, parameter, payload

    def _send(self, connection, kind, control, parameter, payload=b""):
        connection.sendall(struct.pack(self.HEADER, b"HS", kind, control, parameter, len(payload)) + payload)

    def _synchronous(self, connection):
        state = {"asked": 0}
        with self.upstream() as instrument:

            def answer():
                with contextlib.suppress(OSError):
                    while chunk := instrument.recv(1 << 20):
                        self._send(connection, 7, 0, state["asked"], chunk)  # DataEnd

            threading.Thread(target=answer, daemon=True).start()
            message = b""
            while True:
                kind, parameter, payload = self._receive(connection)
                if kind in (6, 7):  # Data, DataEnd
                    message += payload
                if kind == 7:
                    state["asked"] = parameter
                    self.forward(message, instrument)
                    message = b""
                elif kind == 8:  # DeviceClearComplete
                    self._send(connection, 9, 0, 0)

    def _asynchronous(self, connection):
        while True:
            kind, _, _ = self._receive(connection)
            if kind == 15:  # AsyncMaxMsgSize
                self._send(connection, 16, 0, 0, struct.pack("!Q", 1 << 20))
            elif kind == 19:  # AsyncDeviceClear
                self._send(connection, 23, 0, 0)


class Vxi11Bridge(Bridge):
    """The core channel of VXI-11 (rev. 1.0): ONC RPC over TCP, one link."""

    CREATE_LINK, WRITE, READ, CLEAR, DESTROY_LINK = 10, 11, 12, 15, 23
    TIMED_OUT, END = 15, 4

    @property
    def resource(self):
        return f"TCPIP0::127.0.0.1,{self.port}::inst0::INSTR"

    def handle(self, connection):
        with self.upstream() as instrument:
            instrument.settimeout(0.2)
            self._unread = b""
            while True:
                (mark,) = struct.unpack(">I", receive_exactly(connection, 4))
                call = receive_exactly(connection, mark & 0x7FFFFFFF)
                self.swallow_if_muted(connection)
                number, procedure = struct.unpack(">I16xI", call[:24])
                # Credentials and verifier are empty: two words each.
                reply = struct.pack(">6I", number, 1, 0, 0, 0, 0) + self._carry_out(procedure, call[40:], instrument)
                connection.sendall(struct.pack(">I", 0x80000000 | len(reply)) + reply)

    def _carry_out(self, procedure, arguments, instrument):
        if procedure == self.CREATE_LINK:
            return struct.pack(">4I", 0, 1, 0, 1 << 20)
        if procedure == self.WRITE:
            (length,) = struct.unpack(">I", arguments[16:20])
            message = arguments[20 : 20 + length]
            self.forward(message, instrument)
            return struct.pack(">2I", 0, length)
        if procedure == self.READ:
            (size,) = struct.unpack(">I", arguments[4:8])
            return self._read(instrument, size)
        return struct.pack(">I", 0)

    def _read(self, instrument, size):
        if not self._unread:
            try:
                self._unread = instrument.recv(1 << 20)
            except TimeoutError:
                return struct.pack(">3I", self.TIMED_OUT, 0, 0)
            if not self._unread:
                raise ConnectionError("the instrument is gone")
        data, self._unread = self._unread[:size], self._unread[size:]
        return struct.pack(">3I", 0, 0 if self._unread else self.END, len(data)) + data + bytes(-len(data) % 4)
