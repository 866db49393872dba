"""One entry of the queue."""

import dataclasses
import enum

from mtjlab.procedures.running.run_request import RunRequest

__all__ = ["QueueEntry", "QueueState"]


class QueueState(enum.StrEnum):
    """How far an entry is."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True)
class QueueEntry:
    """One entry."""

    number: int
    """By which it is named; never used again."""
    request: RunRequest | None
    """What is to be run; None where the queue's file does not say it in a way that can be read."""
    bench: str
    """Name of the bench."""
    resources: tuple[str, ...]
    """VISA resources of its instruments; none of a simulated bench, whose instruments are the run's own."""
    state: QueueState
    """How far it is."""
    held: bool
    """Whether it is to wait until it is resumed."""
    begun: bool
    """Whether a runner has begun with it: it then goes on with what there is."""
    share: float
    """Share that is done."""
    message: str
    """What became of it."""
