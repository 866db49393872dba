"""An instrument on a TCP port, one thread a connection."""

import contextlib
import logging
import socket
import threading

from mtjlab.instruments.simulated.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi_instrument import ScpiInstrument

__all__ = ["ScpiServer"]

log = logging.getLogger(__name__)

LONGEST_LINE = 65536
"""A client that sends more than this without a newline is cut off."""


class ScpiServer:
    """Serve one instrument on 127.0.0.1.

    Parameters
    ----------
    instrument
        Instrument that answers.
    lock
        Held while a line is carried out: all instruments of a bench share it, as they share the device.
    port
        Port to listen on; 0 lets the system choose.

    Raises
    ------
    ValueError
        If the port is taken.
    """

    def __init__(self, instrument: ScpiInstrument, lock: threading.RLock, port: int = 0) -> None:
        self._instrument = instrument
        self._lock = lock
        self._connections: set[socket.socket] = set()
        try:
            self._listener = socket.create_server(("127.0.0.1", port))
        except OSError as error:
            raise ValueError(
                f"port {port} on 127.0.0.1 can not be used ({error.strerror}): "
                "choose another one, or 0 to let the system choose"
            ) from error
        self._thread = threading.Thread(target=self._listen, name=f"scpi-{self.port}", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Port that the instrument listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def resource(self) -> str:
        """VISA resource name."""
        return f"TCPIP::127.0.0.1::{self.port}::SOCKET"

    def close(self) -> None:
        """Stop listening and cut all connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=2.0)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # Without this, the answer to a query that follows a command waits 40 ms for an acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pending = bytearray()
        with contextlib.suppress(OSError), connection:
            while chunk := connection.recv(65536):
                pending += chunk
                *lines, rest = bytes(pending).split(b"\n")
                pending = bytearray(rest)
                for line in lines:
                    answer = self._answer(line)
                    if answer is not None:
                        connection.sendall(answer + b"\n")
                if len(pending) > LONGEST_LINE:
                    break
        self._connections.discard(connection)

    def _answer(self, line: bytes) -> bytes | None:
        with self._lock:
            try:
                return self._instrument.handle(line.decode("ascii").strip())
            except UnicodeDecodeError:
                self._instrument.report(ScpiError(-102))
            except Exception:
                # An instrument must outlive any line; the client sees the error in the queue.
                log.exception("%s failed on %r", self._instrument.identity, line)
                self._instrument.report(ScpiError(-200))
        return None
