"""The time on a simulated bench: virtual, or the wall's."""

import contextlib
import math
import threading
import time
from collections.abc import Iterator

__all__ = ["Clock"]

LONG = 0.3
"""What takes so long [s] to carry out is worth waiting for beyond a timeout; a lost answer takes milliseconds."""


class Clock:
    """The one clock of a bench, and the lock that is held while an instrument carries something out.

    Virtual time stands still until an instrument waits for something (a settle time, an integration), and then
    jumps there without anybody waiting. In real time, waiting takes as long as it says.

    Parameters
    ----------
    real_time
        Whether time passes by itself.
    """

    def __init__(self, *, real_time: bool = False) -> None:
        self.real_time = real_time
        self.lock = threading.RLock()
        """Held while a line is carried out: all instruments share it, as they share the device."""
        self._woken = threading.Condition(self.lock)
        self._stopped = False
        self._virtual = 0.0
        self._origin = time.monotonic()
        self._began, self._worked_until = math.inf, -math.inf

    @property
    def now(self) -> float:
        """Time since the bench was switched on [s]."""
        return time.monotonic() - self._origin if self.real_time else self._virtual

    def wait_until(self, instant: float) -> None:
        """Let the time pass up to an instant [s]; other instruments work on meanwhile."""
        if not self.real_time:
            self._virtual = max(self._virtual, instant)
            return
        with self._woken:
            began, self._began = self._began, math.inf  # waiting is no work, and lets others work
            while not self._stopped and (left := instant - self.now) > 0:
                self._woken.wait(left)
            self._began = time.monotonic() if began < math.inf else began

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Hold the lock while an instrument carries something out, and note how long that takes by the wall's clock."""
        with self.lock:
            self._began = time.monotonic()
            try:
                yield
            finally:
                now = time.monotonic()
                if now - self._began > LONG:
                    self._worked_until = now
                self._began = math.inf

    def works_since(self, instant: float) -> bool:
        """Tell whether something that takes long has been carried out since an instant, or is being carried out.

        Parameters
        ----------
        instant
            By `time.monotonic` [s].
        """
        return self._worked_until >= instant or time.monotonic() - self._began > LONG

    def wait(self, duration: float) -> None:
        """Let so much time pass [s]."""
        self.wait_until(self.now + duration)

    def stop(self) -> None:
        """End all waiting."""
        with self._woken:
            self._stopped = True
            self._woken.notify_all()
