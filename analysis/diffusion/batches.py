"""Several batches at a time, in threads, and their results in order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["in_order"]

T = TypeVar("T")


def in_order(tasks: Iterator[Callable[[], T]], workers: int, stop: Callable[[], None]) -> Iterator[T]:
    """Do tasks in threads, no more than `workers` at a time, and give their results in the order of the tasks.

    A task is taken from the iterator, in the caller's thread, only when a worker is about to be free: noise is drawn
    for a batch while others are denoised, and none is drawn long before it is needed.

    Parameters
    ----------
    tasks
        What is to be done.
    workers
        Threads, at least 1; with 1 everything is done in the caller's thread.
    stop
        Called where something was raised (Ctrl-C, bits at their end): tasks that run should end soon.
    """
    if workers == 1:
        yield from (task() for task in tasks)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="batch")
    running: deque[Future[T]] = deque()
    try:
        for task in tasks:
            running.append(pool.submit(task))
            if len(running) > workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    except BaseException:
        stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
