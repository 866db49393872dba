"""What runs would take, and whether the bench allows them, without doing them."""

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pymeasure.experiment import Procedure

from mtjlab.data import Recording, RecordingError
from mtjlab.instruments import Bench, BenchFile, open_bench, unplugged_bench
from mtjlab.procedures import measurement
from mtjlab.procedures.running.estimates import Estimates
from mtjlab.procedures.running.planned_run import PlannedRun
from mtjlab.procedures.running.recorded_bench import recorded_limits
from mtjlab.procedures.running.run_state import State, state_of

__all__ = ["Estimate", "Rehearsal"]


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What one run would take."""

    run: PlannedRun
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
    state: State = State.NEW
    """How far the run is, of a plan that is resumed."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to run."""
        return self.state in (State.DONE, State.COMPLETE)


class Rehearsal:
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

    def estimates(self, runs: Sequence[PlannedRun]) -> list[Estimate]:
        """Say for each run what it would take and whether it is allowed."""
        with self._bench() as bench:
            return [self._estimate(run, bench) for run in runs]

    @contextlib.contextmanager
    def _bench(self) -> Iterator[Bench]:
        with open_bench(self._file) if self._file.simulation else unplugged_bench(self._file) as bench:
            yield bench

    def _estimate(self, run: PlannedRun, bench: Bench) -> Estimate:
        procedure = run.procedure()
        try:
            state = state_of(run) if self._resume else State.NEW
        except (RecordingError, OSError) as refused:
            return Estimate(run, None, None, "", checked=False, error=refused)
        if state in (State.DONE, State.COMPLETE):
            return Estimate(run, 0.0, 0, "", checked=True, error=None, state=state)
        recording = Recording(run.path) if state is State.BEGUN else None
        error = _refusal(procedure, bench, recording)
        _leave_out(procedure, run, recording)
        estimates = Estimates.of(procedure)
        duration = estimates.duration
        words = ", ".join(f"{name}: {text}" for name, text in estimates.lines)
        if duration is not None and run.stop.time is not None:
            duration = min(duration, run.stop.time)
        checked = measurement(procedure).can_configure
        return Estimate(run, duration, estimates.size, words, checked, error, state)


def _refusal(procedure: Procedure, bench: Bench, recording: Recording | None) -> Exception | None:
    """Let the procedure make its settings, outputs off, and give what refuses them."""
    procedure.bench = bench
    with contextlib.ExitStack() as stack:
        try:
            if recording is not None:
                stack.enter_context(bench.interlock.within(recorded_limits(recording)))
            measurement(procedure).configure()
        except Exception as refusal:
            return refusal
    return None


def _leave_out(procedure: Procedure, run: PlannedRun, recording: Recording | None) -> None:
    """Let a procedure of bits be one of those that are still to come."""
    if not measurement(procedure).makes_bits:
        return
    bits = procedure.bits if run.stop.bits is None else min(procedure.bits, run.stop.bits)
    procedure.bits = max(1, bits - (recording.committed if recording is not None else 0))


def free_space(path: Path) -> int:
    """Bytes free where a file would be written."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free
