"""What was measured, on what, and how."""

from __future__ import annotations

from typing import Any

from mtjlab.analysis.reports.report_parts import Section, Table
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject

__all__ = ["MEASUREMENT", "words_of"]


def words_of(value: Any) -> str:
    """Write a value as tables show it.

    Parameters
    ----------
    value
        A number, text or truth value.

    Returns
    -------
    str
        Numbers with commas between groups of three digits.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.12g}"


def _section(subject: ReportSubject) -> Section:
    recording, summary, attributes = subject.recording, subject.summary, subject.attributes
    sample = {name: value for name, value in recording.sample.items() if value}
    knowledge = subject.options.knowledge
    facts = {
        "Procedure": recording.procedure,
        **{name.capitalize(): value for name, value in sample.items()},
        "Bench": "simulated: software stands in for the instruments" if recording.simulated else "real instruments",
        "Recorded": f"{attributes['created']} to {attributes['finished'] or 'no end'}",
        "Duration": f"{summary.duration:,.4g} s in {len(summary.segments)} segment{'s' * (len(summary.segments) != 1)}",
        "Bits": f"{summary.bits:,}" + (f" of {summary.planned:,} asked for" if summary.planned else ""),
        "Rows": f"{summary.rows:,}",
        "Health alarms": f"{summary.alarms:,}",
    }
    if not summary.bits:
        del facts["Bits"], facts["Health alarms"]
    if not sample:
        facts["Sample"] = "not stated"
    text = knowledge.words(recording) if knowledge.words is not None else ""
    texts = {"Plan": recording.plan or "", "Bench file": recording.bench}
    if knowledge.command is not None:
        texts["Command that runs it once more"] = knowledge.command(recording)
    return Section(
        "What was measured, on what, and how",
        text,
        tuple(table for table in _tables(subject) if table.rows),
        facts=facts,
        texts={name: text for name, text in texts.items() if text},
    )


def _tables(subject: ReportSubject) -> list[Table]:
    recording, summary = subject.recording, subject.summary
    instruments = [(role, each.driver, each.resource, each.idn) for role, each in recording.instruments.items()]
    settings = [
        (role, name, words_of(value))
        for role, each in recording.instruments.items()
        for name, value in each.settings.items()
    ]
    parameters = [
        (name, each.description, words_of(each.value), each.unit) for name, each in recording.parameters.items()
    ]
    bench = [(name, words_of(value)) for name, value in recording.bench_attributes.items() if value is not None]
    segments = [
        (f"{number}", f"{each.end - each.start:,.4g} s", f"{each.bits:,}", each.why or "no end recorded")
        for number, each in enumerate(summary.segments, 1)
    ]
    return [
        Table("Instruments", instruments, ("role", "driver", "resource", "*IDN?")),
        Table("Parameters, in SI units", parameters, ("name", "meaning", "value", "unit")),
        Table("Settings as the instruments gave them", settings, ("role", "setting", "value"), folded=True),
        Table("Bench and device", bench, ("name", "value"), folded=True),
        Table("Segments", segments if len(segments) > 1 else [], ("segment", "duration", "bits", "ended by")),
    ]


MEASUREMENT = ReportSection(make=_section, place=200)
