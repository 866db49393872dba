"""The Run room: what is to be run, with which parameters, through which values, into which files."""

from collections.abc import Callable
from pathlib import Path

from pymeasure.experiment import Procedure
from qtpy.QtCore import QTimer, Signal
from qtpy.QtGui import QCloseEvent
from qtpy.QtWidgets import QFileDialog

from mtjlab.core import InputError
from mtjlab.gui.run.file_target import FileTarget
from mtjlab.gui.run.form_request import FormRequest
from mtjlab.gui.run.form_sources import FormValues, absolute_name, values_of_plan, values_of_recording
from mtjlab.gui.run.latest_call import LatestCall
from mtjlab.gui.run.outlook import Outlook, allowed_words, outlook_of
from mtjlab.gui.run.presets import Presets
from mtjlab.gui.run.run_layout import RunLayout
from mtjlab.instruments import BenchFile
from mtjlab.procedures import find_procedure
from mtjlab.procedures.running import plan_text

__all__ = ["RunRoom"]

PAUSE = 250
"""Time [ms] after the last letter until the estimate is made."""


class RunRoom(FileTarget):
    """A form for any procedure: checked, estimated and drawn up as a plan while one types.

    Parameters
    ----------
    bench
        Bench to run on; None where there is none yet.
    folder
        Where recordings go.
    procedure
        Name of the procedure to begin with, or ``FILE.py:Class``.
    presets
        Folder of the presets; by default in the user's configuration folder.
    """

    start_requested = Signal(object)
    """A `FormRequest` that is to be run now."""
    queue_requested = Signal(object)
    """A `FormRequest` that is to be put on the queue."""

    def __init__(
        self,
        bench: BenchFile | None,
        folder: Path,
        procedure: str = "random-bitstream",
        presets: Path | None = None,
    ) -> None:
        super().__init__()
        self._bench, self._running = bench, False
        self._presets = Presets(presets)
        self._name, self._kind = "", Procedure
        self._parts = RunLayout(self, folder, self._presets)
        self._estimates, self._dry_runs = LatestCall(self), LatestCall(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._connect()
        self.choose(procedure)

    @property
    def is_valid(self) -> bool:
        """Whether everything on the form may be run, as far as it can be told without running it."""
        return not self._reasons()

    @property
    def procedure(self) -> Procedure:
        """The procedure with the parameters as they stand."""
        return self._parts.parameters.procedure

    @property
    def folder(self) -> Path:
        """Where recordings go."""
        return self._parts.output.folder

    def choose(self, name: str) -> None:
        """Show the parameters of another procedure, at their defaults.

        Parameters
        ----------
        name
            Its name, or ``FILE.py:Class``. What is wrong with it is said in its place.
        """
        try:
            kind = find_procedure(name)
            self._show(absolute_name(name), kind)
        except Exception as error:  # of the user's own code, too
            self._parts.choice.say_refused(str(error))

    def set_bench(self, bench: BenchFile | None) -> None:
        """Run on another bench; what was typed stays.

        Parameters
        ----------
        bench
            The bench; None for none.
        """
        typed = self._parts.parameters.changes
        self._bench = bench
        self._parts.show_parameters(self._kind, bench, self._changed)
        self._parts.parameters.show_values(typed)

    def set_folder(self, folder: Path) -> None:
        """Let recordings go somewhere else.

        Parameters
        ----------
        folder
            The folder.
        """
        self._parts.output.set_folder(folder)

    def set_running(self, running: bool) -> None:
        """Say whether a run is under way: the next one may be set up meanwhile, and put on the queue.

        Parameters
        ----------
        running
            Whether there is one.
        """
        self._running = running
        if not running:
            self._propose(anew=True)
        self._enable()

    def take_parameters(self, path: Path) -> None:
        """Fill the form from a recording: its procedure, parameters and sample.

        Parameters
        ----------
        path
            The recording. What is wrong with it is said in place.
        """
        self._fill(lambda: values_of_recording(path, self._kind, self._name), f"Parameters of {path.name}")

    def open_plan(self, path: Path) -> None:
        """Fill the form from a plan file: its procedure, parameters, sweeps, sample and options.

        Parameters
        ----------
        path
            The plan. What is wrong with it is said in place.
        """
        self._fill(lambda: values_of_plan(path), f"Plan {path.name}")

    def save_plan(self, path: Path) -> None:
        """Save the form as a plan file, which ``mtjlab run`` takes.

        Parameters
        ----------
        path
            The file.
        """
        try:
            path.write_text(self._plan_text(), encoding="utf-8")
        except (ValueError, OSError) as error:
            self._parts.say_refused(str(error))
        else:
            self._parts.say(f"Saved as {path.name}. Run it by: mtjlab run {path.name}")

    def say(self, text: str) -> None:
        """Say what was done, until something else is typed."""
        self._parts.say(text)

    def say_refused(self, text: str) -> None:
        """Say in red why something was not done."""
        self._parts.say_refused(text)

    def request(self) -> FormRequest:
        """Give what the form asks for.

        Raises
        ------
        ValueError
            If something on it is refused.
        """
        if reasons := self._reasons():
            raise InputError(reasons[0])
        output, sweeps = self._parts.output, self._parts.sweeps
        bench = "" if self._bench is None else self._bench.source
        options = self._parts.options.options()
        if not sweeps.is_used:
            return FormRequest(
                self._parts.parameters.get_procedure(), self._name, options, output.folder / output.name, bench
            )
        return FormRequest(self.procedure, self._name, options, output.folder, bench, self._plan_text())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """End what works beside the window."""
        self._pause.stop()
        self._estimates.close()
        self._dry_runs.close()
        event.accept()

    # the parts

    def _connect(self) -> None:
        parts = self._parts
        parts.choice.chosen.connect(self.choose)
        parts.presets.taken.connect(self.open_plan)
        parts.presets.save_asked.connect(self._save_preset)
        parts.presets.refused.connect(parts.say_refused)
        parts.options.changed.connect(self._changed)
        parts.output.changed.connect(self._changed)
        parts.open.clicked.connect(lambda: self.ask_for_file(self.folder))
        self.file_given.connect(self._open)
        parts.save.clicked.connect(self._ask_save)
        parts.dry_run.clicked.connect(self._dry_run)
        parts.start.clicked.connect(lambda: self._emit(self.start_requested))
        parts.queue.clicked.connect(lambda: self._emit(self.queue_requested))
        self._pause.timeout.connect(self._estimate)
        self._estimates.answered.connect(self._show_outlook)
        self._dry_runs.answered.connect(self._show_allowed)

    def _show(self, name: str, kind: type[Procedure]) -> None:
        self._name, self._kind = name, kind
        self._parts.choice.show_chosen(name, kind)
        self._parts.presets.show_presets(name)
        self._parts.show_sweeps(kind, self._changed)
        self._parts.show_parameters(kind, self._bench, self._changed)
        self._propose()
        self._parts.say("")

    def _changed(self) -> None:
        self._propose()
        self._enable()
        self._dry_runs.forget()
        self._parts.say_allowed("", refused=False)
        self._parts.say("")
        self._pause.start()

    def _propose(self, *, anew: bool = False) -> None:
        stem = self._name.rpartition(":")[2] if ":" in self._name else self._name
        self._parts.output.blockSignals(True)
        self._parts.output.propose(stem, several=self._parts.sweeps.is_used, anew=anew)
        self._parts.output.blockSignals(False)

    def _reasons(self) -> list[str]:
        parts, parameters = self._parts, self._parts.parameters.procedure.parameter_objects()
        reasons = [
            why if why.startswith(title := parameters[name].name) else f"{title}: {why}"
            for name, why in parts.parameters.refused.items()
            if name not in parts.sweeps.swept
        ]
        reasons += parts.options.refused.values()
        if not parts.sweeps.is_valid:
            reasons.append("A sweep is not complete.")
        if not parts.output.is_valid:
            reasons.append("The file cannot be written there.")
        if self._bench is None:
            reasons.append("There is no bench: open one.")
        return reasons

    def _enable(self) -> None:
        self._parts.enable(self._reasons(), running=self._running)

    def _estimate(self) -> None:
        if not self.is_valid:
            self._estimates.forget()
            self._parts.say_outlook("")
            return
        request, bench = self.request(), self._bench
        self._estimates.ask(lambda: outlook_of(request.runs(bench), bench, request.output))

    def _show_outlook(self, found: object) -> None:
        if isinstance(found, Outlook):
            self._parts.say_outlook(found.text, refused=found.is_too_large)
        else:
            self._parts.say_outlook(str(found), refused=True)

    def _dry_run(self) -> None:
        request, bench = self.request(), self._bench
        if bench is not None:
            self._parts.say_allowed("Dry run…", refused=False)
            self._dry_runs.ask(lambda: allowed_words(request.runs(bench), bench))

    def _show_allowed(self, found: object) -> None:
        allowed, words = found if isinstance(found, tuple) else (False, f"Dry run: {found}")
        self._parts.say_allowed(words, refused=not allowed)

    def _emit(self, signal: Signal) -> None:
        try:
            self._propose()
            request = self.request()
            request.runs(self._bench)
        except ValueError as error:
            self._parts.say_refused(str(error))
            return
        self._propose(anew=True)
        self._enable()
        self._parts.say("")
        signal.emit(request)

    def _plan_text(self) -> str:
        parts = self._parts
        sweeps = parts.sweeps.sweeps()
        swept = {name for sweep in sweeps for name in sweep}
        options = parts.options.options()
        return plan_text(
            self._name,
            {name: value for name, value in parts.parameters.changes.items() if name not in swept},
            sweeps,
            names=parts.output.name if parts.sweeps.is_used else "",
            repeats=parts.sweeps.repeats,
            sample=parts.options.sample,
            stop=options.stop_when.model_dump(exclude_none=True),
            bench="" if self._bench is None else self._bench.source,
            folder=str(parts.output.folder),
            seed=options.seed,
            notify=options.notify,
        )

    def _save_preset(self, name: str) -> None:
        try:
            self._presets.save(self._name, name, self._plan_text())
        except ValueError as error:
            self._parts.say_refused(str(error))
            return
        self._parts.presets.show_presets(self._name, name)
        self._parts.say(f"Saved as preset {name}.")

    def _fill(self, values: Callable[[], FormValues], what: str) -> None:
        try:
            found = values()
            self._show(found.name, found.kind)
        except Exception as error:  # a broken file, or a user's own code
            self._parts.say_refused(str(error))
            return
        self._parts.parameters.show_values(found.parameters)
        self._parts.sweeps.show_sweeps(found.sweeps, found.repeats)
        self._parts.options.show_sample(found.sample)
        if found.stop is not None:
            self._parts.options.show_options(found.stop, found.seed)
        self._parts.say(f"{what} taken. {found.left_out}".strip())

    def _open(self, path: Path) -> None:
        (self.open_plan if path.suffix == ".toml" else self.take_parameters)(path)

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save as plan", str(self.folder / "plan.toml"), "Plan (*.toml)")
        if name:
            self.save_plan(Path(name))
