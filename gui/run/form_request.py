"""What the form asks for: one run, or a plan of several."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from pymeasure.experiment import Procedure

from mtjlab.instruments import BenchFile
from mtjlab.procedures import set_values
from mtjlab.procedures.running import Plan, RunOptions, RunRequest, RunSpec

__all__ = ["FormRequest"]


@dataclasses.dataclass(frozen=True)
class FormRequest:
    """A request of the form, complete enough to be run here or put on the queue."""

    procedure: Procedure
    """The procedure with its parameters; of a plan, those that no sweep goes through."""
    name: str
    """Its name, or ``FILE.py:Class`` with an absolute path."""
    options: RunOptions
    """How it is run."""
    output: Path
    """The recording; of a plan, the folder."""
    bench: str
    """Bench file, or name of a shipped bench."""
    plan_text: str = ""
    """The plan, where there is more than one run; else empty."""

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan of several runs."""
        return bool(self.plan_text)

    @property
    def plan(self) -> Plan:
        """The plan; its relative paths begin in the folder of the recordings.

        Raises
        ------
        ValueError
            If it is wrong.
        """
        return Plan.unchecked(self.plan_text, self.output / "form.toml")

    def runs(self, bench: BenchFile | None) -> list[RunSpec]:
        """Give its runs.

        Parameters
        ----------
        bench
            Bench whose defaults hold; None for none.

        Raises
        ------
        ValueError
            If the plan is wrong.
        """
        if self.is_plan:
            return self.plan.planned_runs(bench)
        return [RunSpec.of(self.procedure, self.name, self.output, seed=self.options.seed)]

    def queue_request(self) -> RunRequest:
        """Give the request that the queue keeps on disk, and that ``executor()`` carries out.

        Raises
        ------
        ValueError
            If something in it is wrong.
        """
        options = self.options
        common = {
            "seed": options.seed,
            "notify": options.notify,
            "mirror": None if options.mirror is None else Path(options.mirror),
            "sample": dict(options.sample),
            "stop": options.stop_when,
            "bench": self.bench or None,
        }
        if self.is_plan:
            return RunRequest(what=str(self.output / "form.toml"), plan_text=self.plan_text, **common)
        settings = {name: str(value) for name, value in set_values(self.procedure).items()}
        return RunRequest(what=self.name, settings=settings, output=self.output, **common)
