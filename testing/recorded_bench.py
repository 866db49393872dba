"""A bench whose instruments only write down what they are told: no sockets, no device, no time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mtjlab.instruments import Bench, BenchFile

__all__ = ["RecordedBench", "RecordedInstrument", "open_recorded_bench"]

Call = tuple[Any, ...]


class RecordedInstrument:
    """An instrument that writes down what it is told: role, method, arguments.

    Parameters
    ----------
    role
        Role that it plays.
    calls
        Where it writes.
    """

    junctions = ("A1", "A2")
    line_frequency = 60.0

    def __init__(self, role: str, calls: list[Call]) -> None:
        self.role, self.calls = role, calls
        self.fault: Exception | None = None
        """Raised by every method from now on; `switch_off` works unless it is `stuck`."""
        self.stuck = False
        """Whether the fault holds for `switch_off` too."""
        self.answers: dict[str, Any] = {}
        """What methods return, by name; None unless given, and `settings` tells the output."""

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] of so many power line cycles.

        Parameters
        ----------
        cycles
            Power line cycles.
        """
        return cycles / self.line_frequency

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.calls.append((self.role, method, *arguments))
            if self.fault is not None and (method != "switch_off" or self.stuck):
                raise self.fault
            if method == "settings":
                return self.answers.get(method, {"output": str(self.on)})
            return self.answers.get(method)

        return call

    @property
    def on(self) -> bool:
        """Whether it was switched on, and not off since."""
        switched = [call[1] for call in self.calls if call[0] == self.role and call[1].startswith("switch_")]
        return switched[-1:] == ["switch_on"]


class RecordedBench(Bench):
    """A bench of recorded instruments; limits, interlock and the order of switching off are the real ones.

    Parameters
    ----------
    file
        Bench file.
    folder
        Where the logs of devices are kept; None keeps them in memory.
    """

    def __init__(self, file: BenchFile, folder: Path | None = None) -> None:
        self.calls: list[Call] = []
        """What all instruments were told, in order: role, method, arguments."""
        self.instruments = {role: RecordedInstrument(role, self.calls) for role, _ in file.roles}
        """The instruments by role, without the interlock."""
        super().__init__(file, self.instruments, resources=dict.fromkeys(self.instruments, "none"), folder=folder)


def open_recorded_bench(file: str | BenchFile, folder: Path | None = None) -> RecordedBench:
    """Open a bench whose instruments only write down what they are told.

    Parameters
    ----------
    file
        Name or path of a bench, or a bench file already read; a real one may be named, nothing is connected to.
    folder
        Where the logs of devices are kept; None keeps them in memory.

    Returns
    -------
    RecordedBench
        Use it as a context manager.

    Raises
    ------
    InputError
        If the bench file cannot be read.

    Examples
    --------
    >>> with open_recorded_bench("simulated") as bench:
    ...     bench.source_meter.set_bias(0.05, 1e-5)
    ...     bench.calls[-1]
    ('source_meter', 'set_bias', 0.05, 1e-05)
    """
    return RecordedBench(file if isinstance(file, BenchFile) else BenchFile.load(file), folder)
