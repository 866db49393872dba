"""One entry of the queue: what is to be run, on which bench, and how far it is."""

import dataclasses
import enum
import json
from collections.abc import Sequence
from typing import Any

from mtjlab.procedures.running.run_request import RunRequest

__all__ = ["SELECT", "QueueEntry", "QueueState", "entry_of"]

SELECT = "SELECT number, request, bench, resources, state, held, begun, share, message FROM entries"
"""Asks the queue's file for entries, as `entry_of` takes them."""


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
    """Whether a runner has begun with it: it then continues with what there is."""
    share: float
    """Share that is done."""
    message: str
    """What became of it."""


def entry_of(row: Sequence[Any]) -> QueueEntry:
    """Make an entry of a row that `SELECT` asked for; one that cannot be read has failed and says what to do."""
    number, request, bench, resources, state, held, begun, share, message = row
    try:
        return QueueEntry(
            number,
            RunRequest.model_validate_json(request),
            str(bench),
            tuple(json.loads(resources)),
            QueueState(state),
            bool(held),
            bool(begun),
            float(share),
            str(message),
        )
    except (ValueError, TypeError):
        # Of a newer mtjlab, or of a damaged disk. It is shown and can be removed, and is in nobody's way.
        message = f"cannot be read: remove it (mtjlab queue remove {number}), or update mtjlab"
        return QueueEntry(number, None, str(bench), (), QueueState.FAILED, False, False, 0.0, message)
