"""The verdict on the bits, and the tests that it rests on."""

from __future__ import annotations

from mtjlab.analysis.reports.judged_stream import CANNOT_BE_SAID
from mtjlab.analysis.reports.report_parts import Section
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject
from mtjlab.data import Status

__all__ = ["TESTS", "VERDICT"]


def _verdict(subject: ReportSubject) -> Section | None:
    if not subject.streams:
        return None
    notes = []
    if subject.recording.simulated:
        notes.append("These bits come from a simulated bench: they say nothing about a real junction.")
    if subject.summary.status is not Status.FINISHED:
        notes.append(f"The recording did not come to its end (status: {subject.summary.status}).")
    if subject.summary.alarms:
        notes.append(f"The health tests raised {subject.summary.alarms:,} alarms while the bits were recorded.")
    paragraphs = [stream.verdict for stream in subject.streams]
    paragraphs[-1] += f" {CANNOT_BE_SAID}"
    if notes:
        paragraphs.append(" ".join(notes))
    return Section("Verdict", "\n\n".join(paragraphs))


def _tests(subject: ReportSubject) -> Section | None:
    tables = [
        (stream.name, finding.table)
        for stream in subject.streams
        for finding in stream.findings
        if finding.table is not None
    ]
    if not tables:
        return None
    several = len(subject.streams) > 1
    return Section(
        "Tests",
        "Small p-values speak against randomness. Many tests give some small ones by chance: Holm's procedure allows "
        "for their number, and a test fails where its p-value after Holm is at or below the level.",
        tuple(
            table.named(f"{name[0].upper()}{name[1:]}: {table.caption}") if several else table for name, table in tables
        ),
    )


VERDICT = ReportSection(make=_verdict, place=100)
TESTS = ReportSection(make=_tests, place=300)
