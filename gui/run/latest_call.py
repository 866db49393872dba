"""Work beside the window, of which only the latest answer counts."""

import contextlib
import logging
import threading
from collections.abc import Callable

from qtpy.QtCore import QObject, Signal

__all__ = ["LatestCall"]

log = logging.getLogger(__name__)


class LatestCall(QObject):
    """Calls functions in a thread of its own; one that is asked for takes the place of those that wait.

    What a user's procedure does in `get_estimates` may take its time or raise: the window stays alive.

    Parameters
    ----------
    parent
        Whom it belongs to.
    """

    answered = Signal(object)
    """What the latest call gave, or the exception that it raised."""

    _found = Signal(int, object)  # which was asked for, and its answer: out of the thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._next: Callable[[], object] | None = None
        self._asked = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        self._found.connect(self._tell)

    def ask(self, call: Callable[[], object]) -> None:
        """Call this next, and forget what was asked for before.

        Parameters
        ----------
        call
            Called in the thread.
        """
        with self._changed:
            self._next = call
            self._asked += 1
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="form", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Tell nothing of what was asked for."""
        with self._changed:
            self._next = None
            self._asked += 1

    def close(self) -> None:
        """End the thread when what is under way is done; nothing of it is told."""
        with self._changed:
            self._closed = True
            self._asked += 1
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while self._next is None and not self._closed:
                    self._changed.wait()
                if self._closed or self._next is None:
                    return
                call, self._next, number = self._next, None, self._asked
            found: object
            try:
                found = call()
            except Exception as error:  # of a user's own code
                log.info("the estimate failed (%s: %s)", type(error).__name__, error)
                found = error
            with contextlib.suppress(RuntimeError):  # the window is gone
                self._found.emit(number, found)

    def _tell(self, number: int, found: object) -> None:
        if number == self._asked:  # nothing else was asked for meanwhile
            self.answered.emit(found)
