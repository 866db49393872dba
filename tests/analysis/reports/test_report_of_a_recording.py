"""The report of one recording: well formed, whole in itself, and nothing in a file acts on it."""

import hashlib
import itertools
from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis.reports.judged_stream import CANNOT_BE_SAID
from mtjlab.analysis.reports.recording_report import report_of, write_report
from mtjlab.analysis.reports.report_section import REPORT_SECTIONS
from mtjlab.analysis.reports.report_subject import ProcedureKnowledge, ReportOptions, ReportSubject
from mtjlab.core import FileError, InputError, Quantity
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording

HOSTILE = "<script>x()</script>\"'><i onload=x>{{ 7*7 }}&lt; $javascript:"


@pytest.fixture(scope="module")
def written(recorded_once, fair_bits, page):
    path = recorded_once(bits=fair_bits, results={"threshold": Quantity(1e-6, 1e-9, "A")})
    output = path.with_suffix(".html")
    write_report([path], output, ReportOptions(suites=("mtjlab",)))
    return path, page(output.read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_its_headings_are_in_order(written):
    _, page = written
    assert page.faults == []
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len({each["id"] for _, each in page.tags if "id" in each}) == sum("id" in each for _, each in page.tags)


def test_the_page_asks_nothing_of_a_network_and_runs_no_script(written):
    _, page = written
    assert page.all("script") == page.all("link") == page.all("iframe") == []
    links = [value for _, each in page.tags for name, value in each.items() if name in ("src", "href", "action")]
    assert links
    assert all(link.startswith(("data:image/png;base64,", "#")) for link in links)
    assert "url(" not in page.text
    assert "@import" not in page.text
    assert any("default-src 'none'" in (each.get("content") or "") for each in page.all("meta"))


def test_the_page_serves_who_does_not_see_it_or_has_no_mouse(written):
    _, page = written
    kinds = [tag for tag, _ in page.tags]
    assert all(kinds.count(landmark) == 1 for landmark in ("header", "nav", "main", "footer"))
    assert page.all("html")[0]["lang"] == "en"
    first = next(each for tag, each in page.tags if tag == "a")
    assert first["href"] == "#" + page.all("main")[0]["id"]  # the skip link is the first of all
    assert page.all("img")
    assert all(each["alt"] for each in page.all("img"))
    assert page.all("th")
    assert all(each["scope"] in ("col", "row") for each in page.all("th"))
    assert kinds.count("table") == kinds.count("caption")
    assert all(each["tabindex"] == "0" and each["aria-label"] for each in page.all("div"))


def test_the_verdict_has_the_count_the_interval_the_tests_and_what_cannot_be_said(written, fair_bits):
    _, page = written
    share = fair_bits.mean()
    assert f"50,000 bits, P(1) = {share:.5f} (95 % Wilson interval" in page.said
    assert "pass mtjlab's 7 tests (family-wise level 0.01, Holm over 70 p-values)" in page.said
    assert CANNOT_BE_SAID in page.said


def test_biased_bits_are_said_to_fail_and_by_what(record, quick, page):
    bits = (np.random.default_rng(2).random(50_000) < 0.45).astype(np.uint8)
    read = page(report_of([ReportSubject(Recording(record(bits=bits)), quick)]).html())
    assert "of mtjlab's" in read.said
    assert "frequency" in read.said
    row = next(row for row in read.cells if row[0] == "frequency")
    assert row[1] == "Are ones as frequent as zeros?"
    assert row[-1] == "failed"
    assert float(row[3]) < 1e-20


def test_bits_after_an_extractor_are_judged_beside_those_recorded(record, quick, page):
    bits = (np.random.default_rng(3).random(60_001) < 0.45).astype(np.uint8)
    subject = ReportSubject(Recording(record(bits=bits)), replace(quick, extractor="von-neumann"))
    raw, kept = subject.streams
    assert (raw.bits, raw.ones, raw.passed) == (60_001, int(bits.sum()), False)
    assert kept.passed
    assert kept.bits == pytest.approx(60_001 * 0.45 * 0.55, rel=0.03)
    read = page(report_of([subject]).html())
    assert "Bits after von-neumann: mtjlab's tests" in read.said
    assert read.said.count(CANNOT_BE_SAID) == 1


def test_the_file_is_known_by_its_hash_and_said_to_be_whole(written):
    path, page = written
    assert hashlib.sha256(path.read_bytes()).hexdigest() in page.said
    assert "finished (complete" in page.said
    assert "the checksums of 20 blocks are right" in page.said


def test_an_aborted_recording_is_said_to_be_one(record, fair_bits, quick, page):
    path = record(bits=fair_bits, status="aborted")
    read = page(report_of([ReportSubject(Recording(path), quick)]).html())
    assert "aborted (not complete" in read.said
    assert "did not come to its end (status: aborted)" in read.said


def test_nothing_in_a_file_acts_on_the_page(record, fair_bits, quick, page):
    hostile = {
        "procedure": HOSTILE,
        "parameters": {"a": RecordingParameter(HOSTILE, HOSTILE, HOSTILE)},
        "bench": HOSTILE,
        "bench_attributes": {"seed": HOSTILE},
        "sample": {"wafer": HOSTILE, "device": HOSTILE, "note": "\x1b[31mred\x07\u202egnp.exe\u200b"},
        "plan": HOSTILE + "</pre></details>",
        "software": HOSTILE,
    }
    path = record("<b>&'.h5", bits=fair_bits, messages=[HOSTILE], results={HOSTILE: Quantity(1.0)}, **hostile)
    options = replace(quick, command=HOSTILE, knowledge=ProcedureKnowledge(words=lambda _: HOSTILE))
    read = page(report_of([ReportSubject(Recording(path), options)]).html())
    assert read.faults == []
    assert read.all("script") == []
    assert not any(name.startswith("on") for _, each in read.tags for name in each)
    assert all(each["src"].startswith("data:") for each in read.all("img"))
    assert read.said.count(HOSTILE) >= 10  # shown as it stands, not evaluated, not lost
    assert "\x1b" not in read.text
    assert "\x07" not in read.text
    assert "\u202e" not in read.text
    assert "\ufffd[31mred\ufffd" in read.said


def test_a_recording_of_any_procedure_has_its_results_its_picture_and_its_rows(record, quick, page):
    rows = {"time": np.arange(500.0), "resistance": 2e3 + np.arange(500.0)}
    path = record("loop.h5", rows=rows, results={"coercive field": Quantity(0.02, 1e-4, "T")}, procedure="SomeLoop")
    read = page(report_of([ReportSubject(Recording(path), quick)]).html())
    assert read.faults == []
    assert ["coercive field", "0.02000 ± 0.00010 T"] in read.cells
    assert len(read.all("img")) == 1
    assert "every 3th of 500" in read.said
    assert "Verdict" not in read.said
    assert "What this stream is good for" not in read.said


def test_an_empty_recording_has_a_report(record, quick, page):
    read = page(report_of([ReportSubject(Recording(record("empty.h5", status="failed")), quick)]).html())
    assert read.faults == []
    assert "failed (not complete" in read.said
    assert "There is no picture: the recording holds no rows." in read.said


@pytest.mark.parametrize("count", [1, 7, 999, 1500])
def test_few_bits_have_a_report_that_says_what_cannot_be_done(record, quick, page, count):
    bits = np.random.default_rng(4).integers(0, 2, count, dtype=np.uint8)
    read = page(report_of([ReportSubject(Recording(record(bits=bits)), quick)]).html())
    assert read.faults == []
    assert ("cannot be judged by mtjlab's tests" in read.said) == (count < 1000)


def test_constant_bits_have_a_report(record, page, quick):
    read = page(report_of([ReportSubject(Recording(record(bits=np.ones(5000, np.uint8))), quick)]).html())
    assert read.faults == []
    assert "fail " in read.said


def test_an_earlier_report_is_replaced_and_nothing_else(record, fair_bits, quick, tmp_path):
    path = record(bits=fair_bits[:2000])
    output = tmp_path / "page.html"
    write_report([path], output, quick)
    write_report([path], output, quick)
    output.write_text("<p>mine")
    with pytest.raises(FileError, match="no report of mtjlab"):
        write_report([path], output, quick)
    assert output.read_text() == "<p>mine"
    write_report([path], output, quick, overwrite=True)
    assert output.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bits.h5", "page.html"]


def test_a_report_that_is_interrupted_leaves_nothing(record, fair_bits, quick, tmp_path):
    path = record(bits=fair_bits[:2000])

    def interrupted(recording):
        raise KeyboardInterrupt

    options = replace(quick, knowledge=ProcedureKnowledge(words=interrupted))
    with pytest.raises(KeyboardInterrupt):
        write_report([path], tmp_path / "page.html", options)
    assert [each.name for each in tmp_path.iterdir()] == ["bits.h5"]


def test_what_cannot_be_reported_is_refused(record, fair_bits, tmp_path):
    with pytest.raises(InputError, match="no recording"):
        write_report([], tmp_path / "page.html")
    with pytest.raises(InputError, match="'nist': expected one of mtjlab"):
        write_report([tmp_path], tmp_path / "page.html", ReportOptions(suites=("nist",)))


def test_every_section_is_installed_under_a_name():
    assert set(REPORT_SECTIONS.names()) >= {"verdict", "tests", "measurement", "stream", "results", "use", "file"}
    places = [REPORT_SECTIONS.load(name).place for name in ("verdict", "measurement", "tests", "results", "file")]
    assert places == sorted(places)
