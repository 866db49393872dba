"""What the runs of the form would take, and whether the bench allows them; asked in a thread beside the window."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from mtjlab.core import show_bytes, show_duration, show_end
from mtjlab.instruments import BenchFile
from mtjlab.procedures import RandomBitstream, TableProcedure, measurement
from mtjlab.procedures.running import DryRun, Estimates, RunCost, RunSpec, free_space

__all__ = ["Outlook", "allowed_words", "outlook_of"]

TOLD = 6
"""Refusals that are told, at most."""


@dataclasses.dataclass(frozen=True)
class Outlook:
    """What runs would take."""

    runs: int
    """How many."""
    duration: float | None
    """Time of all of them [s]; None where one does not say."""
    size: int | None
    """Size of all recordings [bytes]; None where one does not say."""
    free: int
    """Free space on the disk [bytes]."""
    words: str
    """What the procedure says beside, where it gives no numbers."""
    is_longest: bool = False
    """Whether the time is the longest that it may take."""

    @property
    def is_too_large(self) -> bool:
        """Whether the disk would be full before the end."""
        return self.size is not None and self.size > self.free

    @property
    def text(self) -> str:
        """All of it, in lines."""
        lines = [f"{self.runs:,} runs" if self.runs != 1 else "1 run"]
        lines.append(f"Time: {'at most ' if self.is_longest else ''}{show_end(self.duration)}")
        if self.runs > 1 and self.duration is not None:
            lines[-1] += f" ({show_duration(self.duration / self.runs)} each)"
        lines.append(f"Size: {show_bytes(self.size)}; free on the disk: {show_bytes(self.free)}")
        if self.is_too_large:
            lines.append("The disk is too small: what is recorded until it is full is kept and can be resumed.")
        return "\n".join(lines + ([self.words] if self.words else []))


def outlook_of(runs: list[RunSpec], bench: BenchFile | None, folder: Path) -> Outlook:
    """Ask the procedures.

    Parameters
    ----------
    runs
        The runs.
    bench
        Bench that they would run on, simulated or not.
    folder
        Where the recordings go.

    Returns
    -------
    Outlook
        Sums over the runs. A procedure whose `get_estimates` raises, or returns something else than it should, says
        nothing.
    """
    durations: list[float | None] = []
    sizes: list[int | None] = []
    words, is_longest = "", False
    for run in runs:
        procedure = run.procedure()
        is_longest = is_longest or measurement(procedure).estimate_is_longest
        if isinstance(procedure, TableProcedure | RandomBitstream):
            procedure.simulation = bench.simulation if bench else None
        estimates = Estimates.of(procedure)
        durations.append(estimates.duration)
        sizes.append(estimates.size)
        if len(runs) == 1 and None in (estimates.duration, estimates.size):
            words = ", ".join(f"{name}: {text}" for name, text in estimates.lines)
    return Outlook(len(runs), _sum(durations), _whole(_sum(sizes)), free_space(folder / "x"), words, is_longest)


def allowed_words(runs: list[RunSpec], bench: BenchFile) -> tuple[bool, str]:
    """Let the runs make their settings with closed outputs, and say what the bench allows.

    Parameters
    ----------
    runs
        The runs.
    bench
        The bench.

    Returns
    -------
    bool
        Whether nothing is refused.
    str
        Said in lines.
    """
    costs = DryRun(bench).costs(runs)
    refused = [cost for cost in costs if cost.error is not None]
    if refused:
        lines = [_refusal(cost, len(costs)) for cost in refused[:TOLD]]
        more = len(refused) - len(lines)
        return False, "\n".join(lines + ([f"and {more:,} more"] if more else []))
    unchecked = sum(not cost.checked for cost in costs)
    if unchecked:
        return (
            True,
            "Dry run: the procedure does not say its settings before it runs; the bench checks each as it is made.",
        )
    all_of = f"All {len(costs):,} runs are" if len(costs) > 1 else "The run is"
    return True, f"Dry run: {all_of} within the limits of the bench {bench.name}. No output was touched."


def _refusal(cost: RunCost, runs: int) -> str:
    return f"Run {cost.run.number}: {cost.error}" if runs > 1 else f"Dry run: {cost.error}"


def _sum(values: list[float | None] | list[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
