"""What happens to outputs that nobody switched off: at SIGTERM, at a closed terminal, at the end of the interpreter."""

import _thread
import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ["EmergencyShutdown", "take_over_signals", "undisturbed"]

ENDING = ("SIGTERM", "SIGHUP")
"""Signals that end a process on the spot, unless somebody takes them."""
PATIENCE = 2.0
"""Time [s] that threads have to end after a signal, with the outputs off and the main thread gone."""

_open: list["EmergencyShutdown"] = []


class EmergencyShutdown:
    """Calls something when the process ends without having called `release`.

    Python's own way of SIGINT, an exception, already ends `with` blocks; SIGTERM and SIGHUP would end the process on
    the spot.  They are taken over only where nobody else has taken them.

    Parameters
    ----------
    close
        Makes outputs safe; may be called in the main thread while another one talks to the instruments.
    """

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close
        _open.append(self)
        atexit.register(close)
        take_over_signals()

    def release(self) -> None:
        """Say that all is safe."""
        if self in _open:
            _open.remove(self)
            atexit.unregister(self._close)


def take_over_signals() -> None:
    """Take the signals that nobody has taken; only the main thread can, and a bench may be opened in another.

    While no bench is open they do what they do by default.
    """
    if threading.current_thread() is threading.main_thread():
        for number in _numbers(ENDING):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait for the end of a ``with``: one that came in the middle would leave an output on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in _numbers(("SIGINT", *ENDING))}
    taken = [number for number, handler in before.items() if callable(handler)]
    for number in taken:
        signal.signal(number, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


def _numbers(names: tuple[str, ...]) -> list[int]:
    return [getattr(signal, name) for name in names if hasattr(signal, name)]  # Windows has no SIGHUP


def _end(number: int, frame: FrameType | None) -> None:
    if not _open:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
        return
    # The interpreter waits for its threads before it calls what atexit knows: outputs go off first.
    for bench in list(_open):
        with contextlib.suppress(Exception):
            bench._close()
    # Not threading's: the signal may have come while that module holds its lock.
    _thread.start_new_thread(_see_to_the_end, (128 + number,))
    raise SystemExit(128 + number)


def _see_to_the_end(code: int) -> None:
    """End the process when its main thread has ended and others do not: the outputs are off, it has nothing to do."""
    threading.main_thread().join()
    deadline = time.monotonic() + PATIENCE
    me = threading.get_ident()
    for thread in threading.enumerate():
        if thread.ident != me and not thread.daemon and thread is not threading.main_thread():
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                for stream in (sys.stdout, sys.stderr):
                    with contextlib.suppress(Exception):
                        stream.flush()
                os._exit(code)


def _forget_in_child() -> None:
    """Leave the bench to the process that opened it: a forked one has the same connections."""
    for bench in _open:
        atexit.unregister(bench._close)
    _open.clear()
    for number in _numbers(ENDING):
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_DFL)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
