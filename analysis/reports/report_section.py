"""The sections of a report: each is made of what is known of a recording, and a package may bring one of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mtjlab.analysis.reports.report_parts import Section
from mtjlab.analysis.reports.report_subject import ReportSubject
from mtjlab.core import Registry

__all__ = ["REPORT_SECTIONS", "ReportSection", "sections_of"]


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """One section of a report.

    A package brings one of its own as an entry point in the group ``mtjlab.report_sections``.
    """

    make: Callable[[ReportSubject], Section | None]
    """Makes it; None where it does not apply to the recording."""

    place: int = 500
    """Where it stands: the verdict at 100, the file itself at 900."""


REPORT_SECTIONS: Registry[ReportSection] = Registry("mtjlab.report_sections", "report section", ReportSection)
"""The sections that are installed, by their names."""


def sections_of(subject: ReportSubject) -> list[Section]:
    """Make all sections that apply to a recording.

    Parameters
    ----------
    subject
        The recording, with what is known of it.

    Returns
    -------
    list
        In their order.
    """
    found = sorted(REPORT_SECTIONS.all().items(), key=lambda item: (item[1].place, item[0]))
    wanted = [section for name, section in found if name not in subject.options.leave_out]
    return [made for section in wanted if (made := section.make(subject)) is not None]
