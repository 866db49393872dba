"""What somebody asks to be run: a plan, one procedure, or a recording that is to be resumed."""

from pathlib import Path
from typing import Self

import pydantic

from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.instruments import BenchFile
from mtjlab.procedures import bench_defaults, find_procedure, find_procedure_by_class, parse, procedure_on
from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.recorded_bench import bench_to_resume_on
from mtjlab.procedures.running.resumed import procedure_of
from mtjlab.procedures.running.run_executor import RunExecutor
from mtjlab.procedures.running.run_options import RunHooks, RunOptions
from mtjlab.procedures.running.run_spec import RunSpec
from mtjlab.procedures.running.stopping import StopConditions

__all__ = ["RunRequest"]


class RunRequest(pydantic.BaseModel):
    """A request, complete enough to be kept on disk and carried out by another process.

    All paths are absolute; of a plan the text is kept, so that editing the file changes nothing that waits.

    Examples
    --------
    >>> request = RunRequest.of("random-bitstream", settings={"bits": "1e6"}, output="bits.h5")  # doctest: +SKIP
    >>> request.executor().run()  # doctest: +SKIP
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    what: str
    """Path of a plan, or name of a procedure; empty for a recording that says it itself."""
    plan_text: str | None = None
    """Text of the plan."""
    settings: dict[str, str] = {}
    """Parameters to set."""
    output: Path | None = None
    """Recording; of a plan, the folder instead of its own."""
    bench: str | None = None
    """Bench file or shipped bench, instead of the plan's; a recording of another than a shipped bench needs it."""
    seed: int | None = None
    """Seed of the simulated device."""
    resume: bool = False
    """Continue with what there is."""
    notify: str = ""
    """Program to call at the end."""
    mirror: Path | None = None
    """Folder for copies that are kept while recording."""
    sample: dict[str, str] = {}
    """What is on the bench; of a plan, instead of what it says."""
    stop: StopConditions = StopConditions()
    """Conditions that end it early; of a plan, instead of those that it says."""

    @classmethod
    def of(
        cls,
        what: str = "",
        *,
        settings: dict[str, str] | None = None,
        output: str | Path | None = None,
        bench: str | None = None,
        seed: int | None = None,
        resume: bool = False,
        notify: str = "",
        mirror: str | Path | None = None,
        sample: dict[str, str] | None = None,
        stop: StopConditions | None = None,
    ) -> Self:
        """Make a request from words as they are given on the command line, and check them.

        Parameters
        ----------
        what, settings, output, bench, seed, resume, notify, mirror, sample, stop
            As the fields of this class; paths may be relative.

        Raises
        ------
        ValueError
            If something in it is wrong.
        """
        is_plan = what.endswith(".toml")
        file, separator, class_name = what.rpartition(":")
        if is_plan:
            what = str(Path(what).resolve())
        elif separator and file.endswith(".py"):
            what = f"{Path(file).resolve()}:{class_name}"
        request = cls(
            what=what,
            plan_text=Plan.load(what).text if is_plan else None,
            settings=settings or {},
            output=Path(output).resolve() if output else None,
            bench=str(Path(bench).resolve()) if bench and bench.endswith(".toml") else bench,
            seed=seed,
            resume=resume,
            notify=notify,
            mirror=Path(mirror).resolve() if mirror else None,
            sample=sample or {},
            stop=stop or StopConditions(),
        )
        if not is_plan and request.output is None:
            raise InputError("the output is missing: say where the recording goes (FILE.h5)")
        return request

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan."""
        return self.plan_text is not None

    def paths(self) -> list[Path]:
        """Give the recordings that it makes.

        Raises
        ------
        ValueError
            If something in it is wrong.
        """
        if self.plan_text is not None:
            plan = self._changed_plan(self.plan_text)
            return [run.path for run in plan.planned_runs(BenchFile.load(plan.bench_file))]
        return [] if self.output is None else [self.output]

    def _changed_plan(self, text: str) -> Plan:
        return Plan.unchecked(text, Path(self.what)).changed(
            bench=self.bench, seed=self.seed, folder=self.output, settings=self.settings
        )

    def executor(self, hooks: RunHooks | None = None, *, resume: bool = False) -> RunExecutor:
        """Prepare it.

        Parameters
        ----------
        hooks
            Who watches.
        resume
            Continue with what there is, whatever the request says: for one that was interrupted.

        Returns
        -------
        RunExecutor
            Carries it out with its `run`.

        Raises
        ------
        ValueError
            If something in it is wrong.
        """
        options = RunOptions(
            resume=self.resume or resume,
            mirror=self.mirror,
            sample=self.sample,
            stop_when=self.stop,
            notify=self.notify,
        )
        if self.plan_text is not None:
            return self._changed_plan(self.plan_text).executor(options, hooks)
        run, bench = self._resumed(again=resume) if self.resume else self._new()
        return RunExecutor([run], bench, options, hooks, name=self.what)

    def _new(self) -> tuple[RunSpec, BenchFile]:
        assert self.output is not None
        kind, bench = find_procedure(self.what), BenchFile.load(self.bench or "simulated")
        parameters = {**bench_defaults(kind, bench), **parse(procedure_on(kind, bench), self.settings)}
        return RunSpec(kind, self.what, parameters, self.output, seed=self.seed), bench

    def _resumed(self, *, again: bool) -> tuple[RunSpec, BenchFile]:
        assert self.output is not None
        recording = Recording(self.output)
        kind = find_procedure(self.what) if self.what else find_procedure_by_class(recording.procedure)
        procedure = procedure_of(self.output, kind, self.settings, may_be_done=again)
        bench = bench_to_resume_on(recording) if self.bench is None else BenchFile.load(self.bench)
        if self.seed is not None and self.seed != recording.bench_attributes.get("seed"):
            raise InputError(f"seed = {self.seed}: a recording continues with the seed that is in it; leave it out")
        return RunSpec.of(procedure, kind.__name__, self.output, seed=self.seed), bench
