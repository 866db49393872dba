"""What a report is about: one recording, with what is known and found of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mtjlab.analysis.reports.judged_stream import JudgedStream
from mtjlab.core import Stage, silent
from mtjlab.data import Recording, RecordingSummary

__all__ = ["BenchLine", "ProcedureKnowledge", "ReportOptions", "ReportSubject"]

CHUNK = 1 << 22

BenchLine = tuple[Callable[[float], float], float, float | None]
"""Volts at the device for each volt of the generator by the resistance [Ω], leads [Ω], stated resistance [Ω]."""


@dataclass(frozen=True)
class ProcedureKnowledge:
    """What procedures and instruments know, which analysis does not import; each may be None."""

    picture: Callable[[Recording], bytes] | None = None
    """Draws a recording as its procedure does; may raise InputError."""
    words: Callable[[Recording], str] | None = None
    """Says what the procedure does."""
    command: Callable[[Recording], str] | None = None
    """The command that runs it once more."""
    line: Callable[[Recording], BenchLine] | None = None
    """The line from generator to device, for the energy."""


@dataclass(frozen=True)
class ReportOptions:
    """What goes into a report."""

    suites: Sequence[str] = ("mtjlab", "sp800-22", "sp800-90b")
    """Suites of tests, by their words."""
    extractor: str = "none"
    """Extractor whose bits are judged beside those recorded."""
    knowledge: ProcedureKnowledge = field(default_factory=ProcedureKnowledge)
    """What procedures know."""
    leave_out: Collection[str] = ()
    """Names of sections that are left out."""
    plots: Collection[str] | None = None
    """Names of the plots of the stream, as of `stream_findings`; None for all."""
    command: str = ""
    """The command that makes the report, to be shown in it."""
    stage: Stage = silent
    """Shows progress."""


@dataclass
class ReportSubject:
    """One recording, with what is found of it when it is first asked for."""

    recording: Recording
    options: ReportOptions
    known_streams: Sequence[JudgedStream] | None = None
    """Streams that were judged already."""

    @cached_property
    def summary(self) -> RecordingSummary:
        """The recording in numbers."""
        return self.recording.summary()

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """Attributes of the file."""
        return self.recording.attributes

    @cached_property
    def title(self) -> str:
        """What the report of it is called."""
        device = self.recording.sample.get("device", "")
        return f"{self.recording.path.name}: {self.recording.procedure}" + (f" on {device}" if device else "")

    @cached_property
    def streams(self) -> Sequence[JudgedStream]:
        """The bits as recorded, and those after an extractor if one was chosen; nothing where there are none."""
        if self.known_streams is not None:
            return self.known_streams
        if not self.summary.bits:
            return ()
        kinds = ["none"] + [self.options.extractor] * (self.options.extractor != "none")
        path, suites, stage = self.recording.path, self.options.suites, self.options.stage
        return tuple(JudgedStream.of(path, suites, stage, extractor=kind) for kind in kinds)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the file as it is now."""
        digest, done, size = hashlib.sha256(), 0, self.summary.size
        progress = self.options.stage("hash")
        with self.recording.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                done += len(chunk)
                progress(done, max(size, done))
        return digest.hexdigest()

    @cached_property
    def faults(self) -> list[str]:
        """What is wrong with the file: counts, segments, the checksum of each block."""
        return list(self.recording.verify(self.options.stage("verify")))
