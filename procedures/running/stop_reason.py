"""Why a run is stopped before its procedure ends by itself."""

import dataclasses
import enum

__all__ = ["AT_ONCE", "BY_THE_USER", "Stop", "StopReason"]


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
