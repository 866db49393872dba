"""Progress with the time left: bars on a terminal, a line in a notebook, nothing on a pipe."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Progress", "Stage", "show_progress", "silent"]

Progress = Callable[[float, float], None]
"""Called with what is done and what there is to do."""
Stage = Callable[[str], Progress]
"""Called with the name of a stage; gives the function that shows its progress."""


def silent(name: str) -> Progress:
    """Show nothing: a `Stage` for whoever does not want to see progress.

    Parameters
    ----------
    name
        Name of the stage; not looked at.

    Returns
    -------
    Callable
        Does nothing with what is done and what there is to do.
    """
    return lambda done, total: None


ENDED_SHOWN = 6
"""Ended stages that stay on the terminal: with all runs of a long plan the one under way would be out of sight."""
INTERVAL = 0.2
"""Shortest time [s] between two updates of a notebook."""


@contextmanager
def show_progress() -> Iterator[Stage]:
    """Show the progress of stages where somebody can see it.

    Yields
    ------
    Callable
        Give it the name of a stage; it returns a function of what is done and what there is to do.
    """
    if _in_notebook():
        yield _NotebookLine
        return
    with _bars() as stage:
        yield stage


@contextmanager
def _bars() -> Iterator[Stage]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:

        def stage(name: str) -> Progress:
            ended = [task.id for task in bars.tasks if task.finished and task.visible]
            for each in ended[:-ENDED_SHOWN]:
                bars.update(each, visible=False)
            task = bars.add_task(name, total=None)
            begun = False

            def update(done: float, total: float) -> None:
                nonlocal begun
                if not begun:  # what a resumed run begins with was not done in no time
                    bars.reset(task, completed=int(done), total=total)
                bars.update(task, completed=done, total=total)
                begun = True

            return update

        yield stage


class _NotebookLine:
    """One line of a notebook's output, rewritten in place; plain HTML, so that no widgets need be installed."""

    def __init__(self, name: str) -> None:
        import IPython.display

        ipython: Any = IPython.display  # half of it is typed
        self._name = name
        self._html: Any = ipython.HTML
        self._began: tuple[float, float] | None = None
        self._shown_at = -INTERVAL
        self._handle: Any = ipython.display(self._html(self._line(0.0, 1.0)), display_id=True)

    def __call__(self, done: float, total: float) -> None:
        """Show how far it is."""
        now = time.monotonic()
        self._began = self._began or (now, done)
        if now - self._shown_at < INTERVAL and done < total:
            return
        self._shown_at = now
        self._handle.update(self._html(self._line(done, total)))

    def _line(self, done: float, total: float) -> str:
        from html import escape

        share = done / total if total else 1.0
        return (
            f'<progress value="{share:.4f}" max="1"></progress> {escape(self._name)}: {100 * share:.0f} %'
            f"{self._time_left(done, total)}"
        )

    def _time_left(self, done: float, total: float) -> str:
        if self._began is None or done <= self._began[1]:
            return ""
        passed = time.monotonic() - self._began[0]
        if done >= total:
            return f", {_clock(passed)}"
        return f", {_clock(passed * (total - done) / (done - self._began[1]))} left"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _in_notebook() -> bool:
    """Tell Jupyter's kernel from a terminal: only the kernel displays HTML."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")
