"""What is known of a recording, as a page to read and to copy from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mtjlab.gui.recordings.recording_detail import RecordingDetail

__all__ = ["detail_page", "log_page", "plan_page"]


def detail_page(detail: RecordingDetail, warning: str) -> str:
    """Write facts, results, parameters, fits and instruments as HTML.

    Parameters
    ----------
    detail
        The recording.
    warning
        Colour of what does not match, ``#rrggbb``.
    """
    facts = detail.facts
    if facts.fault:
        return (
            f"<h3 style='color:{warning}'>This file is broken</h3><p>{escape(facts.fault)}</p>"
            f"<p>{escape(facts.path)}, {facts.size:,} bytes</p>"
        )
    results = [
        (f"<span style='color:{warning}'>{escape(name)}<br>{escape(detail.poor[name])}</span>", escape(value))
        if detail.poor.get(name)
        else (escape(name), escape(value))
        for name, value in detail.results
    ]
    parameters = [
        (f"<b>{escape(name)}</b>", escape(f"{value} {unit}".strip()) or "not set", escape(words))
        for name, value, unit, words in detail.parameters
    ]
    return "".join(
        [
            _table("", _escaped(detail.overview)),
            _table("Results", results),
            _table("Parameters", parameters),
            _table("Fits", _escaped(detail.fits)) if len(detail.fits) > 1 else "",
            _table("Instruments", _escaped(detail.instruments)),
        ]
    )


def log_page(detail: RecordingDetail, warning: str) -> str:
    """Write the log as HTML, the newest message last."""
    rows = []
    for time, level, source, message in detail.log:
        told = tuple(map(escape, (time, level, source.removeprefix("mtjlab."), message)))
        is_calm = level.lower() in ("info", "debug")
        rows.append(told if is_calm else tuple(f"<span style='color:{warning}'>{word}</span>" for word in told))
    return _table("", rows) or "<p>Nothing was logged.</p>"


def plan_page(detail: RecordingDetail) -> str:
    """Write the plan and the bench file as HTML."""
    plan = f"<pre>{escape(detail.plan)}</pre>" if detail.plan else "<p>It was recorded without a plan.</p>"
    return f"<h3>Plan</h3>{plan}<h3>Bench file</h3><pre>{escape(detail.bench)}</pre>"


def _escaped(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(map(escape, row)) for row in rows]


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    cells = "".join(
        "<tr>" + "".join(f"<td style='padding: 1px 10px 1px 0'>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (f"<h3>{title}</h3>" if title else "") + f"<table cellspacing='0'>{cells}</table>"
