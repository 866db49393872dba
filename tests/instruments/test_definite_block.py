"""Binary readings as the instruments send them, with the newlines that they may hold."""

import socket
import struct
import threading

import numpy as np
import pytest

from mtjlab.instruments.instrument_error import OutOfStepError
from mtjlab.instruments.visa.connection import Connection
from mtjlab.instruments.visa.definite_block import read_float_block
from mtjlab.instruments.visa.raw_socket import RawSocket

NEWLINES = struct.unpack("<f", b"\x0a\x0a\x0a\x0a")[0]
"""A reading, 6.6e-33, that consists of newlines."""
READINGS = (9.82e-7, NEWLINES, -1e-9)
FLOATS = struct.pack("<3f", *READINGS)


def reader(sent):
    left = bytearray(sent)

    def receive(count):
        taken = bytes(left[:count])
        del left[:count]
        return taken

    return receive, left


@pytest.mark.parametrize("head", [b"#0", b"#212", b"#3012"])
def test_a_block_of_either_kind_is_taken_whole(head):
    # 2400 series user's manual, p. 18-48 to 18-50: "#0", four bytes a reading, a newline.
    receive, left = reader(head + FLOATS + b"\n")
    np.testing.assert_allclose(read_float_block(receive, 3), READINGS, rtol=1e-7)
    assert not left


@pytest.mark.parametrize(
    "sent",
    [
        b"#216" + FLOATS + b"abcd\n",
        b"#28" + FLOATS[:8] + b"\n" * 7,
        b"#0" + FLOATS + b"abcd\n",
        b"#0" + FLOATS[:8] + b"\r\n\r\n\r",
        b"+9.820000E-07,0,0\n",
        b"#?",
        b"",
    ],
)
def test_what_is_no_block_of_so_many_readings_is_refused(sent):
    receive, _ = reader(sent)
    with pytest.raises(OutOfStepError):
        read_float_block(receive, 3)


def answer_once(server, answer):
    connection, _ = server.accept()
    with connection:
        while connection.recv(100):
            connection.sendall(answer)


@pytest.mark.parametrize("bare", [True, False])
def test_a_newline_within_a_reading_ends_nothing_on_any_interface(monkeypatch, bare):
    if not bare:  # as over GPIB, USB and HiSLIP, where PyVISA itself reads
        monkeypatch.setattr(RawSocket, "below", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = b"#0" + struct.pack("<f", NEWLINES) + b"\n"
        threading.Thread(target=answer_once, args=(server, answer), daemon=True).start()
        connection = Connection(f"TCPIP::127.0.0.1::{server.getsockname()[1]}::SOCKET", "@py", 5.0)
        try:
            assert connection.query_block(":READ?", 1) == pytest.approx([NEWLINES])
        finally:
            connection.close()
