"""Calls in another process whose answers come as signals; of calls of one kind only the newest counts."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject, Signal

from mtjlab.core import MtjlabError
from mtjlab.gui.recordings.reading_process import ReadingProcess

__all__ = ["BackgroundCalls"]

log = logging.getLogger(__name__)


class BackgroundCalls(QObject):
    """Answer what the window asks about recordings, one call after the other, without stopping it."""

    answered = Signal(str, object)
    """The kind of a call, and what it returned; not said of a call that a newer one of its kind took the place of."""
    refused = Signal(str, str)
    """The kind of a call, and why there is no answer."""

    def __init__(self) -> None:
        super().__init__()
        self._process = ReadingProcess()
        self._waiting: dict[str, tuple[int, Callable[[], Any]]] = {}
        self._newest: dict[str, int] = {}
        self._count = 0
        self._change = threading.Condition()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._work, name="recording-detail", daemon=True)

    def ask(self, kind: str, function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        """Call a function in the other process; a call of this kind that is not begun yet is forgotten.

        Parameters
        ----------
        kind
            What it is for; `answered` says so.
        function
            A function of a module.
        *arguments, **named
            Its arguments.
        """
        with self._change:
            self._count += 1
            self._newest[kind] = self._count
            self._waiting[kind] = self._count, lambda: self._process.call(function, *arguments, **named)
            self._change.notify()
        if not self._thread.is_alive() and not self._is_stopped:
            self._thread.start()

    def forget(self, kind: str) -> None:
        """Want no answer of this kind any more."""
        with self._change:
            self._waiting.pop(kind, None)
            self._newest.pop(kind, None)

    def stop(self) -> None:
        """End the process; nothing is answered any more."""
        with self._change:
            self._is_stopped = True
            self._change.notify()
        self._process.close()

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._is_stopped)
                if self._is_stopped:
                    return
                kind = next(iter(self._waiting))
                number, call = self._waiting.pop(kind)
            try:
                signal, answer = "answered", call()
            except (MtjlabError, OSError) as error:
                signal, answer = "refused", str(error)
            except Exception as error:
                log.warning("reading a recording failed", exc_info=True)
                signal, answer = "refused", f"{type(error).__name__}: {error}"
            with contextlib.suppress(RuntimeError):  # Qt has deleted this: the program ends
                if not self._is_stopped and self._newest.get(kind) == number:
                    getattr(self, signal).emit(kind, answer)
