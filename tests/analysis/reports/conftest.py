"""Recordings to report on, and a reader of pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import numpy as np
import pytest

from mtjlab.analysis.reports.report_subject import ReportOptions
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

VOID = {"meta", "img", "br", "link", "input", "hr"}

BLOCK = 2500


@dataclass
class Page(HTMLParser):
    """An HTML page, read strictly: what is opened is closed, in order."""

    text: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self._open = []
        self.feed(self.text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th"):
            self.cells[-1].append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        if "style" not in self._open:
            self.words.append(data)
        if self._open and ("td" in self._open or "th" in self._open):
            self.cells[-1][-1] += data

    def all(self, tag):
        """Give the attributes of all elements of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def said(self):
        """All that a reader sees."""
        return " ".join(self.words)


@pytest.fixture(scope="session")
def page():
    return Page


@pytest.fixture
def quick():
    """Ask for the tests that take no time, and not for the ten plots of the stream."""
    return ReportOptions(suites=("mtjlab",), leave_out=("stream",))


def recorder(folder):
    """Give what writes a recording of bits, or of rows, into a folder; keywords replace what its head says."""

    def record(name="bits.h5", *, bits=None, rows=None, results=None, status="finished", messages=(), **changes):
        said = {
            "procedure": "AcquireBits",
            "parameters": {"amplitude": RecordingParameter(1.5, "V", "Pulse amplitude.")},
            "columns": {"time": "s", "resistance": "Ω"},
            "bench": 'name = "test"\n',
            "bench_attributes": {"seed": 11},
            "sample": {"wafer": "W07", "operator": "Ada"},
            "plan": "[[runs]]\n",
        }
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        with RecordingWriter.create(path, RecordingHead(**(said | changes))) as writer:
            for text in messages:
                writer.log("info", text, "test")
            if rows is not None:
                writer.append(rows=rows)
            if bits is not None:
                starts = np.arange(0, len(bits), BLOCK) * 1e-5 + 1.7e9
                counts = np.diff([*range(0, len(bits), BLOCK), len(bits)])
                writer.append(Blocks(bits, counts=counts.tolist(), start=starts))
            writer.write_results(results or {})
            writer.close(status)
        return path

    return record


@pytest.fixture
def record(tmp_path):
    return recorder(tmp_path)


@pytest.fixture(scope="session")
def recorded_once(tmp_path_factory):
    """Write recordings that are read only."""
    return recorder(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="session")
def fair_bits():
    return np.random.default_rng(1).integers(0, 2, 50_000, dtype=np.uint8)
