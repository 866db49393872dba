"""What is logged, for the window to show."""

import collections
import logging

__all__ = ["LogLines"]

MOST = 2000


class LogLines(logging.Handler):
    """Keeps the latest messages until they are taken."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s  %(levelname)s  %(message)s", "%H:%M:%S"))
        self._lines: collections.deque[str] = collections.deque(maxlen=MOST)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message; called in any thread."""
        self._lines.append(self.format(record))

    def take(self) -> list[str]:
        """Give what came since the last time."""
        taken = []
        while self._lines:
            taken.append(self._lines.popleft())
        return taken
