"""What a list of recordings says of each: read in one go, kept as text, true of a broken file too."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mtjlab.core import Quantity
from mtjlab.data.catalogue.found_file import FoundFile
from mtjlab.data.catalogue.recording_tags import newest_notes
from mtjlab.data.contents.layout import Status
from mtjlab.data.reading.recording_summary import RecordingSummary
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError

__all__ = ["BROKEN", "RecordingFacts", "facts_of", "read_facts"]

BROKEN = "broken"
"""Stands for the status of a file that cannot be read."""


@dataclass(frozen=True)
class RecordingFacts:
    """A recording at a glance; `status` is ``broken`` and `fault` says why where it cannot be read."""

    path: str
    """Where it is."""
    size: int
    """Length of the file when it was read [bytes]."""
    modified: int
    """When the file had been written last, when it was read [Unix ns]."""
    status: str
    """running, finished, aborted, failed, killed, or broken."""
    fault: str = ""
    """Why it cannot be read, and what to do; empty where it can."""
    procedure: str = ""
    """Class of its procedure."""
    created: str = ""
    """When it was begun, ISO 8601."""
    software: str = ""
    """What wrote it."""
    simulated: bool = False
    """Whether the bench was made of software."""
    why: str = ""
    """Why its last segment ended."""
    bits: int = 0
    """Committed bits."""
    planned: int | None = None
    """Bits that were asked for; None where the procedure has no such parameter."""
    ones: int = 0
    """Ones among the bits."""
    rows: int = 0
    """Rows of its columns."""
    alarms: int = 0
    """Alarms of health tests."""
    duration: float = 0.0
    """Time for which it was recorded [s]."""
    sample: Mapping[str, str] = field(default_factory=dict)
    """Wafer, die, device, operator, note, as far as they are known."""
    parameters: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    """Value and SI unit of each parameter."""
    results: Mapping[str, Quantity] = field(default_factory=dict)
    """What was found, by name."""
    tags: tuple[str, ...] = ()
    """Words that somebody gave it."""
    remark: str = ""
    """The newest note that somebody wrote about it."""

    @property
    def share(self) -> float | None:
        """P(1): ones among the bits; None where there are no bits."""
        return self.ones / self.bits if self.bits else None

    @property
    def begun(self) -> float:
        """When it was begun [Unix s]; of a file that does not say, when it was last written."""
        try:
            return datetime.fromisoformat(self.created).timestamp()
        except ValueError:
            return self.modified / 1e9

    @property
    def can_resume(self) -> bool:
        """Whether a run can continue it: it was killed or aborted, or it failed."""
        return self.status in (Status.KILLED, Status.ABORTED, Status.FAILED)

    def as_text(self) -> str:
        """Write it as JSON; `from_text` reads that.

        Returns
        -------
        str
            What is not empty.
        """
        told = {name.name: getattr(self, name.name) for name in dataclasses.fields(self)}
        return json.dumps({name: value for name, value in told.items() if value not in ("", None, (), {})}, default=str)

    @classmethod
    def from_text(cls, text: str) -> RecordingFacts:
        """Read what `as_text` wrote.

        Parameters
        ----------
        text
            JSON.

        Returns
        -------
        RecordingFacts
            The same facts.

        Raises
        ------
        ValueError
            If it is something else.
        """
        try:
            told = json.loads(text)
            told["tags"] = tuple(told.get("tags", ()))
            told["results"] = {name: Quantity(*found) for name, found in told.get("results", {}).items()}
            told["parameters"] = {name: (value, unit) for name, (value, unit) in told.get("parameters", {}).items()}
            return cls(**told)
        except (TypeError, AttributeError) as error:
            raise ValueError(f"no facts of a recording: {error}") from error


def facts_of(recording: Recording) -> RecordingFacts:
    """Return what a list says of a recording.

    Parameters
    ----------
    recording
        The recording, which can be read; within ``with`` it is opened once.

    Returns
    -------
    RecordingFacts
        As it is now.

    Raises
    ------
    OSError
        If the file is gone.
    RecordingError
        If it cannot be read.
    """
    with recording:
        return _facts(FoundFile.at(recording.path), recording)


def read_facts(path: str) -> RecordingFacts:
    """Read what a list says of a recording; a broken file is told as such, not raised.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    RecordingFacts
        With the status ``broken`` where it cannot be read.

    Raises
    ------
    OSError
        If the file is gone.
    """
    found = FoundFile.at(path)
    try:
        with Recording(path) as recording:
            return _facts(found, recording)
    except (RecordingError, ValueError) as error:
        if not Path(path).exists():
            raise FileNotFoundError(path) from error
        words = f"{error.problem}; {error.remedy}" if isinstance(error, RecordingError) else str(error)
        return RecordingFacts(*found, status=BROKEN, fault=words)


def _facts(found: FoundFile, recording: Recording) -> RecordingFacts:
    summary: RecordingSummary = recording.summary()
    attributes = recording.attributes
    tags, remark = newest_notes(recording)
    return RecordingFacts(
        *found,
        status=str(summary.status),
        procedure=str(attributes["procedure"]),
        created=str(attributes["created"]),
        software=str(attributes["software"]),
        simulated=recording.simulated,
        why=summary.segments[-1].why if summary.segments else "",
        bits=summary.bits,
        planned=summary.planned,
        ones=summary.ones,
        rows=summary.rows,
        alarms=summary.alarms,
        duration=summary.duration,
        sample={name: value for name, value in recording.sample.items() if value},
        parameters={name: (item.value, item.unit) for name, item in recording.parameters.items()},
        results=recording.results,
        tags=tags,
        remark=remark,
    )
