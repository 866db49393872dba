"""Everything that the pane beside the list says of one recording; read in another process."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mtjlab.analysis import poor_fits
from mtjlab.core import Quantity
from mtjlab.data import Recording, RecordingError, RecordingFacts, annotate, facts_of, read_facts
from mtjlab.gui.recordings.recorded_curves import Plottable, plottable
from mtjlab.gui.recordings.recordings_table import value_text

__all__ = ["RecordingDetail", "begin", "note_recording", "read_detail"]

MESSAGES = 1000
"""The last messages of the log are shown; the export has all."""

Table = list[tuple[str, ...]]
"""Rows of texts."""


@dataclass(frozen=True)
class RecordingDetail:
    """A recording in words."""

    facts: RecordingFacts
    """What the list says of it, as it is now."""
    overview: Table = field(default_factory=list)
    """Name and value."""
    parameters: Table = field(default_factory=list)
    """Name, value, unit and description."""
    results: Table = field(default_factory=list)
    """Name and value."""
    poor: dict[str, str] = field(default_factory=dict)
    """What is wrong with a result, by its name."""
    fits: Table = field(default_factory=list)
    """When made, with which settings, how many results, by what."""
    log: Table = field(default_factory=list)
    """Time, level, source and message."""
    instruments: Table = field(default_factory=list)
    """Role, driver, resource and answer to ``*IDN?``."""
    plan: str = ""
    """Text of the plan; empty where there was none."""
    bench: str = ""
    """Text of the bench file."""
    plots: tuple[Plottable, ...] = ()
    """What can be plotted."""


def read_detail(path: str) -> RecordingDetail:
    """Read a recording.

    Parameters
    ----------
    path
        The file; of a broken one the facts alone come back.

    Raises
    ------
    OSError
        If it is gone.
    """
    try:
        recording = Recording(path)
    except RecordingError:
        return RecordingDetail(read_facts(path))
    with recording:
        facts = facts_of(recording)
        return RecordingDetail(
            facts,
            overview=_overview(facts, recording),
            parameters=[
                (name, value_text(item.value), item.unit, item.description)
                for name, item in recording.parameters.items()
            ],
            results=[(name, str(found)) for name, found in facts.results.items()],
            poor={
                name: "\n".join(words) for name, found in facts.results.items() if (words := poor_fits({name: found}))
            },
            fits=[
                (_clock(fit.time), fit.settings or "as recorded", str(len(fit.results)), fit.software)
                for fit in recording.fits
            ],
            log=[(_clock(time), *words) for time, *words in recording.messages(MESSAGES)],
            instruments=[(role, item.driver, item.resource, item.idn) for role, item in recording.instruments.items()],
            plan=recording.plan or "",
            bench=recording.bench,
            plots=plottable(recording),
        )


def begin() -> None:
    """Import what reading takes."""
    importlib.import_module("pandas")


def note_recording(path: str, tags: tuple[str, ...], note: str) -> RecordingFacts:
    """Give a recording tags and a note, and return what the list then says of it.

    Parameters
    ----------
    path, tags, note
        As for `mtjlab.data.annotate`.
    """
    annotate(path, tags=tags, note=note)
    return read_facts(path)


def _overview(facts: RecordingFacts, recording: Recording) -> Table:
    count = recording.length("segments")
    ended = f" ({facts.why})" if facts.why and facts.why != facts.status else ""
    told = {
        "Status": f"{facts.status}{ended}",
        "Procedure": facts.procedure,
        "Bench": "simulated" if facts.simulated else "real instruments",
        "Begun": _clock(facts.begun),
        "Last written": _clock(facts.modified / 1e9),
        "Recorded for": f"{facts.duration:,.3g} s in {count} segment{'s' * (count != 1)}",
        "Bits": f"{facts.bits:,}" + (f" of {facts.planned:,}" if facts.planned else "") if facts.bits else "",
        "P(1)": "" if facts.share is None else str(_share(facts)),
        "Health alarms": f"{facts.alarms:,}" if facts.bits else "",
        "Rows": f"{facts.rows:,}" if facts.rows else "",
        "File": f"{Path(facts.path).name}, {facts.size:,} bytes",
        "Written by": f"{facts.software}, format version {recording.attributes['format_version']}",
        **{name.capitalize(): value for name, value in facts.sample.items()},
    }
    return [(name, value) for name, value in told.items() if value]


def _share(facts: RecordingFacts) -> Quantity:
    """Return P(1) with its standard error, as of independent bits."""
    share = facts.ones / facts.bits
    return Quantity(share, (share * (1 - share) / facts.bits) ** 0.5)


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).isoformat(" ", "seconds")
