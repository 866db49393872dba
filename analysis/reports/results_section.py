"""What was found: results with their fits, the picture of the procedure, and the rows."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from mtjlab.analysis import poor_fits
from mtjlab.analysis.plots import p_one_plot, table_plot
from mtjlab.analysis.reports.report_parts import Picture, Section, Table
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject
from mtjlab.core import InputError

__all__ = ["RESULTS"]

MOST_ROWS = 200
"""Rows of the columns that are printed, at most: spread evenly over all there are."""


def _section(subject: ReportSubject) -> Section | None:
    recording = subject.recording
    results = recording.results
    text = " ".join(f"Warning: {words}." for words in poor_fits(results))
    picture, words = _picture(subject)
    fits = [
        (_clock(fit.time), fit.settings or "as recorded", f"{len(fit.results)}", fit.software) for fit in recording.fits
    ]
    parts = [
        Table(
            "Results, with standard uncertainty or 95 % interval",
            [(n, str(q)) for n, q in results.items()],
            ("quantity", "value"),
        ),
        picture,
        Table("Fits; the results are the newest of each name", fits, ("made", "settings", "results", "by")),
        _rows(subject),
    ]
    kept = tuple(part for part in parts if part is not None and not (isinstance(part, Table) and not part.rows))
    return Section("Results", f"{text} {words}".strip(), kept) if kept or words else None


def _picture(subject: ReportSubject) -> tuple[Picture | None, str]:
    recording, draw = subject.recording, subject.options.knowledge.picture
    try:
        drawn = draw(recording) if draw is not None else _plain_picture(subject)
    except InputError as error:
        return None, f"There is no picture: {error}."
    what = ", ".join(f"{name} = {quantity}" for name, quantity in list(recording.results.items())[:4])
    caption = f"{recording.procedure}: what was measured" + (", with the fit" if recording.fits else "")
    return Picture(drawn, caption, f"Plot of the recording by {recording.procedure}. {what}".strip()), ""


def _plain_picture(subject: ReportSubject) -> bytes:
    recording = subject.recording
    if subject.summary.bits:
        blocks = recording.blocks()
        first, count, ones = (blocks[name].to_numpy().astype(np.int64) for name in ("first_bit", "count", "ones"))
        return p_one_plot(first, count, ones)
    frame = recording.frame()
    if frame.empty:
        raise InputError("the recording holds no rows")
    units = frame.attrs["units"]
    return table_plot([(name, units.get(name, "")) for name in frame.columns], frame.to_numpy(float), "")


def _rows(subject: ReportSubject) -> Table | None:
    total = subject.summary.rows
    if not total:
        return None
    frame = subject.recording.frame()
    step = -(-total // MOST_ROWS)
    units = frame.attrs["units"]
    heads = [f"{name} [{units[name]}]" if units.get(name) else str(name) for name in frame.columns]
    rows = [[f"{value:.6g}" for value in row] for row in frame.to_numpy(float)[::step]]
    every = f"every {step:,}th of {total:,}" if step > 1 else f"all {total:,}"
    numbered = [[f"{1 + index * step:,}", *row] for index, row in enumerate(rows)]
    return Table(f"Rows as recorded, {every}", numbered, ["row", *heads], folded=True, printed=False)


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(sep=" ", timespec="seconds")


RESULTS = ReportSection(make=_section, place=400)
