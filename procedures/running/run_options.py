"""How a run is run, and who watches it: the same for Python, the command, the queue and the window."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from mtjlab.core import InputError, Stage, silent
from mtjlab.procedures import Event
from mtjlab.procedures.running.interruption import Interruption
from mtjlab.procedures.running.stopping import StopConditions

__all__ = ["LARGEST_SEED", "SAMPLE_WORDS", "RunHooks", "RunOptions"]

LARGEST_SEED = 2**32 - 1
"""Largest seed of a simulated device that people give."""
SAMPLE_WORDS = ("wafer", "die", "device", "operator", "note")
"""What a recording says of the sample on the bench."""


@dataclasses.dataclass(frozen=True)
class RunOptions:
    """What somebody wants of a run, beside its procedure, bench and file.

    Raises
    ------
    InputError
        If the seed is out of range, or the sample has another word than `SAMPLE_WORDS`.

    Examples
    --------
    >>> RunOptions(seed=5, sample={"wafer": "W12"}).resume
    False
    """

    resume: bool = False
    """Continue with the recording that is there, within the limits that it was made in and those of the bench, the
    stricter of both. The procedure's parameters must be those in it, but for those that it declares extendable, such as
    the number of bits. A simulated bench that was opened with the seed in the recording, and is fresh, first repeats
    the run, so that the file holds what an uninterrupted run gives."""
    mirror: str | Path | None = None
    """Folder for a copy of the recording that is kept while it is written, with everything that is committed. If the
    copy fails on the way, the log says so and the run continues."""
    sample: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What is on the bench: wafer, die, device, operator, note. The device is the bench file's unless it is given."""
    stop_when: StopConditions = dataclasses.field(default_factory=StopConditions)
    """Conditions that end the run early; of several runs, counted over all of them."""
    seed: int | None = None
    """Seed of a simulated bench that is opened for the run."""
    notify: str = ""
    """Program, with its arguments, to call when everything has ended."""
    plan: str | None = None
    """Text of the plan that the run belongs to, kept in the recording."""
    continue_after_failure: bool = False
    """Whether a run that fails leaves the others to be run."""

    def __post_init__(self) -> None:
        if self.seed is not None and not 0 <= self.seed <= LARGEST_SEED:
            raise InputError(f"seed = {self.seed}: give a whole number from 0 to {LARGEST_SEED}")
        for name in self.sample:
            if name not in SAMPLE_WORDS:
                raise InputError(f"sample {name!r}: give one of {', '.join(SAMPLE_WORDS)}")


def _ignore(event: Event) -> None:
    """Take no note of an event."""


def _never() -> str:
    """Stop for nothing."""
    return ""


@dataclasses.dataclass(frozen=True)
class RunHooks:
    """Who watches a run, and who may stop it."""

    listener: Callable[[Event], None] = _ignore
    """Called in the worker's thread with every event of the procedure; it must not block."""
    stage: Stage = silent
    """Shows progress: called with a name, such as that of a recording or ``fit``, gives the function that is called
    with what is done and what there is to do."""
    stopped: Callable[[], str] = _never
    """Asked twice a second whether to stop after the block under way; answers why, or nothing."""
    release: Callable[[], None] | None = None
    """Called when the outputs are off and only the fit is left to do, such as ``bench.close``: others may have it."""
    interruption: Interruption | None = None
    """Whose presses stop the run, beside Ctrl-C: the window's button."""
