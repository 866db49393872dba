"""Processes that share the work of a command, and end with it."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

__all__ = ["worker_processes"]


@contextmanager
def worker_processes(count: int) -> Iterator[Executor | None]:
    """Give an executor with so many processes; none for one, whose work is better done here.

    Parameters
    ----------
    count
        Number of processes.

    Yields
    ------
    Executor or None
        Whose processes are ended when anything ends the work: an error, Ctrl-C.
    """
    if count < 2:
        yield None
        return
    # Started afresh rather than forked: a fork of a process with threads may wait for ever.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    before = set(multiprocessing.active_children())
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        raise
    executor.shutdown()


def _begin() -> None:
    """Let Ctrl-C end a worker without a word, and numerical libraries take one thread: there is a worker a core."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
