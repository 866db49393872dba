"""Execute runs: one after the other, or from the point where they were."""

import contextlib
import dataclasses
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from mtjlab.core import InputError, Progress, Stage, silent
from mtjlab.data import Recording, RecordingError
from mtjlab.instruments import Bench, BenchFile, open_bench
from mtjlab.procedures.running.dry_run import DryRun, RunCost
from mtjlab.procedures.running.notification import Notification
from mtjlab.procedures.running.one_run import execute
from mtjlab.procedures.running.recorded_bench import recorded_seed
from mtjlab.procedures.running.resumed import tally_of
from mtjlab.procedures.running.run_options import RunHooks, RunOptions
from mtjlab.procedures.running.run_progress import RunProgress, check_output_path, prepared
from mtjlab.procedures.running.run_spec import RunSpec
from mtjlab.procedures.running.stopping import Tally

__all__ = ["WHOLE", "RunExecutor", "RunOutcome"]

log = logging.getLogger(__name__)

WHOLE = "whole plan"
"""Name of the stage that shows the progress of several runs."""


@dataclasses.dataclass(frozen=True)
class RunOutcome:
    """What became of one run."""

    run: RunSpec
    """The run."""
    status: str
    """``finished``, ``aborted``, ``failed``; ``found`` where a resumed plan found it finished."""
    tally: Tally
    """What its recording holds."""
    error: Exception | None = None
    """What it failed with."""


class RunExecutor:
    """Run one run after the other, or those that are not done yet: for the command, a plan, the queue and the window.

    Parameters
    ----------
    runs
        What to run, in this order.
    bench
        Bench to open.
    options
        How they are run. To resume means: finished recordings stay, one that was interrupted continues, and one of a
        procedure that cannot be resumed is kept under another name and measured again. With the text of a plan missing
        folders are made.
    hooks
        Who watches.
    name
        Name of the plan, for the program to notify by.

    Raises
    ------
    ValueError
        If the bench or the program to notify by is wrong, or a recording is in the way.

    Examples
    --------
    >>> outcomes = Plan.load("night.toml").executor(RunOptions(resume=True)).run()  # doctest: +SKIP
    """

    def __init__(
        self,
        runs: Sequence[RunSpec],
        bench: BenchFile,
        options: RunOptions | None = None,
        hooks: RunHooks | None = None,
        *,
        name: str = "",
    ) -> None:
        self.runs = list(runs)
        """What is run."""
        self.bench_file = bench
        """The bench."""
        self.options = options or RunOptions()
        """How they are run."""
        self.name = name
        """Name of the plan."""
        self.outcomes: list[RunOutcome] = []
        """What became of the runs so far."""
        self.why_stopped = ""
        """Why the execution was stopped, if it was."""
        self._hooks = hooks or RunHooks()
        self._notification = Notification(self.options.notify)
        for run in self.runs:
            check_output_path(run.path, self.options.resume, makes_folder=bool(self.options.plan))
        self.costs = DryRun(bench, resume=self.options.resume).costs(self.runs)
        """What each run would take."""

    def run(self) -> list[RunOutcome]:
        """Run them, one after the other.

        Returns
        -------
        list of RunOutcome
            One for each run that was begun or found.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C, when everything is safe.
        ValueError, OSError, InstrumentError
            What a run failed with, unless the options say to continue after failures.
        """
        self.refuse()
        try:
            with _Benches(self.bench_file) as benches:
                progress = _WholeProgress(self._hooks.stage, self.costs)
                for index, run in enumerate(self.runs):
                    met = self.options.stop_when.met_by(self._tally())
                    if met:
                        log.info("all ends before run %d: %s", run.number, met)
                        break
                    self._run(run, benches, progress.of_run(index, run.path.stem))
                    if self.why_stopped:
                        break
                    progress.ended(index)
        except BaseException as error:
            self._notify("aborted" if isinstance(error, KeyboardInterrupt) else "failed", str(error))
            raise
        if self.why_stopped:
            return self.outcomes
        failed = sum(outcome.status == "failed" for outcome in self.outcomes)
        self._notify("failed" if failed else "finished", f"{failed} runs failed" if failed else "")
        return self.outcomes

    def _run(self, run: RunSpec, benches: "_Benches", progress: Callable[[], Progress]) -> None:
        found = prepared(run) if self.options.resume else RunProgress.NEW
        if found is RunProgress.DONE:
            self.outcomes.append(RunOutcome(run, "found", _held(run.path)))
            return
        begun = found is RunProgress.BEGUN
        try:
            self._make_folder(run.path.parent)
            with benches.bench_for(run, resume=begun) as bench:
                options = dataclasses.replace(
                    self.options, resume=begun, stop_when=run.stop.within(self.options.stop_when, self._tally())
                )
                # While the last run is fitted others may have the bench; a simulated one is opened for each run.
                release = bench.close if bench.simulated or run is self.runs[-1] else None
                hooks = dataclasses.replace(self._hooks, stopped=self._ask, release=release)
                recording = execute(run.procedure(), bench, run.path, options, hooks, progress=progress())
        except KeyboardInterrupt:
            self.outcomes.append(RunOutcome(run, "aborted", _held(run.path)))
            raise
        except Exception as error:
            self.outcomes.append(RunOutcome(run, "failed", _held(run.path), error))
            if not self.options.continue_after_failure:
                raise
            benches.give_up()
            log.error("run %d, %s, failed: %s", run.number, run.path.name, error)
        else:
            self.outcomes.append(RunOutcome(run, str(recording.status), tally_of(recording)))

    def _ask(self) -> str:
        self.why_stopped = self.why_stopped or self._hooks.stopped()
        return self.why_stopped

    def _make_folder(self, folder: Path) -> None:
        if not self.options.plan:
            return  # a single recording goes where there is a folder: a misspelt one is no new one
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(
                folder, f"cannot be made ({error.strerror})", "choose a folder that you can write to"
            ) from None

    def refuse(self) -> None:
        """Refuse what the bench would refuse, before the first run rather than at the last.

        Raises
        ------
        LimitError
            If the interlock refuses a setting of any run.
        ValueError
            If an instrument takes no such setting.
        """
        for cost in self.costs:
            if cost.error is not None:
                raise cost.error

    def _tally(self) -> Tally:
        return sum((outcome.tally for outcome in self.outcomes), Tally())

    def _notify(self, status: str, message: str) -> None:
        tally = self._tally()
        last = self.outcomes[-1].run.path if self.outcomes else ""
        self._notification.send(
            {
                "plan": self.name,
                "file": last,
                "status": status,
                "bits": tally.bits,
                "runs": len(self.outcomes),
                "message": message,
            }
        )


class _WholeProgress:
    """Progress of each run, and of the whole by the time that each is estimated to take."""

    def __init__(self, stage: Stage, costs: Sequence[RunCost]) -> None:
        self._stage = stage
        durations = [cost.duration for cost in costs]
        # Where one procedure does not say how long it takes, all runs count the same.
        self._weights = [1.0 if None in durations else max(each or 0.0, 1e-9) for each in durations]
        self._whole = stage(WHOLE) if len(costs) > 1 else silent(WHOLE)
        self._part: Progress | None = None

    def of_run(self, index: int, name: str) -> Callable[[], Progress]:
        """Give the maker of a run's progress; a run that is found done shows none."""

        def make() -> Progress:
            part = self._part = self._stage(name)

            def progress(done: float, total: float) -> None:
                part(done, total)
                self._show(index, done / total)

            return progress

        return make

    def ended(self, index: int) -> None:
        """Count a run as done, however it ended: a condition may have stopped it before its last bit."""
        if self._part is not None:
            self._part(1.0, 1.0)
            self._part = None
        self._show(index, 1.0)

    def _show(self, index: int, share: float) -> None:
        self._whole(sum(self._weights[:index]) + self._weights[index] * share, sum(self._weights))


def _held(path: Path) -> Tally:
    """Count what a recording holds; nothing where there is none that can be read."""
    with contextlib.suppress(OSError, ValueError):
        return tally_of(Recording(path))
    return Tally()


class _Benches:
    """The bench for each run: a real one stays open, a simulated one is opened again with the run's seed."""

    def __init__(self, file: BenchFile) -> None:
        self._file = file
        self._real: Bench | None = None

    def bench_for(self, run: RunSpec, *, resume: bool) -> contextlib.AbstractContextManager[Bench]:
        if self._file.simulation is not None:
            seed = recorded_seed(Recording(run.path), run.seed) if resume else run.seed
            return open_bench(self._file, seed=seed)
        if run.seed is not None:
            raise InputError(f"seed = {run.seed}: bench {self._file.name} is real and has no seed; leave it out")
        if self._real is None:
            self._real = open_bench(self._file)
        return contextlib.nullcontext(self._real)

    def give_up(self) -> None:
        """Close a bench after a failure; the next run opens it again."""
        if self._real is not None:
            self._real.close()
            self._real = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_up()
