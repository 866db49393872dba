"""Why a run is stopped before its procedure ends by itself, and how long to wait for the procedure then."""

import dataclasses
import enum
import time

__all__ = ["AT_ONCE", "BY_THE_USER", "Patience", "Stop", "StopReason"]

AT_ONCE_WAIT = 1.0
"""Time [s] that a procedure has to end by itself when it is stopped at once."""
SILENCE = 10.0
"""Time [s] that a procedure that was asked to stop may at least be silent, finishing what is under way."""
LONGER = 3.0
"""How many times as long as ever before it may be silent."""


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


BY_THE_USER = Stop(StopReason.USER, "stopped by the user")
AT_ONCE = Stop(StopReason.AT_ONCE, "stopped at once by the user")


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

    def hear(self) -> None:
        """Take note that the procedure is heard of."""
        before, self._heard = self._heard, time.monotonic()
        self._silence = max(self._silence, self._heard - before)

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
