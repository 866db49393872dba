"""What happens to outputs that nobody switched off: at SIGTERM, at a closed terminal, at the end of the interpreter."""

import atexit
import contextlib
import signal
import threading
from collections.abc import Callable
from types import FrameType

__all__ = ["LastResort"]

_open: list["LastResort"] = []
_usual: dict[int, object] = {}


class LastResort:
    """Calls something when the process ends without having called `release`.

    Python's own way of SIGINT, an exception, already ends `with` blocks; SIGTERM and SIGHUP would end the process on
    the spot.  They are taken over only where nobody else has taken them, and given back after the last `release`.

    Parameters
    ----------
    close
        Makes outputs safe; may be called in the main thread while another one talks to the instruments.
    """

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close
        _open.append(self)
        atexit.register(close)
        if threading.current_thread() is threading.main_thread():
            for name in ("SIGTERM", "SIGHUP"):
                number = getattr(signal, name, None)  # Windows has no SIGHUP
                if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                    _usual[number] = signal.signal(number, _end)

    def release(self) -> None:
        """Say that all is safe."""
        if self not in _open:
            return
        _open.remove(self)
        atexit.unregister(self._close)
        if not _open and threading.current_thread() is threading.main_thread():
            for number in list(_usual):
                if signal.getsignal(number) is _end:
                    signal.signal(number, signal.SIG_DFL)
                del _usual[number]


def _end(number: int, frame: FrameType | None) -> None:
    # The interpreter waits for its threads before it calls what atexit knows: outputs go off first.
    for bench in list(_open):
        with contextlib.suppress(Exception):
            bench._close()
    raise SystemExit(128 + number)
