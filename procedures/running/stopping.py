"""What ends a run before its procedure does: conditions, requests to stop, and how long to wait for the procedure."""

import dataclasses
import enum
import time
from collections.abc import Mapping

import pydantic

from mtjlab.core import InputError, read_value

__all__ = ["Patience", "Stop", "StopConditions", "StopReason", "StoppedNow", "Tally"]

AT_ONCE_WAIT = 1.0
"""Time [s] that a procedure has to end by itself when it is stopped at once."""
SILENCE = 10.0
"""Time [s] that a procedure that was asked to stop may at least be silent, finishing what is under way."""
LONGER = 3.0
"""How many times as long as ever before it may be silent."""


class StoppedNow(BaseException):
    """Raised inside a procedure that is to stop at once; no Exception, so that no procedure swallows it."""


class StopReason(enum.Enum):
    """Who or what stops a run."""

    USER = "user"
    """Somebody stops it after the block under way: Ctrl-C, the window's Stop."""
    AT_ONCE = "at once"
    """Somebody does not wait for the block: Ctrl-C twice, SIGTERM, a closed terminal."""
    REQUEST = "request"
    """A program asks for it: the queue is paused."""
    CONDITION = "condition"
    """A stop condition is met: the run has all that was wanted of it."""
    ALARM = "alarm"
    """The health tests have raised as many alarms as are borne with."""

    @property
    def finishes(self) -> bool:
        """Whether a run that is stopped so counts as finished; else as aborted."""
        return self is StopReason.CONDITION


@dataclasses.dataclass(frozen=True)
class Stop:
    """One stop."""

    reason: StopReason
    """Who or what stops the run."""
    text: str
    """The words that the recording keeps."""

    def __str__(self) -> str:
        return self.text


class Patience:
    """How long to wait for a procedure that was asked to end, by how long it used to be silent before."""

    def __init__(self) -> None:
        self.is_at_once = False
        """Whether it was told to stop at once."""
        self._told = 0.0
        self._asked: float | None = None  # when it was asked to stop after the block under way
        self._heard = time.monotonic()
        self._silence = 0.0  # the longest so far

    def begin(self) -> None:
        """Begin to listen."""
        self._heard = time.monotonic()

    def hear(self, now: float) -> bool:
        """Take note that the procedure is heard of.

        Parameters
        ----------
        now
            When, by the monotonic clock [s].

        Returns
        -------
        bool
            Whether it was told to stop at once.
        """
        silence = now - self._heard
        self._heard = now
        if silence > self._silence:
            self._silence = silence
        return self.is_at_once

    def ask(self) -> None:
        """Take note that it is asked to stop after the block under way."""
        self._asked = self._asked or time.monotonic()

    def tell(self) -> None:
        """Take note that it is told to stop at once."""
        if not self.is_at_once:
            self.is_at_once, self._told = True, time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether the procedure should have ended by now."""
        now = time.monotonic()
        if self.is_at_once:
            return now - self._told > AT_ONCE_WAIT
        return self._asked is not None and now - max(self._asked, self._heard) > max(SILENCE, LONGER * self._silence)


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

    @pydantic.field_validator("bits", "alarms", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        return int(value) if isinstance(value, float) and value.is_integer() else value  # 1e6 is what people write

    @classmethod
    def parse(cls, words: Mapping[str, str]) -> "StopConditions":
        """Make conditions of words as people give them.

        Parameters
        ----------
        words
            Numbers by the names ``bits``, ``time`` [s] and ``alarms``; empty ones are left out.

        Raises
        ------
        InputError
            If there is no such condition, or it takes no such number.
        """
        values = {}
        for name, word in words.items():
            if not word.strip():
                continue
            try:
                values[name] = float(read_value(word, "s" if name == "time" else ""))
                cls(**{name: values[name]})  # type: ignore[arg-type]
            except (ValueError, TypeError):
                raise InputError(
                    f"stop condition {name} = {word}: give bits (a whole number above zero), time (seconds above zero) "
                    "or alarms (a whole number above zero)"
                ) from None
        return cls(**values)  # type: ignore[arg-type]

    def met_by(self, tally: Tally) -> Stop | None:
        """Give the stop by a condition that is met; None if none is. Alarms come first: they matter most.

        Parameters
        ----------
        tally
            What there is so far.
        """
        if self.alarms is not None and tally.alarms >= self.alarms:
            return Stop(StopReason.ALARM, f"health alarm: {tally.alarms} of {self.alarms}")
        if self.bits is not None and tally.bits >= self.bits:
            return Stop(StopReason.CONDITION, f"stop condition: {tally.bits} of {self.bits} bits")
        if self.time is not None and tally.time >= self.time:
            return Stop(StopReason.CONDITION, f"stop condition: {self.time:g} s have passed")
        return None

    def changed(self, other: "StopConditions") -> "StopConditions":
        """Give these with those instead that another states.

        Parameters
        ----------
        other
            Conditions; what it leaves out stays.
        """
        return self.model_copy(update={name: limit for name, limit in other if limit is not None})

    def within(self, outer: "StopConditions", spent: Tally) -> "StopConditions":
        """Narrow the conditions of a run by what is left of its plan's.

        Parameters
        ----------
        outer
            Conditions of the plan, not met yet.
        spent
            What its other runs count.

        Returns
        -------
        StopConditions
            The stricter of both.
        """
        left = {name: getattr(outer, name) for name in type(self).model_fields}
        left = {name: limit - getattr(spent, name) for name, limit in left.items() if limit is not None}
        own = {name: limit for name, limit in self if limit is not None}
        return StopConditions(**{name: min(own.get(name, limit), limit) for name, limit in {**own, **left}.items()})
