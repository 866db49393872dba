"""The physics of the stream: what its bits say of the junction that made them."""

from __future__ import annotations

import numpy as np

from mtjlab.analysis.bitstream import Finding, stream_findings, stream_physics
from mtjlab.analysis.plots import autocorrelation_plot, stream_pictures
from mtjlab.analysis.reports.report_parts import Picture, Section, Table
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject

__all__ = ["STREAM"]

LEAST = 1000
"""Bits below which there is nothing to see."""


def _section(subject: ReportSubject) -> Section | None:
    if subject.summary.bits < LEAST:
        return None
    physics = stream_physics(subject.recording, progress=subject.options.stage("physics of the stream"))
    findings = stream_findings(physics)
    applying = {name for name, finding in findings.items() if finding.applies}
    wanted = applying if subject.options.plots is None else applying.intersection(subject.options.plots)
    pictures = stream_pictures(physics, names=wanted)
    rows = [(each.title, each.says, _p(each), _junction(each)) for each in findings.values()]
    table = Table("Questions to the stream", rows, ("question", "answer", "p-value", "as of a toggled junction"))
    drawn = [
        Picture(picture, findings[name].title, f"{findings[name].title}: {findings[name].says}")
        for name, picture in pictures.items()
    ]
    both = _both(subject)
    return Section(
        "Physics of the stream",
        " ".join(
            [
                "A junction that each pulse may toggle has a memory of one bit, and nothing else; each question holds "
                f"the bits against that, at a level of {physics.level:g} each.",
                *(f"{remark[0].upper()}{remark[1:].rstrip('.')}." for remark in physics.remarks if remark),
            ]
        ),
        (table, *drawn, *both),
    )


def _p(finding: Finding) -> str:
    return "" if finding.p_value is None else f"{finding.p_value:.3g}"


def _junction(finding: Finding) -> str:
    if not finding.applies:
        return "not applicable"
    return {True: "yes", False: "no", None: "not decided by it"}[finding.junction]


def _both(subject: ReportSubject) -> list[Picture]:
    """Draw the autocorrelation of the bits as recorded and of those after an extractor over each other."""
    series = [
        (label, np.array(finding.assessment["autocorrelation"].series.get("coefficients", ())), stream.bits)
        for label, stream in zip(("as recorded", "after the extractor"), subject.streams, strict=False)
        for finding in stream.findings
        if finding.assessment is not None
    ]
    if len(series) < 2 or not all(values.size for _, values, _ in series):
        return []
    said = "; ".join(
        f"{name}: {values[0]:+.2g} at lag 1, {abs(values).max():.2g} at most" for name, values, _ in series
    )
    caption = f"Autocorrelation to lag {len(series[0][1])} before and after the extractor"
    return [Picture(autocorrelation_plot(series), caption, f"Autocorrelation. {said}")]


STREAM = ReportSection(make=_section, place=350)
