"""What the columns of the list say of a recording, and how they are sorted."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from mtjlab.data import RecordingFacts, fact

__all__ = ["FIXED", "ListColumn", "chosen_column", "count_text", "value_text"]


class ListColumn(NamedTuple):
    """One column of the list."""

    title: str
    """What stands above it."""

    text: Callable[[RecordingFacts], str]
    """What it says of a recording."""

    key: Callable[[RecordingFacts], Any]
    """By what it is sorted: None where there is nothing, else all numbers or all texts."""

    hint: str
    """What it is, for a tooltip."""

    is_number: bool = False
    """Whether it stands at the right."""


def value_text(value: Any) -> str:
    """Write a parameter or a result as the list shows it.

    >>> value_text(1.25), value_text(20000), value_text(None)
    ('1.25', '20,000', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def count_text(facts: RecordingFacts) -> str:
    """Say how many bits, or else rows, a recording has, and of how many."""
    if facts.bits or (facts.planned and not facts.rows):
        share = f" of {facts.planned:,}" if facts.planned and facts.planned != facts.bits else ""
        return f"{facts.bits:,}{share}"
    return f"{facts.rows:,} rows" if facts.rows else ""


def _sample(facts: RecordingFacts) -> str:
    return " ".join(facts.sample[name] for name in ("wafer", "die", "device") if facts.sample.get(name))


def _tags(facts: RecordingFacts) -> str:
    return " ".join(f"#{tag}" for tag in facts.tags)


def _date(facts: RecordingFacts) -> str:
    return datetime.fromtimestamp(facts.begun).isoformat(" ", "minutes")


def _name(facts: RecordingFacts) -> str:
    return facts.path.rpartition(os.sep)[2]  # ten times as fast as a Path, and asked for each row


def _folder(facts: RecordingFacts) -> str:
    return facts.path.rpartition(os.sep)[0]


def _words(text: Callable[[RecordingFacts], str]) -> Callable[[RecordingFacts], Any]:
    return lambda facts: text(facts).lower() or None


FIXED = {
    "status": ListColumn(
        "Status",
        lambda facts: f"{facts.status} ↻" if facts.can_resume else facts.status,
        lambda facts: facts.status or None,
        "what became of the run; ↻ can be resumed",
    ),
    "file": ListColumn("File", _name, lambda facts: _name(facts).lower(), "name of the recording"),
    "folder": ListColumn("Folder", lambda facts: Path(facts.path).parent.name, _folder, "where it is"),
    "procedure": ListColumn(
        "Procedure", lambda facts: facts.procedure, _words(lambda facts: facts.procedure), "what was measured"
    ),
    "count": ListColumn(
        "Bits, rows",
        count_text,
        lambda facts: facts.bits or facts.rows or None,
        "bits recorded, of how many; or rows of a table",
        is_number=True,
    ),
    "P": ListColumn(
        "P(1)",
        lambda facts: "" if facts.share is None else f"{facts.share:.4f}",
        lambda facts: facts.share,
        "share of ones among the bits, 0 to 1",
        is_number=True,
    ),
    "date": ListColumn("Begun", _date, lambda facts: facts.begun, "when it was begun, local time"),
    "sample": ListColumn("Sample", _sample, _words(_sample), "wafer, die and device"),
    "tags": ListColumn("Tags", _tags, _words(_tags), "words that somebody gave it"),
    "note": ListColumn(
        "Note",
        lambda facts: str(fact(facts, "note")).replace("\n", " "),
        _words(lambda facts: str(fact(facts, "note"))),
        "the newest note about it",
    ),
}
"""The columns that any recording has, by name."""


def chosen_column(name: str, unit: str) -> ListColumn:
    """Give the column of a parameter or a result.

    Parameters
    ----------
    name
        Its name.
    unit
        Its SI unit; empty where there is none.
    """

    def key(facts: RecordingFacts) -> Any:
        value = fact(facts, name)
        # Numbers before texts: procedures may mean different things by one name.
        return None if value is None else (1, str(value)) if isinstance(value, (str, list)) else (0, value)

    return ListColumn(
        f"{name} [{unit}]" if unit else name,
        lambda facts: value_text(fact(facts, name)),
        key,
        f"{name}, a parameter or a result" + (f", in {unit}" if unit else ""),
        is_number=True,
    )
