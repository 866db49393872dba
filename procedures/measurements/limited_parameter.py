"""A parameter that a limit of the bench bounds, and says which."""

import math
from typing import Any, NamedTuple

from pymeasure.experiment import FloatParameter, Procedure

from mtjlab.core import InputError
from mtjlab.instruments import BenchFile, PulseSettings, allowed_range

__all__ = ["LimitedParameter", "RangeOnBench", "tell_ranges"]


class RangeOnBench(NamedTuple):
    """What a parameter takes on a bench, with the other parameters as they are."""

    low: float
    """Lowest value."""
    high: float
    """Highest value."""
    bench: str
    """Name of the bench."""
    missing: str = ""
    """What the bench lacks, where the parameter means nothing on it."""

    @property
    def words(self) -> str:
        """The range, or what is missing."""
        if self.missing:
            return self.missing
        return f"{self.low:g} to {self.high:g}" if self.low <= self.high else f"nothing up to {self.high:g}"

    def refuse_beyond(self, parameter: "LimitedParameter", value: float) -> None:
        """Refuse a value that the bench does not allow; where an instrument is missing, the run says so.

        Raises
        ------
        InputError
            Naming value and range.
        """
        if not self.missing and not self.low <= value <= self.high:
            unit = f" {parameter.units}" if parameter.units else ""
            raise InputError(
                f"{parameter.name} = {value:g}{unit}: the bench {self.bench} allows {self.words}{unit}"
                " with the other parameters as they are"
            )


class LimitedParameter(FloatParameter):
    """A number that is set on an instrument, so that a limit of the bench bounds it beside its own range.

    Parameters
    ----------
    name
        Name of the parameter.
    limit
        The limit: a key of ``[limits]``, such as ``pulse_amplitude``.
    amplitude, width, bias
        Parameters of the same procedure that are set with it, where the limit depends on them; a procedure need not
        have them.
    **kwargs
        As for `pymeasure.experiment.FloatParameter`.
    """

    on_bench: RangeOnBench | None = None
    """What it takes on the bench that its procedure was told of."""

    def __init__(
        self,
        name: str,
        *,
        limit: str,
        amplitude: str = "amplitude",
        width: str = "width",
        bias: str = "bias",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self.limit = limit
        self._beside = (amplitude, width, bias)

    def range_on(self, bench: BenchFile, procedure: Procedure) -> RangeOnBench:
        """Give what it takes on a bench, with the other parameters of its procedure as they are.

        Parameters
        ----------
        bench
            Bench file.
        procedure
            Procedure whose parameter it is.
        """
        beside = PulseSettings(*(_number(procedure, name) for name in self._beside))
        allowed = allowed_range(bench, self.limit, beside)
        least = max(self.minimum, allowed.smallest) if self.minimum > 0 else max(self.minimum, allowed.low)
        return RangeOnBench(least, min(self.maximum, allowed.high), bench.name, allowed.missing)


def tell_ranges(procedure: Procedure, bench: BenchFile) -> None:
    """Tell the parameters of a procedure what the bench allows: lists, hints and messages then say it.

    Parameters
    ----------
    procedure
        Procedure whose parameters are told.
    bench
        Bench file.
    """
    for parameter in procedure.parameter_objects().values():
        if isinstance(parameter, LimitedParameter):
            parameter.on_bench = parameter.range_on(bench, procedure)


def _number(procedure: Procedure, name: str) -> float:
    value = getattr(procedure, name, None)
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else 0.0
