"""The limits of a bench, as its roles declare them, and the refusal of what is beyond."""

import dataclasses
from typing import Self

from mtjlab.core import MtjlabError
from mtjlab.instruments.settings.section import Section

__all__ = ["BenchLimit", "LimitError", "LimitSettings", "limits_of"]


class LimitError(MtjlabError):
    """A request would take the device or an instrument beyond a limit; nothing was changed.

    Parameters
    ----------
    quantity
        What was asked for, in words.
    value
        What it would have been.
    low, high
        Allowed range.
    unit
        Unit of all three; empty for a pure number.
    """

    def __init__(self, quantity: str, value: float, low: float, high: float, unit: str) -> None:
        low += 0.0  # minus zero, the other end of a range of zero, is zero
        self.quantity, self.value, self.low, self.high, self.unit = quantity, value, low, high, unit
        of_it = f" {unit}" if unit else ""
        super().__init__(
            f"{quantity} = {value:g}{of_it} is refused: the bench allows {low:g} to {high:g}{of_it}; "
            "ask for less, or change [limits] in the bench file if the device stands it"
        )


@dataclasses.dataclass(frozen=True)
class BenchLimit:
    """What is to be known of a limit; stands in the annotation of its key.

    Examples
    --------
    >>> from typing import Annotated
    >>> class FieldLimits(LimitSettings):
    ...     field: Annotated[float, BenchLimit("T", 0.1, either_polarity=True)] = 0.0
    >>> limits_of(FieldLimits)["field"].unit
    'T'
    """

    unit: str
    """Its unit; empty for a pure number."""
    example: float | None = None
    """A value for the template of a bench file; None shows the default."""
    either_polarity: bool = False
    """Whether it holds for both polarities; otherwise nothing below zero is allowed."""
    stated: bool = True
    """Whether a bench file with a role that is held to it must state it."""


class LimitSettings(Section):
    """Limits, each the largest value that is allowed; one that is left out allows nothing."""

    def stricter(self, other: Self) -> Self:
        """Give the stricter of both, limit by limit.

        Parameters
        ----------
        other
            The other limits.
        """
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in type(self).model_fields}
        both = {name: [value for value in pair if value is not None] for name, pair in pairs.items()}
        return self.model_copy(update={name: min(values, default=None) for name, values in both.items()})


def limits_of(model: type[LimitSettings]) -> dict[str, BenchLimit]:
    """Give what a model of limits says of each.

    Parameters
    ----------
    model
        Model whose keys have a `BenchLimit` in their annotations.

    Raises
    ------
    TypeError
        If one has none.
    """
    found = {}
    for name, field in model.model_fields.items():
        facts = next((entry for entry in field.metadata if isinstance(entry, BenchLimit)), None)
        if facts is None:
            raise TypeError(f"limit {name} of {model.__name__} has no BenchLimit in its annotation")
        found[name] = facts
    return found
