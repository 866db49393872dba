"""A process that reads files for the window: one that hangs or crashes on a file takes nothing else with it."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

from mtjlab.core import MtjlabError

__all__ = ["ReadingProcess", "ReadingStoppedError"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

LONGEST = 60.0
"""Time [s] that reading may take; a drive that is gone answers never."""


class ReadingStoppedError(MtjlabError):
    """The process died while it read, took too long, or was closed."""


class ReadingProcess:
    """Call functions in another process, which is started for the first call and again after it has died.

    HDF5 and a drive that does not answer hold Python's lock while they work; in another process neither stops the
    window. Calls from several threads come one after the other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._is_closed = False

    def call(
        self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """Call a function of a module, and return what it returns.

        Parameters
        ----------
        function
            A function that another process can import.
        *arguments, **named
            Its arguments, which can be pickled.

        Raises
        ------
        ReadingStoppedError
            If the process died on it, did not answer within a minute, or is closed.
        Exception
            What the function raised.
        """
        with self._lock:
            pipe = self._started()
            try:
                pipe.send((function, arguments, named))
                if not pipe.poll(LONGEST):
                    self._end()
                    raise ReadingStoppedError(f"reading took more than {LONGEST:.0f} s; check the drive")
                is_well, answer = pipe.recv()
            except (EOFError, OSError) as error:
                self._end()
                words = (
                    "the window is closing" if self._is_closed else "reading it crashes; copy it again, or remove it"
                )
                raise ReadingStoppedError(words) from error
        if not is_well:
            raise answer
        result: Result = answer
        return result

    def close(self) -> None:
        """End the process, also in the middle of a call, which then raises."""
        self._is_closed = True
        atexit.unregister(self.close)
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _started(self) -> Connection:
        if self._is_closed:
            raise ReadingStoppedError("the window is closing")
        if self._pipe is None:
            # Started afresh rather than forked: a fork of a process with threads may wait for ever.
            context = multiprocessing.get_context("spawn")
            self._pipe, other = context.Pipe()
            self._process = context.Process(target=_serve, args=(other,), name="mtjlab-reader", daemon=True)
            self._process.start()
            atexit.register(self.close)  # before multiprocessing's own, which asks and waits where this one kills
            other.close()
            if self._is_closed:
                self.close()
        return self._pipe

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    """Answer calls until the other end is closed."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the window's
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(os, "nice"):
        os.nice(5)  # a run has the processor first
    while True:
        try:
            function, arguments, named = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = True, function(*arguments, **named)
        except Exception as error:
            answer = False, error
        try:
            pipe.send(answer)
        except (BrokenPipeError, OSError):
            return
        except Exception as error:
            pipe.send((False, RuntimeError(f"{type(answer[1]).__name__}: {answer[1]} ({error})")))
