"""The file itself: whether it is whole, and the software."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version

from mtjlab.analysis.reports.report_parts import Section, Table
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject
from mtjlab.data import Status

__all__ = ["FILE"]

PACKAGES = ("mtjlab", "numpy", "scipy", "numba", "h5py", "matplotlib")
MOST_FAULTS = 20
MOST_MESSAGES = 50


def _section(subject: ReportSubject) -> Section:
    recording, summary, attributes = subject.recording, subject.summary, subject.attributes
    whole = summary.status is Status.FINISHED
    why = summary.segments[-1].why if summary.segments else ""
    ended = "complete" if whole else "not complete" + (f": {why}" if why else "")
    faults = subject.faults
    facts = {
        "File": recording.path.name,
        "Size": f"{summary.size:,} bytes, format version {attributes['format_version']}",
        "SHA-256": subject.sha256,
        "Status": f"{summary.status} ({ended})",
        "Check": f"{len(faults):,} faults: {'; '.join(faults[:MOST_FAULTS])}"
        if faults
        else f"counts, segments and the checksums of {summary.blocks:,} blocks are right",
        "Recorded by": str(attributes["software"]),
        "Report made by": ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + f", Python {platform.python_version()}",
        "Report made": datetime.now(UTC).isoformat(sep=" ", timespec="seconds"),
    }
    if subject.options.command:
        facts["Report made with"] = subject.options.command
    messages = [
        (datetime.fromtimestamp(time, UTC).isoformat(sep=" ", timespec="seconds"), level, source, text)
        for time, level, source, text in recording.messages(MOST_MESSAGES)
    ]
    log = Table(
        f"Log, the last {MOST_MESSAGES} messages", messages, ("time", "level", "source", "message"), folded=True
    )
    return Section("File and software", facts=facts, parts=(log,) if messages else ())


FILE = ReportSection(make=_section, place=900)
