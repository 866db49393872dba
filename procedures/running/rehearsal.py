"""What runs would take, and whether the bench allows them, without doing them."""

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pymeasure.experiment import Procedure

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench_file import BenchFile
from mtjlab.instruments.unplugged import unplugged_bench
from mtjlab.procedures.running.planned_run import PlannedRun

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
    """What refuses the run: the interlock, or an instrument's own range."""


class Rehearsal:
    """Ask procedures and bench about runs; no output is touched.

    The interlock needs no instruments. On a simulated bench the settings are made as well, behind closed outputs, so
    that the instruments' own ranges are checked too; real instruments are not even opened.

    Parameters
    ----------
    bench
        Bench file.
    """

    def __init__(self, bench: BenchFile) -> None:
        self._file = bench

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
        procedure.bench = bench
        error = None
        configure = getattr(procedure, "configure", None)
        if configure is not None:
            try:
                configure()
            except Exception as refusal:
                error = refusal
        if run.stop.bits is not None and "bits" in procedure.parameter_objects():
            procedure.bits = min(procedure.bits, run.stop.bits)
        duration, words = _duration(procedure)
        if duration is not None and run.stop.time is not None:
            duration = min(duration, run.stop.time)
        return Estimate(run, duration, getattr(procedure, "estimated_bytes", None), words, configure is not None, error)


def _duration(procedure: Procedure) -> tuple[float | None, str]:
    """Ask for the duration: ours as a number, PyMeasure's as a number or in words."""
    try:
        told = procedure.get_estimates()
    except NotImplementedError:
        return None, ""
    if isinstance(told, (int, float)):
        return float(told), f"{told:g} s"
    words = ", ".join(f"{name}: {text}" for name, text in told)
    return getattr(procedure, "estimated_duration", None), words


def free_space(path: Path) -> int:
    """Bytes free where a file would be written."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free
