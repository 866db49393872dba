"""The energy of a bit, where the recording tells it."""

from __future__ import annotations

from mtjlab.analysis.energy import SCOPES, BitEnergy, chosen_inputs, recorded_pulses
from mtjlab.analysis.reports.report_parts import Section, Table
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject
from mtjlab.core import InputError

__all__ = ["ENERGY"]


def _section(subject: ReportSubject) -> Section | None:
    line = subject.options.knowledge.line
    if line is None or not subject.summary.bits:
        return None
    try:
        pulses = recorded_pulses(subject.recording, *line(subject.recording))
        bit = BitEnergy.of(chosen_inputs(pulses.inputs), settings=pulses.settings)
    except InputError:  # bits that no pulses made, or of another program's bench
        return None
    rows = [(name, scope.words, f"{bit.bit(name) * 1e15:,.4g}") for name, scope in SCOPES.items()]
    return Section(
        "Energy",
        "Calculated from the recorded pulses and reads, and from assumptions where nothing was recorded; mtjlab energy "
        "prints every input with its source.",
        (Table("Energy of a bit as recorded", rows, ("scope", "what is counted", "energy [fJ]")),),
    )


ENERGY = ReportSection(make=_section, place=700)
