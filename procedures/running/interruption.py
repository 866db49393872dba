"""Ctrl-C, SIGTERM and a closed terminal while a run lasts."""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, ClassVar, Self

__all__ = ["SIGNALS", "Interruption"]

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Names of the signals that end a run; a system may lack some."""
FIRST = "finishing the block under way; Ctrl-C once more stops at once"


class Interruption:
    """Turn signals into words for a run, for as long as a ``with`` lasts.

    An exception could come at any instruction, also between the start of a run and the waiting for it. So the handler
    only counts, and whoever waits for the run asks with `look`: a handler that did more, and took a lock for it, would
    wait for ever where a second signal finds the first one's handler inside that lock. Signals reach Python's main
    thread alone: elsewhere, as behind the window, nothing is changed.

    Parameters
    ----------
    say
        Called with what is done; by default it is written to the terminal, if there is one.

    Examples
    --------
    >>> with Interruption() as interruption:  # doctest: +SKIP
    ...     interruption.tell(worker.stop, worker.stop_now)
    ...     worker.start()
    ...     worker.wait(look=interruption.look)
    """

    heeded: ClassVar[bool] = False
    """Whether any run has been told of a signal: more of them, after its end, have nothing to interrupt."""

    def __init__(self, say: Callable[[str], None] | None = None) -> None:
        self.count = 0
        """Signals and presses that have come."""
        self.urgent = False
        """Whether one of them was no Ctrl-C: a system that goes down and a terminal that is gone wait for no block."""
        self.words = FIRST
        """What the first Ctrl-C is answered with."""
        self._told = 0
        self._say = say or _say
        self._first: Callable[[], None] = lambda: None
        self._further: Callable[[], None] = lambda: None
        self._before: dict[int, Any] = {}

    def tell(self, first: Callable[[], None], further: Callable[[], None]) -> None:
        """Have `look` call something for the signals that come.

        Parameters
        ----------
        first
            Called at the first signal.
        further
            Called at each that follows.
        """
        self._first, self._further = first, further

    def press(self, *, urgent: bool = False) -> None:
        """Ask to stop after the block under way; a second time, or where it is urgent, at once.

        Any thread may press, and a signal does: what follows is done by whoever looks.

        Parameters
        ----------
        urgent
            Whether nothing is waited for, as where the system goes down.
        """
        self.count += 1
        self.urgent = self.urgent or urgent

    def look(self) -> None:
        """Pass on what has come since the last look."""
        while self._told < self.count:
            self._told += 1
            if self._told == 1:
                self._say("stopping at once" if self.urgent else self.words)
                self._first()
            else:
                self._say("stopping at once")
                self._further()

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
        self.press(urgent=number != signal.SIGINT)
        Interruption.heeded = True


def _say(text: str) -> None:
    # A person who presses keys wants an answer; a program that sends signals does not, and its pipe stays clean.
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\n{text}\n")
        sys.stderr.flush()
