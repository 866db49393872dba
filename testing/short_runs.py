"""Short runs of a procedure: to its end, stopped at an event or before a command, and resumed."""

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pymeasure.experiment import Procedure

from mtjlab.data import Recording
from mtjlab.instruments import Bench, Connection
from mtjlab.procedures import Event, run
from mtjlab.procedures.running import RunHooks, worker_for

__all__ = [
    "ShortRun",
    "commands_of",
    "outputs_are_off",
    "run_stopped_at_command",
    "run_stopped_at_event",
]


@dataclasses.dataclass(frozen=True)
class ShortRun:
    """A run of a second or so of one procedure."""

    kind: type[Procedure]
    """Class of the procedure."""
    bench: str
    """Name or path of the bench."""
    parameters: Mapping[str, Any]
    """Parameters that make it short."""

    @property
    def name(self) -> str:
        """Name of the class."""
        return self.kind.__name__

    def procedure(self) -> Procedure:
        """Make the procedure, its parameters set."""
        procedure = self.kind()
        for name, value in self.parameters.items():
            setattr(procedure, name, value)
        return procedure


def outputs_are_off(bench: Bench) -> bool:
    """Tell whether every instrument that has an output says that it is off.

    Parameters
    ----------
    bench
        Opened bench.

    Returns
    -------
    bool
        Whether all are off, as the instruments themselves answer.
    """
    return all(role.settings().get("output", "False") == "False" for role in bench.roles.values())


def run_stopped_at_event(procedure: Procedure, bench: Bench, path: str | Path, number: int) -> Recording:
    """Run a procedure and stop it, as a user does, at its nth event.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench.
    path
        File to write.
    number
        Which event: a row, a block of bits, a result, progress; the first is 1.

    Returns
    -------
    Recording
        Its status is ``aborted``, or ``finished`` where there were fewer events; ``run(..., resume=True)`` continues.

    Raises
    ------
    Exception
        Whatever the procedure raised.

    Examples
    --------
    >>> import tempfile
    >>> from mtjlab.instruments import open_bench
    >>> from mtjlab.procedures import ResistanceAgainstVoltage
    >>> with tempfile.TemporaryDirectory() as folder, open_bench("simulated", seed=1) as bench:
    ...     sweep = ResistanceAgainstVoltage(points=3, readings=3)
    ...     stopped = run_stopped_at_event(sweep, bench, f"{folder}/a.h5", 2)
    ...     print(stopped.status, outputs_are_off(bench))
    aborted True
    """
    seen: list[Event] = []

    def stop_at_the_event(event: Event) -> None:
        seen.append(event)
        if len(seen) == number:
            worker.stop()

    worker = worker_for(procedure, bench, path, hooks=RunHooks(listener=stop_at_the_event))
    worker.start()
    worker.wait()
    if worker.error is not None:
        raise worker.error
    return Recording(path)


def run_stopped_at_command(
    procedure: Procedure, bench: Bench, path: str | Path, number: int, *, at_once: bool = False
) -> Recording:
    """Run a procedure and stop it before the nth command that goes to an instrument: in a ramp, a block, anywhere.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench, with instruments over VISA: a real or a simulated one, not the direct one.
    path
        File to write.
    number
        Which command; the first is 1. `commands_of` counts them.
    at_once
        Whether to break off what is under way, instead of waiting for the end of the block.

    Returns
    -------
    Recording
        Its status is ``aborted``, or ``finished`` where the command is one of the last.

    Raises
    ------
    Exception
        Whatever the procedure raised.
    """
    worker = worker_for(procedure, bench, path)
    stop = worker.stop_now if at_once else worker.stop
    with _before_each_command(lambda count: stop() if count == number else None):
        worker.start()
        worker.wait()
    if worker.error is not None:
        raise worker.error
    return Recording(path)


def commands_of(procedure: Procedure, bench: Bench, path: str | Path) -> int:
    """Run a procedure to its end and count the commands that went to the instruments.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench, with instruments over VISA.
    path
        File to write.

    Returns
    -------
    int
        Number of commands, those included that switch the outputs off.

    Raises
    ------
    Exception
        Whatever the procedure raised.
    """
    counts = [0]
    with _before_each_command(counts.append):
        run(procedure, bench, path)
    return max(counts)


@contextlib.contextmanager
def _before_each_command(act: Callable[[int], None]) -> Iterator[None]:
    """Call a function with the number of each command before it is sent, over whatever line."""
    original, counting, count = Connection._send, threading.Lock(), 0

    def send(connection: Connection, *words: Any, **options: Any) -> Any:
        nonlocal count
        with counting:
            count += 1
            number = count
        act(number)
        return original(connection, *words, **options)

    with patch.object(Connection, "_send", send):
        yield
