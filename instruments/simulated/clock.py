"""The time on a simulated bench: virtual, or the wall's."""

import threading
import time

__all__ = ["Clock"]


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

    @property
    def now(self) -> float:
        """Time since the bench was switched on [s]."""
        return time.monotonic() - self._origin if self.real_time else self._virtual

    @property
    def is_held_here(self) -> bool:
        """Whether the thread that asks holds the lock itself."""
        return bool(self.lock._is_owned())  # type: ignore[attr-defined]

    def wait_until(self, instant: float) -> None:
        """Let the time pass up to an instant [s]; other instruments work on meanwhile."""
        if not self.real_time:
            self._virtual = max(self._virtual, instant)
            return
        with self._woken:
            while not self._stopped and (left := instant - self.now) > 0:
                self._woken.wait(left)

    def wait(self, duration: float) -> None:
        """Let so much time pass [s]."""
        self.wait_until(self.now + duration)

    def stop(self) -> None:
        """End all waiting."""
        with self._woken:
            self._stopped = True
            self._woken.notify_all()
