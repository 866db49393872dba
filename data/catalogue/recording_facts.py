"""What a list of recordings says of each: read in one go, kept as text, true of a broken file too."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py

from mtjlab.core import Quantity
from mtjlab.data.catalogue.found_file import FoundFile
from mtjlab.data.catalogue.recording_tags import newest_notes
from mtjlab.data.checking.recording_check import committed
from mtjlab.data.contents.layout import FORMAT, FORMAT_VERSION, Status
from mtjlab.data.contents.recording_attributes import from_stored, read_attributes, read_text
from mtjlab.data.contents.recording_parameter import read_values
from mtjlab.data.reading.recorded_lists import read_messages, read_results
from mtjlab.data.reading.recording_reading import open_for_reading
from mtjlab.data.reading.recording_summary import RecordingSummary, summarise
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
    begun: float = 0.0
    """When it was begun; of a file that is not read or does not say, when it was last written [Unix s]."""
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
    def created(self) -> str:
        """When it was begun, ISO 8601, UTC."""
        return datetime.fromtimestamp(self.begun, UTC).isoformat(timespec="milliseconds")

    @property
    def can_resume(self) -> bool:
        """Whether a run can continue it: it was killed or aborted, or it failed."""
        return self.status in (Status.KILLED, Status.ABORTED, Status.FAILED)

    @classmethod
    def unread(cls, found: FoundFile, status: str = "", fault: str = "") -> RecordingFacts:
        """Return what is known of a file that is not read.

        Parameters
        ----------
        found
            The file.
        status
            Empty, or ``broken``.
        fault
            Why it cannot be read.

        Returns
        -------
        RecordingFacts
            Its name, size and times, and nothing else.
        """
        # As the constructor does it, in a tenth of the time: a folder has ten thousand.
        facts = object.__new__(cls)
        path, size, modified = found
        told = {"path": path, "size": size, "modified": modified, "status": status, "fault": fault}
        facts.__dict__.update(_NOTHING, begun=modified / 1e9, **told)
        return facts

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


_NOTHING = vars(RecordingFacts("", 0, 0, ""))
"""What every fact is where nothing is known."""


def facts_of(recording: Recording) -> RecordingFacts:
    """Return what a list says of a recording.

    Parameters
    ----------
    recording
        The recording, which can be read.

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
    return _read(FoundFile.at(recording.path))


def read_facts(path: str) -> RecordingFacts:
    """Read what a list says of a recording; a broken file is told as such, not raised.

    The file is looked through as for any reading, so that no damage of it reaches the HDF5 library; whether all
    that it says of itself agrees, which takes longer than all the rest, is asked when it is opened as a `Recording`.

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
        return _read(found)
    except FileNotFoundError:
        raise
    except (OSError, KeyError, RuntimeError, SystemError, TypeError, ValueError, AttributeError) as error:
        if not Path(path).exists():
            raise FileNotFoundError(path) from error
        return RecordingFacts.unread(found, status=BROKEN, fault=_fault(path, error))


def _begun(created: str, found: FoundFile) -> float:
    try:
        return datetime.fromisoformat(created).timestamp()
    except ValueError:
        return found.modified / 1e9


def _fault(path: str, error: Exception) -> str:
    """Say what is wrong, as opening it as a recording does."""
    try:
        Recording(path).close()
    except RecordingError as refusal:
        return f"{refusal.problem}; {refusal.remedy}"
    return f"is damaged inside ({error}); copy it again from where it was made"


def _read(found: FoundFile) -> RecordingFacts:
    path = Path(found.path)
    opened = open_for_reading(path)
    try:
        file = opened.file
        if read_text(file, "format") != FORMAT or not 1 <= from_stored(file.attrs["format_version"]) <= FORMAT_VERSION:
            raise RecordingError(path, "is no recording of this format", "update mtjlab")
        status = Status(read_text(file, "status"))
        if status is Status.RUNNING and not opened.held:
            status = Status.KILLED
        return _facts(found, file, summarise(file, path, status))
    finally:
        opened.close()


def _facts(found: FoundFile, file: h5py.File, summary: RecordingSummary) -> RecordingFacts:
    tags, remark = newest_notes(read_messages(file, committed(file, "log")))
    sample = read_attributes(file["sample"])
    return RecordingFacts(
        *found,
        status=str(summary.status),
        procedure=read_text(file, "procedure"),
        begun=_begun(read_text(file, "created"), found),
        software=read_text(file, "software"),
        simulated=bool(from_stored(file["bench"].attrs.get("simulated", False))),
        why=summary.segments[-1].why if summary.segments else "",
        bits=summary.bits,
        planned=summary.planned,
        ones=summary.ones,
        rows=summary.rows,
        alarms=summary.alarms,
        duration=summary.duration,
        sample={name: str(value) for name, value in sample.items() if value},
        parameters=read_values(file["parameters"]),
        results=read_results(file),
        tags=tags,
        remark=remark,
    )
