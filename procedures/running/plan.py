"""The plan: a TOML file that says what is to be run, on which bench, and into which files."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pydantic
from pymeasure.experiment import Procedure

from mtjlab.core import InputError, TomlDocument
from mtjlab.instruments import BenchFile
from mtjlab.procedures import assign, bench_defaults, find_procedure, procedure_on, set_values
from mtjlab.procedures.running.plan_sections import PlanSection, RunSection, Sample
from mtjlab.procedures.running.run_executor import RunExecutor
from mtjlab.procedures.running.run_options import RunHooks, RunOptions
from mtjlab.procedures.running.run_spec import RunSpec, file_name
from mtjlab.procedures.running.stopping import StopConditions
from mtjlab.procedures.running.sweep import MOST, points_of

__all__ = ["Plan"]


class Plan(PlanSection):
    """A plan, validated.

    Examples
    --------
    >>> plan = Plan.load("night.toml")  # doctest: +SKIP
    >>> [run.path.name for run in plan.planned_runs()]  # doctest: +SKIP
    ['1.200V.h5', '1.250V.h5', '1.300V.h5']
    """

    name: str = ""
    """Name of the plan; by default that of its file."""
    bench: str = "simulated"
    """Bench file (relative to the plan) or name of a shipped bench."""
    seed: int | None = pydantic.Field(default=None, ge=0, lt=2**32)
    """Seed of a simulated bench; each run gets one of its own that is made from it."""
    folder: str = "."
    """Where the recordings go, relative to the plan; made if it is missing."""
    after_failure: Literal["stop", "continue"] = "stop"
    """Whether a run that fails ends the plan."""
    notify: str = ""
    """Program, with its arguments, to call when the plan has ended."""
    sample: Sample = Sample()
    """What is on the table."""
    stop: StopConditions = StopConditions()
    """Conditions that end the plan, counted over all its runs."""
    runs: list[RunSection] = pydantic.Field(min_length=1)
    """What is to be run, in this order."""
    text: str = pydantic.Field(default="", exclude=True)
    """The file as it was read; every recording keeps it."""
    path: Path = pydantic.Field(default=Path(), exclude=True)
    """The file."""

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a plan file.

        Parameters
        ----------
        path
            The file.

        Raises
        ------
        ValueError
            If there is no such file, or if it is wrong; the message names file, line and what is allowed.
        """
        path = Path(path).resolve()
        return cls.parse(TomlDocument.read(path, "give the path of a plan file (TOML)").text, path)

    @classmethod
    def parse(cls, text: str, path: Path) -> Self:
        """Take the text of a plan for the contents of a file, which relative paths start from.

        Parameters
        ----------
        text
            TOML.
        path
            The file.

        Returns
        -------
        Plan
            The plan, validated.

        Raises
        ------
        ValueError
            If it is wrong.
        """
        plan = cls.unchecked(text, path)
        plan.planned_runs()  # what is wrong in it is said now, not in the night
        return plan

    @classmethod
    def unchecked(cls, text: str, path: Path) -> Self:
        """Take the text of a plan, as `parse` does, and leave its values to `planned_runs`.

        Parameters
        ----------
        text
            TOML.
        path
            The file.

        Returns
        -------
        Plan
            The plan; its sections are validated, and the values of parameters are not looked at yet.

        Raises
        ------
        InputError
            If a section is wrong.
        """
        plan = TomlDocument(path.name, text).validate(cls, text=text, path=path)
        return plan.model_copy(update={"name": plan.name or path.stem})

    def executor(
        self, options: RunOptions | None = None, hooks: RunHooks | None = None, *, bench: BenchFile | None = None
    ) -> RunExecutor:
        """Prepare its runs.

        Parameters
        ----------
        options
            How they are run: sample, stop conditions, seed and notification instead of the plan's where they are given.
        hooks
            Who watches.
        bench
            Bench file, instead of the one that the plan names.

        Returns
        -------
        RunExecutor
            Runs them with its `run`.

        Raises
        ------
        ValueError
            If the plan, the bench or the program to notify by is wrong, or a recording is in the way.

        Examples
        --------
        >>> Plan.load("night.toml").executor(RunOptions(resume=True)).run()  # doctest: +SKIP
        """
        options = options or RunOptions()
        plan = self if options.seed is None else self.changed(seed=options.seed)
        whole = dataclasses.replace(
            options,
            sample={**{name: text for name, text in self.sample if text}, **options.sample},
            stop_when=self.stop.changed(options.stop_when),
            notify=options.notify or self.notify,
            plan=self.text,
            continue_after_failure=options.continue_after_failure or self.after_failure == "continue",
        )
        file = BenchFile.load(self.bench_file) if bench is None else bench
        return RunExecutor(plan.planned_runs(file), file, whole, hooks, name=self.name)

    def changed(
        self,
        *,
        bench: str | None = None,
        seed: int | None = None,
        folder: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> Self:
        """Give the plan with something else instead.

        Parameters
        ----------
        bench, seed, folder
            Instead of the plan's; relative to the working folder.
        settings
            Parameters, for every procedure that has them.

        Raises
        ------
        ValueError
            If no procedure has a parameter, or a sweep goes through it, or it takes no such value.
        """
        update: dict[str, Any] = {"runs": [self._set(section, settings or {}) for section in self.runs]}
        for name in settings or {}:
            if not any(name in self._kind(section)().parameter_objects() for section in self.runs):
                raise InputError(f"{name}: no procedure of the plan has this parameter")
        if bench is not None:
            update["bench"] = str(Path(bench).resolve()) if Path(bench).suffix == ".toml" else bench
        if seed is not None:
            update["seed"] = seed
        if folder is not None:
            update["folder"] = str(folder.resolve())
        return self.model_copy(update=update)

    @property
    def bench_file(self) -> str:
        """Bench file, or name of a shipped bench."""
        beside = self.path.parent / self.bench
        return str(beside) if beside.is_file() else self.bench

    def planned_runs(self, bench: BenchFile | None = None) -> list[RunSpec]:
        """Go through all sweeps and repeats.

        Parameters
        ----------
        bench
            Bench whose own defaults hold where the plan says nothing; without one, those of the procedures.

        Returns
        -------
        list of RunSpec
            In the order in which they are run.

        Raises
        ------
        ValueError
            If a procedure or parameter is unknown, a value is refused, or two runs would have one file; the message
            names file and line.
        """
        runs: list[RunSpec] = []
        taken: dict[Path, int] = {}
        for index, section in enumerate(self.runs):
            for run in self._runs_of(index, section, len(runs), bench):
                if run.path in taken:
                    raise self._error(
                        ("runs", index, "name"),
                        f"runs {taken[run.path]} and {run.number} would both be {run.path.name}: "
                        "name what differs, such as {run}",
                    )
                taken[run.path] = run.number
                runs.append(run)
        return runs

    def _runs_of(self, index: int, section: RunSection, before: int, bench: BenchFile | None) -> Iterator[RunSpec]:
        place: tuple[str | int, ...] = ("runs", index)
        try:
            kind = self._kind(section)
        except ValueError as error:
            raise self._error((*place, "procedure"), str(error)) from None
        for position, sweep in enumerate(section.sweep):
            twice = set(sweep) & (set(section.parameters) | {n for each in section.sweep[:position] for n in each})
            if twice:
                raise self._error((*place, "sweep", position, *sorted(twice)[:1]), "is given twice: remove one")
        points = self._points(index, section)
        if before + len(points) * section.repeats > MOST:
            raise self._error(place, f"more than {MOST:,} runs: plan less at once")
        defaults = {} if bench is None else bench_defaults(kind, bench)
        procedure = (
            kind() if bench is None else procedure_on(kind, bench)
        )  # one for all points: each sets the same parameters
        number = before
        for repeat in range(1, section.repeats + 1):
            for point in points:
                number += 1
                yield self._run(place, section, procedure, {**defaults, **section.parameters, **point}, number, repeat)

    def _points(self, index: int, section: RunSection) -> list[dict[str, Any]]:
        for position, sweep in enumerate(section.sweep):
            try:
                points_of([sweep])
            except ValueError as error:
                raise self._error(("runs", index, "sweep", position), str(error)) from None
        try:
            return points_of(section.sweep)
        except ValueError as error:
            raise self._error(("runs", index), str(error)) from None

    def _run(
        self,
        place: tuple[str | int, ...],
        section: RunSection,
        procedure: Procedure,
        parameters: dict[str, Any],
        number: int,
        repeat: int,
    ) -> RunSpec:
        for name, value in parameters.items():
            try:
                assign(procedure, name, value, f"{value!r}")
            except ValueError as error:
                raise self._error(self._place_of(place, section, name), str(error)) from None
        fields = set_values(procedure) | {
            "plan": self.name,
            "procedure": section.procedure,
            "run": number,
            "repeat": repeat,
        }
        try:
            name = file_name(section.name, fields)
        except ValueError as error:
            raise self._error((*place, "name"), str(error)) from None
        path = (self.path.parent / self.folder / name).resolve()
        parameters = {name: getattr(procedure, name) for name in parameters}
        return RunSpec(
            type(procedure), section.procedure, parameters, path, section.stop, self._seed(number), number, repeat
        )

    def _place_of(self, place: tuple[str | int, ...], section: RunSection, name: str) -> tuple[str | int, ...]:
        for position, sweep in enumerate(section.sweep):
            if name in sweep:
                return (*place, "sweep", position, name)
        return (*place, "parameters", name)

    def _seed(self, number: int) -> int | None:
        """Make the seed of a run: runs of one plan share no random stream, nor do those of neighbouring seeds."""
        if self.seed is None:
            return None
        return int(np.random.SeedSequence([self.seed, number]).generate_state(1)[0])

    def _kind(self, section: RunSection) -> Any:
        return find_procedure(section.procedure, self.path.parent)

    def _set(self, section: RunSection, settings: Mapping[str, str]) -> RunSection:
        procedure = self._kind(section)()
        parameters = dict(section.parameters)
        for name, word in settings.items():
            if name not in procedure.parameter_objects():
                continue
            if any(name in sweep for sweep in section.sweep):
                raise InputError(f"{name} = {word}: the plan sweeps {name}; change the plan instead")
            assign(procedure, name, word, f"{name} = {word}")
            parameters[name] = getattr(procedure, name)
        return section.model_copy(update={"parameters": parameters})

    def _error(self, place: tuple[str | int, ...], message: str) -> ValueError:
        return TomlDocument(self.path.name, self.text).error(place, message)
