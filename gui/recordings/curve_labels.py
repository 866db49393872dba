"""What the legend calls curves of several recordings: by what differs among them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mtjlab.data import RecordingFacts
from mtjlab.gui.recordings.recordings_table import value_text

__all__ = ["curve_labels"]

MOST = 2
"""Parameters in a label; where more differ, the file's name alone."""


def curve_labels(recordings: Sequence[RecordingFacts | None]) -> list[str]:
    """Return a label for each: its name, and the parameters that are not the same in all, where these are few.

    Parameters
    ----------
    recordings
        What is known of them.
    """
    known = [facts for facts in recordings if facts is not None]
    names = set.intersection(*(set(facts.parameters) for facts in known)) if known else set()
    differ = sorted(name for name in names if len({str(facts.parameters[name]) for facts in known}) > 1)
    labels = []
    for facts in recordings:
        if facts is None:
            labels.append("?")
            continue
        told = [
            f"{name} {value_text(facts.parameters[name][0])} {facts.parameters[name][1]}".strip() for name in differ
        ]
        stem = Path(facts.path).stem
        labels.append(f"{stem}: {', '.join(told)}" if 0 < len(told) <= MOST else stem)
    return labels
