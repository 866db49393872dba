"""What is logged during a run, on its way into the recording."""

import collections
import logging
import threading
from types import TracebackType
from typing import Self

from mtjlab.data.recording_writer import RecordingWriter

__all__ = ["RecordingLog"]

PACKAGE = logging.getLogger("mtjlab")
MOST = 10_000
"""Messages that one run may leave in its recording: a loop that logs must not fill the disk."""


class RecordingLog(logging.Handler):
    """Gather log records while a run lasts: those of its thread, and those of mtjlab from any thread.

    A context manager. Whoever logs only leaves the record here; `write` brings them into the file from the thread
    that owns it, so that logging waits for no disk.

    Notes
    -----
    Messages from INFO up are kept. mtjlab's logger is opened down to INFO for it, so that a recording holds the
    same messages whatever program made it.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._thread = threading.get_ident()
        self._records: collections.deque[tuple[str, str, str]] = collections.deque()
        self._count = 0

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

    def __enter__(self) -> Self:
        if PACKAGE.level == logging.NOTSET:
            PACKAGE.setLevel(logging.INFO)
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger().removeHandler(self)
