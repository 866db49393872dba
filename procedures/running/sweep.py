"""The values that a plan's sweeps go through."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, Literal, Self

import pydantic

from mtjlab.core import InputError

__all__ = ["Range", "Sweep", "points_of"]

Scalar = bool | int | float | str
MOST = 10_000
"""Values of one sweep, and runs of one plan: beyond, a zero too many is likelier than the wish."""


class Range(pydantic.BaseModel):
    """Values from one end to the other, both included.

    Examples
    --------
    >>> Range.model_validate({"from": 1.2, "to": 1.3, "step": 0.05}).values()
    [1.2, 1.25, 1.3]
    >>> Range.model_validate({"from": 1e-9, "to": 1e-7, "count": 3, "spacing": "log"}).values()
    [1e-09, 1e-08, 1e-07]
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    start: float = pydantic.Field(alias="from")
    """First value."""
    to: float
    """Last value; where the step does not meet it, the last one before it."""
    step: float | None = None
    """Distance of two values; give it or `count`."""
    count: int | None = pydantic.Field(default=None, ge=2, le=MOST)
    """How many values."""
    spacing: Literal["linear", "log"] = "linear"
    """Whether neighbours have one difference or one ratio."""

    @pydantic.model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.step is None) == (self.count is None):
            raise InputError("give either step or count")
        if self.spacing == "log" and (self.count is None or self.start * self.to <= 0):
            raise InputError("spacing = 'log' wants a count, and two ends of one sign")
        if self.step is not None:
            steps = (self.to - self.start) / self.step if self.step else math.inf
            if not 0 <= steps < MOST:
                raise InputError(f"{self.start:g} to {self.to:g} in steps of {self.step:g} is no range")
        return self

    def values(self) -> list[float]:
        """Give all values; decimal fractions stay what they are in decimal writing."""
        start, end = Decimal(repr(self.start)), Decimal(repr(self.to))
        if self.count is None:
            step = Decimal(repr(self.step))
            return [float(start + index * step) for index in range(int((end - start) / step) + 1)]
        if self.spacing == "linear":
            return [float(start + (end - start) * index / (self.count - 1)) for index in range(self.count)]
        return [
            float(start * (end / start) ** (Decimal(index) / (self.count - 1))) for index in range(self.count - 1)
        ] + [self.to]


Sweep = dict[str, list[Scalar] | Range]
"""Parameters that go through their values together, like a zip."""


def points_of(sweeps: Sequence[Mapping[str, list[Scalar] | Range]]) -> list[dict[str, Any]]:
    """Give the points of several sweeps: each of the first with each of the second and so on; the last runs fastest.

    Parameters
    ----------
    sweeps
        Parameters that go through values: those of one sweep together, those of several each with each.

    Returns
    -------
    list of dict
        Values of all swept parameters, by name, for each run.

    Raises
    ------
    ValueError
        If parameters that go together have different numbers of values, or there are too many points.

    Examples
    --------
    >>> points_of([{"amplitude": [1.2, 1.3]}, {"width": [1e-8, 2e-8], "settle": [1e-6, 2e-6]}])[1]
    {'amplitude': 1.2, 'width': 2e-08, 'settle': 2e-06}
    """
    columns = []
    for sweep in sweeps:
        values = {name: each.values() if isinstance(each, Range) else each for name, each in sweep.items()}
        lengths = {name: len(each) for name, each in values.items()}
        if not all(lengths.values()) or not lengths:
            empty = ", ".join(name for name, length in lengths.items() if not length) or "a sweep"
            raise InputError(f"{empty} has no values to go through: give some, or remove it")
        if len(set(lengths.values())) > 1:
            counts = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise InputError(
                f"parameters of one sweep go through their values together, and these have different numbers of them: "
                f"{counts}; give each its own [[runs.sweep]] to combine all with all"
            )
        columns.append([dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)])
    if math.prod(map(len, columns)) > MOST:
        raise InputError(f"{math.prod(map(len, columns)):,} points are more than {MOST:,}: sweep less")
    return [{name: value for part in parts for name, value in part.items()} for parts in product(*columns)]
