"""`mtjlab report`: a page, several, a folder, a PDF, and what it refuses."""

import json
import os
import subprocess

import numpy as np
import pytest

from mtjlab.cli import printed_page
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter


@pytest.fixture
def recording(tmp_path):
    def record(name):
        with RecordingWriter.create(tmp_path / name, RecordingHead("RandomBitstream", simulated=True)) as writer:
            writer.append(np.random.default_rng(1).integers(0, 2, 20_000, dtype=np.uint8))
            writer.close("finished")
        return tmp_path / name

    return record


def test_the_page_lies_beside_the_recording_and_has_the_command(recording, command, tmp_path):
    path = recording("bits.h5")
    done = command("report", path, "--suite", "mtjlab", "--leave-out", "stream", "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "bits.html").read_text(encoding="utf-8")
    assert "Report made with" in page
    assert "mtjlab run random-bitstream --output NEW.h5" in page
    assert "Acquire random bits" in page or "Acquire raw random bits" in page
    said = json.loads((tmp_path / "out.json").read_text())
    assert said == {"report": str(tmp_path / "bits.html"), "format": "html", "recordings": [str(path)]}


def test_every_suite_can_be_asked_for(recording, command, tmp_path):
    done = command("report", recording("bits.h5"), "--suite", "all", "--extract", "xor-2", "--leave-out", "stream")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "bits.html").read_text(encoding="utf-8")
    assert "NIST SP 800-22, exact mode" in page
    assert "of ten estimates" in page
    assert "the standard asks for 1,000,000" in page
    assert "cannot be judged by AIS 20/31" in page  # of the 10,000 bits after xor-2
    assert "the tests T0 to T8 of AIS 20/31" in page


def test_several_recordings_share_a_page_and_a_folder_gets_an_index(recording, command, tmp_path):
    paths = [recording("a.h5"), recording("b.h5")]
    quick = ("--suite", "mtjlab", "--leave-out", "stream")
    assert command("report", *paths, *quick).returncode == 0
    assert "Side by side" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert command("report", tmp_path, *quick).returncode == 0
    assert 'href="./a.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.h5"], "missing.h5"),
        (["notes.txt"], "notes.txt"),
        ([".", "--output", "x.html"], "leave --output and --format out"),
        (["bits.h5", "--output", "missing/x.html"], "folder that does not exist"),
        (["bits.h5", "--output", "notes.txt"], "no report of mtjlab"),
        (["bits.h5", "--leave-out", "nothing"], "invalid choice"),
        (["bits.h5", "--output", "x.pdf", "--format", "html"], "the name tells another format"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(recording, command, tmp_path, words, said):
    recording("bits.h5")
    (tmp_path / "notes.txt").write_text("mine")
    done = command("report", *words, "--suite", "mtjlab", folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bits.h5", "notes.txt"]


def test_without_a_printer_a_pdf_says_what_to_install(recording, command, tmp_path, monkeypatch):
    path = recording("bits.h5")
    monkeypatch.setattr(printed_page, "browser", lambda: None)
    monkeypatch.setattr(printed_page, "find_spec", lambda name: None)
    done = command("report", path, "--format", "pdf")
    assert done.returncode == 2
    assert "apt-get install chromium, or pip install weasyprint" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "bits.pdf").exists()


@pytest.fixture
def chromium():
    found = printed_page.browser()
    if found is None:
        pytest.skip("no Chromium or Chrome is here: apt-get install chromium")
    return found


def test_a_browser_shows_and_prints_it_without_network_and_without_errors(recording, command, tmp_path, chromium):
    assert command("report", recording("bits.h5"), "--suite", "mtjlab").returncode == 0
    page = tmp_path / "bits.html"
    words = [chromium, "--headless", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom"]
    words += ["--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}"]
    words += ["--no-sandbox"] * (os.geteuid() == 0)
    shown = subprocess.run([*words, page.as_uri()], capture_output=True, text=True, timeout=60, check=True)
    # What a page does that its policy forbids, what it cannot load and errors of its scripts are on the console.
    assert "CONSOLE" not in shown.stderr
    assert "Physics of the stream" in shown.stdout
    printed_page.print_page(page, tmp_path / "bits.pdf")
    assert (tmp_path / "bits.pdf").read_bytes().startswith(b"%PDF")
