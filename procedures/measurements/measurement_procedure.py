"""The base class of measurement procedures: PyMeasure's `Procedure`, and what the runner and the window ask besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pymeasure.experiment import Parameter, Procedure
from pymeasure.experiment.parameters import Metadata

from mtjlab.procedures.measurements.events import Event, topic_and_record
from mtjlab.procedures.measurements.parameter_groups import EXPERT
from mtjlab.procedures.measurements.parameters import assign
from mtjlab.procedures.measurements.suggested_values import bench_defaults

if TYPE_CHECKING:
    from mtjlab.data import Recording
    from mtjlab.instruments import Bench, BenchFile, Simulation
    from mtjlab.procedures.measurements.fit_task import FitTask
    from mtjlab.procedures.measurements.resumption import Resumption

__all__ = ["MeasurementProcedure", "measurement"]


class MeasurementProcedure(Procedure):
    """A PyMeasure procedure that runs on a bench into a recording.

    Every member has a default: a procedure overrides what it needs. Its parameters are checked when it is made;
    PyMeasure's own class passes over a name that it does not know, so that a misspelt parameter runs with the default.

    Parameters
    ----------
    **parameters
        Values by the names of the parameters.

    Raises
    ------
    InputError
        If there is no such parameter, or it takes no such value; the message names it and says what it takes.

    Examples
    --------
    >>> class Voltage(MeasurementProcedure):
    ...     DATA_COLUMNS = ["Voltage (V)"]
    ...
    ...     def execute(self):
    ...         self.report(RowEvent({"Voltage (V)": self.bench.source_meter.read().voltage}))
    ...         self.report(ProgressEvent(100.0))
    """

    bench: Bench
    """Bench to run on; the runner sets it."""
    simulation: Simulation | None = None
    """Simulated bench that it will run on, as far as it is estimated before it has a bench."""

    makes_bits: ClassVar[bool] = False
    """Whether it reports blocks of bits, up to as many as its parameter ``bits`` says."""

    extendable: ClassVar[tuple[str, ...]] = ()
    """Parameters that may be changed when it is resumed; all others are what the recording says."""

    fit_settings: ClassVar[tuple[str, ...]] = ()
    """Parameters that its fit alone uses, and that may be changed when the fit is made again."""
    fits_parts: ClassVar[bool] = False
    """Whether a run that was stopped is fitted at its end, too."""

    live_columns: ClassVar[tuple[str, str] | None] = None
    """Columns that a window plots while it runs, across and up; the first two unless given."""
    live_share: ClassVar[tuple[tuple[str, ...], tuple[str, ...]] | None] = None
    """Columns whose sum, over the sum of other ones, colours the points of that plot: a share, 0 to 1."""
    plotted_columns: ClassVar[tuple[str, ...] | None] = None
    """Columns that viewers of the recording plot at first, across and up, or across, up and in colour; `live_columns`
    unless given."""
    parameter_groups: ClassVar[dict[str, tuple[str, ...]]] = {
        EXPERT: ("settle", "compliance", "integration", "read_error", "block", "entropy", "false_alarm")
    }
    """Groups that a form shows parameters in, by their titles; the rest is basic. See `parameter_groups`."""
    parameter_notes: ClassVar[dict[str, str]] = {}
    """A sentence on each parameter, for forms and lists; a parameter's own ``description`` goes before it."""
    column_notes: ClassVar[dict[str, str]] = {}
    """What the numbers of a column mean, where they are codes; the recording keeps it with the column."""

    estimate_is_longest: ClassVar[bool] = False
    """Whether it may end much earlier than estimated."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__()
        for name, value in parameters.items():
            assign(self, name, value, f"{name} = {value!r:.60}")

    @classmethod
    def for_bench(cls, bench: BenchFile, **parameters: Any) -> Self:
        """Make one with the defaults of a bench, as the command and the window do.

        Parameters
        ----------
        bench
            Bench file, such as ``bench.file`` of an open bench; its ``[defaults.PROCEDURE]`` are taken.
        **parameters
            Values that go before them.

        Raises
        ------
        InputError
            If the bench file or `parameters` say what the procedure does not take.

        Examples
        --------
        >>> with open_bench("simulated-fast") as bench:  # doctest: +SKIP
        ...     run(RandomBitstream.for_bench(bench.file, bits=1000), bench, "bits.h5")
        """
        return cls(**{**bench_defaults(cls, bench), **parameters})

    @property
    def estimated_duration(self) -> float | None:
        """Time that a run takes [s], its fit included; None where it is not known."""
        return None

    @property
    def estimated_bytes(self) -> int | None:
        """Size of the recording [bytes]; None where it is not known."""
        return None

    @property
    def complete(self) -> bool:
        """Whether it has got to its end although it was asked to stop."""
        return False

    @property
    def keeps_resistance(self) -> bool:
        """Whether the resistance that was read with each bit goes into the recording."""
        return False

    def get_estimates(self) -> list[tuple[str, str]]:
        """Give duration and file size in words, for PyMeasure's estimator, the window and a dry run."""
        duration, size = self.estimated_duration, self.estimated_bytes
        most = "at most " if self.estimate_is_longest else ""
        words = []
        if duration is not None:
            words.append(("Duration", f"{most}{duration:.3g} s"))
        if size is not None:
            words.append(("File", f"{most}{size / 1e6:.3g} MB"))
        return words

    def shutdown(self) -> None:
        """Switch the outputs off; coils ramp down."""
        self.bench.make_safe()

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""

    def resume(self, resumption: Resumption) -> None:
        """Take note, before startup, of where to resume.

        Parameters
        ----------
        resumption
            What the recording holds.
        """

    def fit_rows(self, task: FitTask) -> None:
        """Fit what was recorded; no instrument is there.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.

        Raises
        ------
        FitError
            If the rows do not determine what is to be found.
        """

    def picture(self, recording: Recording) -> bytes:
        """Draw what a recording of this procedure holds; by default its columns are drawn.

        Parameters
        ----------
        recording
            A recording whose parameters are this procedure's, also a part.

        Returns
        -------
        bytes
            A PNG.

        Raises
        ------
        InputError
            If there is nothing to draw.
        """
        raise NotImplementedError

    def report(self, event: Event) -> None:
        """Hand an event on to whoever runs this; the runner sets it. In PyMeasure's own worker it is emitted.

        Parameters
        ----------
        event
            What is reported.
        """
        self.emit(*topic_and_record(event))

    @property
    def can_configure(self) -> bool:
        """Whether its settings can be made, and so checked, without a run."""
        return self._overrides("configure")

    @property
    def can_resume(self) -> bool:
        """Whether it can be resumed where a recording ends; else it is measured again."""
        return self._overrides("resume")

    @property
    def can_fit(self) -> bool:
        """Whether its rows are fitted, at the end of a run and again later."""
        return self._overrides("fit_rows")

    @property
    def can_draw(self) -> bool:
        """Whether it draws its recordings itself."""
        return self._overrides("picture")

    def _overrides(self, name: str) -> bool:
        return getattr(type(self), name) is not getattr(MeasurementProcedure, name)


_MEMBERS = frozenset(
    {
        "makes_bits",
        "complete",
        "keeps_resistance",
        "extendable",
        "fit_settings",
        "fits_parts",
        "live_columns",
        "live_share",
        "plotted_columns",
        "column_notes",
        "estimated_duration",
        "estimated_bytes",
        "configure",
        "resume",
        "fit_rows",
        "picture",
    }
)
"""Members that a plain PyMeasure procedure may have, too."""


class _Plain(MeasurementProcedure):
    """A user's plain PyMeasure procedure, seen as a measurement: its own members, and our defaults for the others.

    A name of ours that it uses for a parameter means the parameter.
    """

    def __init__(self, procedure: Procedure) -> None:
        super().__init__()
        kind = type(procedure)
        self._procedure = procedure
        self._own = {
            name
            for name in _MEMBERS
            if hasattr(kind, name) or name in vars(procedure)
            if not isinstance(getattr(kind, name, None), (Parameter, Metadata))
        }

    def __getattribute__(self, name: str) -> Any:
        if name in _MEMBERS and name in self._own:
            return getattr(self._procedure, name)
        return super().__getattribute__(name)

    def parameter_objects(self) -> dict[str, Parameter]:
        parameters: dict[str, Parameter] = self._procedure.parameter_objects()
        return parameters

    @property
    def can_configure(self) -> bool:
        return "configure" in self._own

    @property
    def can_resume(self) -> bool:
        return {"resume", "extendable"} <= self._own

    @property
    def can_fit(self) -> bool:
        return {"fit_rows", "fit_settings", "fits_parts"} <= self._own

    @property
    def can_draw(self) -> bool:
        return "picture" in self._own


def measurement(of: Procedure | type[Procedure]) -> MeasurementProcedure:
    """See any PyMeasure procedure as a measurement: the one place where a user's plain procedure is wrapped.

    Parameters
    ----------
    of
        Procedure, or its class; of a class one is made.

    Returns
    -------
    MeasurementProcedure
        The procedure itself where it is one; else a wrapper with the members that it has, and defaults for the others.
    """
    procedure = of() if isinstance(of, type) else of
    return procedure if isinstance(procedure, MeasurementProcedure) else _Plain(procedure)
