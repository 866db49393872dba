"""What is logged during a run, on its way into the recording."""

import collections
import logging
import threading
from types import TracebackType
from typing import ClassVar, Self

from mtjlab.data import RecordingWriter

__all__ = ["RecordingLog"]

MOST = 10_000
"""Messages that one run may leave in its recording: a loop that logs must not fill the disk."""


class RecordingLog(logging.Handler):
    """Gather log records while a run lasts: those of its thread, and those of mtjlab from any thread.

    A context manager. Whoever logs only leaves the record here; `write` brings them into the file from the thread
    that owns it, so that logging waits for no disk.

    Notes
    -----
    Messages from INFO up are kept, whatever program runs the procedure and whoever's logger they go through, unless
    that logger has a level of its own.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._thread = 0  # of the run; known when it begins
        self._records: collections.deque[tuple[str, str, str]] = collections.deque()
        self._count = 0
        self._gathers = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record until `write`."""
        if record.thread != self._thread and not record.name.startswith("mtjlab"):
            return
        self._count += 1
        if self._count <= MOST:
            self._records.append((record.levelname.lower(), record.getMessage(), record.name))
        elif self._count == MOST + 1:
            self._records.append(("warning", f"more than {MOST} messages: the rest is left out", __name__))

    def write(self, writer: RecordingWriter) -> None:
        """Bring what has come into the recording."""
        while self._records:
            writer.log(*self._records.popleft())

    def end(self) -> None:
        """Gather nothing any more."""
        if self._gathers:
            self._gathers = False
            logging.getLogger().removeHandler(self)
            _Opened.end()

    def __enter__(self) -> Self:
        self._thread = threading.get_ident()
        _Opened.begin()
        self._gathers = True
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class _Opened(logging.Filter):
    """The root logger, opened down to INFO while any run lasts; its other handlers get what they got before."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _runs: ClassVar[int] = 0
    _present: ClassVar["_Opened | None"] = None

    def __init__(self) -> None:
        super().__init__()
        root = logging.getLogger()
        self._level = root.level
        self._handlers = list(root.handlers)
        for handler in self._handlers:
            handler.addFilter(self)
        root.setLevel(min(logging.INFO, root.level))

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record would have come through without the recording."""
        return record.levelno >= self._level or self._has_level(record.name)

    @staticmethod
    def _has_level(name: str) -> bool:
        """Tell whether a logger, or one above it below the root, has a level of its own: that one decides then."""
        logger: logging.Logger | None = logging.getLogger(name)
        while logger is not None and logger.parent is not None:
            if logger.level:
                return True
            logger = logger.parent
        return False

    @classmethod
    def begin(cls) -> None:
        with cls._lock:
            cls._runs += 1
            if cls._runs == 1:
                cls._present = cls()

    @classmethod
    def end(cls) -> None:
        with cls._lock:
            cls._runs -= 1
            if cls._runs == 0 and cls._present is not None:
                cls._present.close()
                cls._present = None

    def close(self) -> None:
        """Leave everything as it was."""
        for handler in self._handlers:
            handler.removeFilter(self)
        logging.getLogger().setLevel(self._level)
