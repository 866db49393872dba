"""Ctrl-C, SIGTERM and a closed terminal while a run lasts."""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, ClassVar, Self

__all__ = ["SIGNALS", "Interruption"]

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Interruption:
    """Turn signals into words for a run, for as long as a ``with`` lasts.

    An exception could come at any instruction, also between the start of a run and the waiting for it. A handler that
    only passes the word on can not. Signals reach Python's main thread alone: elsewhere, as behind the window, nothing
    is changed.

    Examples
    --------
    >>> with Interruption() as interruption:  # doctest: +SKIP
    ...     interruption.tell(worker.stop, worker.stop_now)
    ...     worker.start()
    ...     worker.wait()
    """

    heeded: ClassVar[bool] = False
    """Whether any run has been told of a signal: more of them, after its end, have nothing to interrupt."""

    def __init__(self) -> None:
        self.count = 0
        """Signals that have come."""
        self._first: Callable[[], None] = lambda: None
        self._further: Callable[[], None] = lambda: None
        self._before: dict[int, Any] = {}

    def tell(self, first: Callable[[], None], further: Callable[[], None]) -> None:
        """Call `first` at the first signal and `further` at each that follows; now, if they have come already."""
        self._first, self._further = first, further
        if self.count:
            first()
        if self.count > 1:
            further()

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in SIGNALS:
                number = getattr(signal, name, None)  # Windows has no SIGHUP
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                    self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        Interruption.heeded = True
        if self.count == 1:
            _say("finishing the block under way; Ctrl-C once more stops at once")
            self._first()
        else:
            _say("stopping at once")
            self._further()


def _say(text: str) -> None:
    # A person who presses keys wants an answer; a program that sends signals does not, and its pipe stays clean.
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\n{text}\n")
        sys.stderr.flush()
