"""What runs would take, by the word of their procedures, and whether the bench allows them, without doing them."""

import contextlib
import dataclasses
import inspect
import logging
import math
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pymeasure.experiment import Procedure

from mtjlab.data import Recording, RecordingError
from mtjlab.instruments import Bench, BenchFile, open_bench, unplugged_bench
from mtjlab.procedures import measurement
from mtjlab.procedures.running.recorded_bench import recorded_limits
from mtjlab.procedures.running.run_progress import RunProgress, run_progress
from mtjlab.procedures.running.run_spec import RunSpec

__all__ = ["DryRun", "Estimates", "RunCost", "free_space"]

log = logging.getLogger(__name__)


class Estimates(NamedTuple):
    """What a procedure says of itself before it runs."""

    duration: float | None
    """Time on the instruments [s]; None where it does not say."""
    size: int | None
    """Size of the recording [bytes]; None where it does not say."""
    lines: tuple[tuple[str, str], ...]
    """What `get_estimates` says, in words: name and text."""

    @classmethod
    def of(cls, procedure: Procedure) -> "Estimates":
        """Ask a procedure.

        Parameters
        ----------
        procedure
            With its parameters set. Its `get_estimates` may return a number, the duration [s], or pairs of words; and
            may take ``sequence`` and ``sequence_length``, as PyMeasure's window gives them. What it raises is logged.
        """
        lines: tuple[tuple[str, str], ...] = ()
        duration = size = None
        try:
            told = procedure.get_estimates(**_sequence(procedure))
            if isinstance(told, (int, float)):
                duration = float(told)
                lines = (("Duration", f"{told:g} s"),)
            else:
                lines = tuple((str(name), str(text)) for name, text in told)
            duration = _number(measurement(procedure).estimated_duration, duration)
            found = _number(measurement(procedure).estimated_bytes, None)
            size = None if found is None else int(found)
        except NotImplementedError:
            pass  # PyMeasure's own
        except Exception as error:  # of the user's own code, perhaps with half of its parameters typed
            log.info("%s gives no estimates (%s: %s)", type(procedure).__name__, type(error).__name__, error)
        return cls(duration if duration is None or math.isfinite(duration) else None, size, lines)


@dataclasses.dataclass(frozen=True)
class RunCost:
    """What one run would take."""

    run: RunSpec
    duration: float | None
    """Time on the instruments [s]; None where the procedure does not say."""
    size: int | None
    """Size of the recording [bytes]; None where the procedure does not say."""
    words: str
    """What PyMeasure's `get_estimates` says."""
    checked: bool
    """Whether the procedure can be asked for its settings, so that the limits were checked."""
    error: Exception | None
    """What refuses the run: the interlock, an instrument's own range, or a recording that is another run's."""
    progress: RunProgress = RunProgress.NEW
    """How far the run is, of a plan that is resumed."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to run."""
        return self.progress in (RunProgress.DONE, RunProgress.COMPLETE)


class DryRun:
    """Ask procedures and bench about runs; no output is touched.

    The interlock needs no instruments. On a simulated bench the settings are made as well, behind closed outputs, so
    that the instruments' own ranges are checked too; real instruments are not even opened.

    Parameters
    ----------
    bench
        Bench file.
    resume
        Count what recordings hold already as done, and keep to the limits that they were made within.
    """

    def __init__(self, bench: BenchFile, *, resume: bool = False) -> None:
        self._file, self._resume = bench, resume

    def costs(self, runs: Sequence[RunSpec]) -> list[RunCost]:
        """Say for each run what it would take and whether it is allowed.

        Parameters
        ----------
        runs
            The runs.

        Returns
        -------
        list of RunCost
            One for each.
        """
        with self._bench() as bench:
            return [self._cost(run, bench) for run in runs]

    @contextlib.contextmanager
    def _bench(self) -> Iterator[Bench]:
        with open_bench(self._file) if self._file.simulation else unplugged_bench(self._file) as bench:
            yield bench

    def _cost(self, run: RunSpec, bench: Bench) -> RunCost:
        procedure = run.procedure()
        try:
            progress = run_progress(run) if self._resume else RunProgress.NEW
        except (RecordingError, OSError) as refused:
            return RunCost(run, None, None, "", checked=False, error=refused)
        if progress in (RunProgress.DONE, RunProgress.COMPLETE):
            return RunCost(run, 0.0, 0, "", checked=True, error=None, progress=progress)
        recording = Recording(run.path) if progress is RunProgress.BEGUN else None
        error = _refusal(procedure, bench, recording)
        _leave_out(procedure, run, recording)
        estimates = Estimates.of(procedure)
        duration = estimates.duration
        words = ", ".join(f"{name}: {text}" for name, text in estimates.lines)
        if duration is not None and run.stop.time is not None:
            duration = min(duration, run.stop.time)
        checked = measurement(procedure).can_configure
        return RunCost(run, duration, estimates.size, words, checked, error, progress)


def _refusal(procedure: Procedure, bench: Bench, recording: Recording | None) -> Exception | None:
    """Let the procedure make its settings, outputs off, and give what refuses them."""
    procedure.bench = bench
    bench.interlock.begin_run()
    with contextlib.ExitStack() as stack:
        try:
            if recording is not None:
                stack.enter_context(bench.interlock.within(recorded_limits(recording)))
            measurement(procedure).configure()
        except Exception as refusal:
            return refusal
    return None


def _leave_out(procedure: Procedure, run: RunSpec, recording: Recording | None) -> None:
    """Let a procedure of bits be one of those that are still to come."""
    if not measurement(procedure).makes_bits:
        return
    bits = procedure.bits if run.stop.bits is None else min(procedure.bits, run.stop.bits)
    procedure.bits = max(1, bits - (recording.committed if recording is not None else 0))


def free_space(path: Path) -> int:
    """Tell how much is free where a file would be written.

    Parameters
    ----------
    path
        The file, which need not exist, nor its folder.

    Returns
    -------
    int
        Free space [bytes].
    """
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def _sequence(procedure: Procedure) -> dict[str, object]:
    """Give what `get_estimates` asks for: here it is asked for one run, so there is no sequence."""
    asked = inspect.signature(procedure.get_estimates).parameters
    return {name: value for name, value in (("sequence", None), ("sequence_length", 1)) if name in asked}


def _number(value: object, otherwise: float | None) -> float | None:
    return float(value) if isinstance(value, (int, float)) else otherwise
