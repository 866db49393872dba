"""What became of one run of a plan."""

import dataclasses

from mtjlab.procedures.running.planned_run import PlannedRun
from mtjlab.procedures.running.stop_conditions import Tally

__all__ = ["RunOutcome"]


@dataclasses.dataclass(frozen=True)
class RunOutcome:
    """What became of one run."""

    run: PlannedRun
    """The run."""
    status: str
    """``finished``, ``aborted``, ``failed``; ``found`` where a resumed plan found it finished."""
    tally: Tally
    """What its recording holds."""
    error: Exception | None = None
    """What it failed with."""
