"""Several recordings side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtjlab.analysis.plots import interval_plot, overlay_plot
from mtjlab.analysis.randomness import wilson_interval
from mtjlab.analysis.reports.report_parts import Picture, Section, Table
from mtjlab.analysis.reports.report_subject import ReportSubject
from mtjlab.analysis.reports.shown_text import shown_time

__all__ = ["comparison"]

MOST_POINTS = 2000
"""Rows of a recording that an overlay draws, at most."""

SWEPT = 8
"""Values that a column has at least for others to be drawn against it; one of a state or a junction has fewer."""


def comparison(subjects: Sequence[ReportSubject]) -> Section:
    """Compare recordings.

    Parameters
    ----------
    subjects
        The recordings, two at least.

    Returns
    -------
    Section
        A table of all, one of their results, and their main quantities in one picture.
    """
    parts = [_table(subjects), _results(subjects), _shares(subjects), _overlay(subjects)]
    kept = tuple(part for part in parts if part is not None and not (isinstance(part, Table) and not part.rows))
    return Section("Side by side", "Each recording has its own chapter below.", kept)


def _table(subjects: Sequence[ReportSubject]) -> Table:
    heads = (
        "recording",
        "procedure",
        "device",
        "recorded",
        "status",
        "bits",
        "P(1), 95 % interval",
        "min-entropy",
        "tests",
    )
    rows = []
    for subject in subjects:
        stream = subject.streams[0] if subject.streams else None
        entropy = stream.min_entropy if stream else None
        rows.append(
            (
                subject.recording.path.name,
                subject.recording.procedure,
                subject.recording.sample.get("device", ""),
                shown_time(str(subject.attributes["created"])),
                str(subject.summary.status),
                f"{subject.summary.bits:,}" if stream else "",
                stream.share if stream else "",
                "" if entropy is None else f"{entropy:.4f}",
                stream.result if stream else "",
            )
        )
    told = [index for index, _ in enumerate(heads) if any(row[index] for row in rows)]
    return Table("Recordings", [[row[index] for index in told] for row in rows], [heads[index] for index in told])


def _results(subjects: Sequence[ReportSubject]) -> Table:
    found = [subject.recording.results for subject in subjects]
    names = list(dict.fromkeys(name for results in found for name in results))
    rows = [[name, *(str(results[name]) if name in results else "" for results in found)] for name in names]
    return Table("Results", rows, ["quantity", *(subject.recording.path.name for subject in subjects)])


def _shares(subjects: Sequence[ReportSubject]) -> Picture | None:
    streams = [(subject.recording.path.name, subject.streams[0]) for subject in subjects if subject.streams]
    if len(streams) < 2:
        return None
    values = [stream.ones / stream.bits for _, stream in streams]
    ends = [wilson_interval(stream.ones, stream.bits) for _, stream in streams]
    drawn = interval_plot([name for name, _ in streams], values, ends, "P(1), 95 % Wilson interval", 0.5)
    said = ", ".join(f"{name} {value:.5f}" for (name, _), value in zip(streams, values, strict=True))
    return Picture(drawn, "P(1) of each recording; the line is one half", f"P(1) of each recording: {said}")


def _overlay(subjects: Sequence[ReportSubject]) -> Picture | None:
    """Draw the columns over each other, where all are of one procedure and have the same."""
    columns = subjects[0].summary.columns
    same = all(each.summary.columns == columns and each.summary.rows for each in subjects)
    if not same or len(columns) < 2 or len({each.recording.procedure for each in subjects}) > 1:
        return None
    curves = []
    for subject in subjects:
        rows = subject.recording.frame().to_numpy(float)
        curves.append((subject.recording.path.name, rows[:: -(-len(rows) // MOST_POINTS)]))
    every = np.concatenate([rows for _, rows in curves])
    values = [np.unique(column[np.isfinite(column)]).size for column in every.T]
    order = [index for index, count in enumerate(values) if count >= SWEPT]
    if len(order) < 2:
        return None
    kept = [list(columns.items())[index] for index in order]
    drawn = overlay_plot(kept, [(name, rows[:, order]) for name, rows in curves])
    names = ", ".join(name for name, _ in kept[1:5])
    return Picture(drawn, f"{names} against {kept[0][0]}, all recordings")
