"""The report of one recording, of several side by side, and of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from mtjlab.analysis.reports.comparison_section import comparison
from mtjlab.analysis.reports.html_report import HtmlReport, refuse_other_page
from mtjlab.analysis.reports.report_parts import Section, Table
from mtjlab.analysis.reports.report_section import sections_of
from mtjlab.analysis.reports.report_subject import ReportOptions, ReportSubject
from mtjlab.analysis.reports.shown_text import shown_time
from mtjlab.analysis.reports.suite_findings import SUITES
from mtjlab.core import FileError, InputError
from mtjlab.data import Recording, RecordingFacts, find_recordings, read_facts

__all__ = ["report_of", "write_folder_report", "write_report"]

INDEX = "index.html"


def write_report(
    paths: Sequence[Path], output: Path, options: ReportOptions | None = None, *, overwrite: bool = False
) -> None:
    """Write the report of one recording, or of several side by side, as one HTML page that holds everything.

    Parameters
    ----------
    paths
        The recordings.
    output
        The page; an earlier report of that name is replaced, nothing else.
    options
        Suites, extractor, what procedures know, and who sees the progress.
    overwrite
        Whether any file of that name may be replaced.

    Raises
    ------
    InputError
        If there is no recording, or no such suite.
    RecordingError
        If one cannot be read.
    FileError
        If the page cannot be written.
    """
    chosen = _checked(options)
    refuse_other_page(output, overwrite=overwrite)
    if not paths:
        raise InputError("there is no recording to report on: name one", argument="paths")
    with ExitStack() as stack:
        subjects = [ReportSubject(stack.enter_context(Recording(path)), chosen) for path in paths]
        report_of(subjects).write(output, overwrite=overwrite)


def _checked(options: ReportOptions | None) -> ReportOptions:
    chosen = options or ReportOptions()
    unknown = [suite for suite in chosen.suites if suite not in SUITES]
    if unknown:
        raise InputError(f"suite {unknown[0]!r:.40}: expected one of {', '.join(SUITES)}", argument="suites")
    return chosen


def report_of(subjects: Sequence[ReportSubject]) -> HtmlReport:
    """Make the report, without writing it.

    Parameters
    ----------
    subjects
        Recordings, opened.

    Returns
    -------
    HtmlReport
        With all sections; more can be added.
    """
    if len(subjects) == 1:
        report = HtmlReport(subjects[0].title, {})
        for section in sections_of(subjects[0]):
            report.add_section(section)
        return report
    report = HtmlReport(f"{len(subjects)} recordings", {})
    report.add_section(comparison(subjects))
    for subject in subjects:
        report.chapter(subject.title)
        for section in sections_of(subject):
            report.add_section(section)
    return report


def write_folder_report(folder: Path, options: ReportOptions | None = None) -> Path:
    """Write a report beside each recording of a folder, and a page that leads to them.

    Parameters
    ----------
    folder
        The folder; its subfolders are looked through, too.
    options
        As of `write_report`.

    Returns
    -------
    Path
        The page, ``index.html`` in the folder. A recording that cannot be read has a row that says why.

    Raises
    ------
    InputError
        If there is no recording.
    FileError
        If a page cannot be written.
    """
    chosen = _checked(options)
    files = sorted(Path(found.path) for found in find_recordings(folder))
    if not files:
        raise InputError(f"{folder} holds no recording: name a folder with .h5 files")
    index = folder / INDEX
    refuse_other_page(index)
    progress = chosen.stage("recordings")
    rows, links = list[list[str]](), dict[str, str]()
    for done, path in enumerate(files, 1):
        name = path.relative_to(folder).as_posix()
        row, page = _reported(path, name, chosen)
        rows.append(row)
        if page is not None:
            links[name] = "./" + quote(page.relative_to(folder).as_posix(), errors="replace")
        progress(done, len(files))
    report = HtmlReport(f"Recordings in {folder.resolve().name}", {"Recordings": f"{len(rows):,}"})
    heads = ("recording", "status", "procedure", "bits", "P(1), 95 % interval", "recorded", "sample", "verdict")
    report.add_section(Section("Recordings", "", (Table("Recordings", rows, heads, folded=False),), links=links))
    report.write(index, overwrite=False)
    return index


def _reported(path: Path, name: str, options: ReportOptions) -> tuple[list[str], Path | None]:
    """Write the report of one recording of a folder; return its row of the index, and the page."""
    facts = read_facts(str(path))
    if facts.fault:
        return _row(name, facts, "", facts.fault), None
    page = path.with_suffix(".html")
    try:
        refuse_other_page(page)
        with Recording(path) as recording:
            subject = ReportSubject(recording, options)
            report_of([subject]).write(page, overwrite=False)
            stream = subject.streams[0] if subject.streams else None
    except (FileError, InputError) as error:
        return _row(name, facts, "", f"no report: {error}"), None
    return _row(name, facts, stream.share if stream else "", stream.result if stream else "measured"), page


def _row(name: str, facts: RecordingFacts, share: str, verdict: str) -> list[str]:
    sample = ", ".join(f"{key} {value}" for key, value in facts.sample.items() if value)
    bits = f"{facts.bits:,}" if facts.bits else ""
    return [name, facts.status, facts.procedure, bits, share, shown_time(facts.created), sample, verdict]
