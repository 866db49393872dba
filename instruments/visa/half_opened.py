"""What a VISA backend has opened before it failed to open a session."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

__all__ = ["close_half_opened"]


def close_half_opened(error: BaseException) -> None:
    """Close the sockets that were connected before an opening failed.

    Parameters
    ----------
    error
        What the opening raised.

    Notes
    -----
    pyvisa-py opens two sockets for HiSLIP and one for VXI-11, talks to the instrument, and raises where that fails
    without closing any: the instrument keeps a client that no longer exists until the garbage collector comes by,
    and instruments that take one client at a time refuse the next.  The half-made objects are in nobody's hands, so
    they are found where they were made, in the frames of the traceback.
    """
    for connection in _sockets_of(error):
        with contextlib.suppress(OSError):
            connection.close()


def _sockets_of(error: BaseException) -> Iterator[socket.socket]:
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        todo += [each.__cause__, each.__context__]
        frame = each.__traceback__
        while frame is not None:
            if str(frame.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == "pyvisa_py":
                yield from _held_by(frame.tb_frame.f_locals.get("self"))
            frame = frame.tb_next


def _held_by(owner: Any) -> Iterator[socket.socket]:
    """Sockets that a session, or the protocol below it, keeps as attributes."""
    for value in getattr(owner, "__dict__", {}).values():
        if isinstance(value, socket.socket):
            yield value
        elif type(value).__module__.startswith("pyvisa_py."):
            yield from (inner for inner in vars(value).values() if isinstance(inner, socket.socket))
