"""Conditions that end a run, or a whole plan, before its procedure does."""

import dataclasses

import pydantic

from mtjlab.procedures.running.stop_reason import Stop, StopReason

__all__ = ["StopConditions", "Tally"]


@dataclasses.dataclass
class Tally:
    """What there is of a run, or of all runs of a plan, so far."""

    bits: int = 0
    """Bits acquired."""
    time: float = 0.0
    """Time spent acquiring [s]."""
    alarms: int = 0
    """Alarms of the health tests."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.bits + other.bits, self.time + other.time, self.alarms + other.alarms)


class StopConditions(pydantic.BaseModel):
    """Conditions to stop; what is left out stops nothing.

    Examples
    --------
    >>> print(StopConditions(bits=1000, alarms=1).met_by(Tally(bits=2500)))
    stop condition: 2500 of 1000 bits
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    bits: pydantic.PositiveInt | None = None
    """Stop after the block with which so many bits are there."""
    time: pydantic.PositiveFloat | None = None
    """Stop after the block during which so much time [s] has passed."""
    alarms: pydantic.PositiveInt | None = None
    """Stop after the block with which the health tests have raised so many alarms."""

    @pydantic.field_validator("bits", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        return int(value) if isinstance(value, float) and value.is_integer() else value  # 1e6 is what people write

    def met_by(self, tally: Tally) -> Stop | None:
        """Give the stop by a condition that is met; None if none is. Alarms come first: they matter most."""
        if self.alarms is not None and tally.alarms >= self.alarms:
            return Stop(StopReason.ALARM, f"health alarm: {tally.alarms} of {self.alarms}")
        if self.bits is not None and tally.bits >= self.bits:
            return Stop(StopReason.CONDITION, f"stop condition: {tally.bits} of {self.bits} bits")
        if self.time is not None and tally.time >= self.time:
            return Stop(StopReason.CONDITION, f"stop condition: {self.time:g} s have passed")
        return None

    def within(self, outer: "StopConditions", spent: Tally) -> "StopConditions":
        """Narrow the conditions of a run by what is left of its plan's.

        Parameters
        ----------
        outer
            Conditions of the plan, not met yet.
        spent
            What its other runs count.
        """
        left = {name: getattr(outer, name) for name in type(self).model_fields}
        left = {name: limit - getattr(spent, name) for name, limit in left.items() if limit is not None}
        own = {name: limit for name, limit in self if limit is not None}
        return StopConditions(**{name: min(own.get(name, limit), limit) for name, limit in {**own, **left}.items()})
