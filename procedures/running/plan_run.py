"""Run a plan: one run after the other, from the point where it was."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from mtjlab.core import InputError
from mtjlab.data import Recording, RecordingError
from mtjlab.instruments import Bench, BenchFile, open_bench
from mtjlab.procedures.running.notification import Notification
from mtjlab.procedures.running.one_run import run as run_procedure
from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.planned_run import PlannedRun
from mtjlab.procedures.running.progress import Progress
from mtjlab.procedures.running.recorded_bench import recorded_seed
from mtjlab.procedures.running.rehearsal import Estimate, Rehearsal
from mtjlab.procedures.running.resumed import tally_of
from mtjlab.procedures.running.run_outcome import RunOutcome
from mtjlab.procedures.running.run_state import State, prepared, refuse_in_the_way
from mtjlab.procedures.running.stop_conditions import Tally

__all__ = ["PlanRun"]

log = logging.getLogger(__name__)

WHOLE = "whole plan"
"""Name of the stage that shows the progress of all runs."""


class PlanRun:
    """Run all runs of a plan, or those that are not done yet.

    Parameters
    ----------
    plan
        The plan.
    runs
        Its runs, where they are not those that its text gives.
    bench
        Bench file, instead of the one that the plan names.
    resume
        Go on where the plan was: finished recordings stay, one that was interrupted goes on, and one of a procedure
        that can not go on is kept under another name and made anew.
    stage
        Shows progress: called with a name, gives a function of what is done and what there is to do.
    notify
        Program to call at the end, instead of the plan's.
    mirror
        Folder for copies of the recordings, kept while they are written.
    stopped
        Asked twice a second whether to stop after the block under way; answers why, or nothing.

    Raises
    ------
    ValueError
        If the plan, the bench or the program to notify by is wrong, or a recording is in the way.

    Examples
    --------
    >>> outcomes = PlanRun(Plan.load("night.toml"), resume=True).run()  # doctest: +SKIP
    """

    def __init__(
        self,
        plan: Plan,
        runs: Sequence[PlannedRun] | None = None,
        *,
        bench: BenchFile | None = None,
        resume: bool = False,
        stage: Callable[[str], Progress] = lambda name: lambda done, total: None,
        notify: str | None = None,
        mirror: Path | None = None,
        stopped: Callable[[], str] = lambda: "",
    ) -> None:
        self.plan = plan
        self.outcomes: list[RunOutcome] = []
        """What became of the runs so far."""
        self.why_stopped = ""
        """Why the plan was stopped, if it was."""
        self._resume = resume
        self._mirror = mirror
        self._stage = stage
        self._stopped = stopped
        self._notification = Notification(plan.notify if notify is None else notify)
        self.bench_file = BenchFile.load(plan.bench_file) if bench is None else bench
        """The bench."""
        self.runs = plan.planned_runs(self.bench_file) if runs is None else list(runs)
        """All runs of the plan."""
        for run in self.runs:
            refuse_in_the_way(run.path, resume, makes_folder=bool(plan.text))
        self.estimates = Rehearsal(self.bench_file, resume=resume).estimates(self.runs)
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
            What a run failed with, unless the plan says to continue after failures.
        """
        self.refuse()
        try:
            with _Benches(self.bench_file) as benches:
                progress = _PlanProgress(self._stage, self.estimates)
                for index, run in enumerate(self.runs):
                    met = self.plan.stop.met_by(self._tally())
                    if met:
                        log.info("the plan ends before run %d: %s", run.number, met)
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

    def _run(self, run: PlannedRun, benches: "_Benches", progress: Callable[[], Progress]) -> None:
        state = prepared(run) if self._resume else State.NEW
        if state is State.DONE:
            self.outcomes.append(RunOutcome(run, "found", _held(run.path)))
            return
        begun = state is State.BEGUN
        try:
            self._make_folder(run.path.parent)
            with benches.bench_for(run, resume=begun) as bench:
                recording = run_procedure(
                    run.procedure(),
                    bench,
                    run.path,
                    resume=begun,
                    mirror=self._mirror,
                    sample={name: text for name, text in self.plan.sample if text},
                    stop_when=run.stop.within(self.plan.stop, self._tally()),
                    plan=self.plan.text or None,
                    progress=progress(),
                    stage=self._stage,
                    stopped=self._ask,
                    # While the last run is fitted others may have the bench; a simulated one is opened for each run.
                    release=bench.close if bench.simulated or run is self.runs[-1] else _keep,
                )
        except KeyboardInterrupt:
            self.outcomes.append(RunOutcome(run, "aborted", _held(run.path)))
            raise
        except Exception as error:
            self.outcomes.append(RunOutcome(run, "failed", _held(run.path), error))
            if self.plan.after_failure == "stop":
                raise
            benches.give_up()
            log.error("run %d, %s, failed: %s", run.number, run.path.name, error)
        else:
            self.outcomes.append(RunOutcome(run, str(recording.status), tally_of(recording)))

    def _ask(self) -> str:
        self.why_stopped = self.why_stopped or self._stopped()
        return self.why_stopped

    def _make_folder(self, folder: Path) -> None:
        if not self.plan.text:
            return  # a single recording goes where there is a folder: a misspelt one is no new one
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(
                folder, f"can not be made ({error.strerror})", "choose a folder that you can write to"
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
        for estimate in self.estimates:
            if estimate.error is not None:
                raise estimate.error

    def _tally(self) -> Tally:
        return sum((outcome.tally for outcome in self.outcomes), Tally())

    def _notify(self, status: str, message: str) -> None:
        tally = self._tally()
        last = self.outcomes[-1].run.path if self.outcomes else ""
        self._notification.send(
            {
                "plan": self.plan.name,
                "file": last,
                "status": status,
                "bits": tally.bits,
                "runs": len(self.outcomes),
                "message": message,
            }
        )


class _PlanProgress:
    """Progress of each run, and of the whole by the time that each is estimated to take."""

    def __init__(self, stage: Callable[[str], Progress], estimates: Sequence[Estimate]) -> None:
        self._stage = stage
        durations = [estimate.duration for estimate in estimates]
        # Where one procedure does not say how long it takes, all runs count the same.
        self._weights = [1.0 if None in durations else max(each or 0.0, 1e-9) for each in durations]
        self._whole = stage(WHOLE) if len(estimates) > 1 else lambda done, total: None
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
    """The bench for each run: a real one stays open, a simulated one is opened anew with the run's seed."""

    def __init__(self, file: BenchFile) -> None:
        self._file = file
        self._real: Bench | None = None

    def bench_for(self, run: PlannedRun, *, resume: bool) -> contextlib.AbstractContextManager[Bench]:
        if self._file.simulation is not None:
            seed = recorded_seed(Recording(run.path), run.seed) if resume else run.seed
            return open_bench(self._file, seed=seed)
        if run.seed is not None:
            raise InputError(f"seed = {run.seed}: bench {self._file.name} is real and has no seed; leave it out")
        if self._real is None:
            self._real = open_bench(self._file)
        return contextlib.nullcontext(self._real)

    def give_up(self) -> None:
        """Close a bench after a failure; the next run opens it anew."""
        if self._real is not None:
            self._real.close()
            self._real = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_up()


def _keep() -> None:
    """Keep the bench open for the next run."""
