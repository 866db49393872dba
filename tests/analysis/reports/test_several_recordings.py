"""Several recordings side by side, and a folder with its index."""

from urllib.parse import unquote

import numpy as np
import pytest

from mtjlab.analysis.reports.recording_report import write_folder_report, write_report
from mtjlab.core import FileError, InputError, Quantity


def test_recordings_of_bits_are_compared_and_each_has_its_chapter(record, fair_bits, quick, page, tmp_path):
    biased = (np.random.default_rng(5).random(50_000) < 0.4).astype(np.uint8)
    paths = [record("fair.h5", bits=fair_bits), record("biased.h5", bits=biased)]
    write_report(paths, tmp_path / "report.html", quick)
    read = page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert read.faults == []
    rows = {row[0]: row for row in read.cells if row[0].endswith(".h5") and len(row) == 7}
    assert [rows[name][-1] for name in ("fair.h5", "biased.h5")] == ["passed", "failed"]
    assert f"{biased.mean():.5f}" in rows["biased.h5"][5]
    levels = [tag for tag, _ in read.tags if tag in ("h1", "h2", "h3")]
    assert levels.count("h2") == 3
    assert levels.count("h3") > 6
    assert any(f"fair.h5 {fair_bits.mean():.5f}" in each["alt"] for each in read.all("img"))


def test_loops_lie_over_each_other_and_their_results_side_by_side(record, quick, page, tmp_path):
    field = np.linspace(-1, 1, 50)
    paths = [
        record(
            f"loop{number}.h5",
            rows={"time": field, "resistance": 2e3 + number * field},
            results={"coercive field": Quantity(0.02 * number, 1e-3, "T")},
        )
        for number in (1, 2)
    ]
    write_report(paths, tmp_path / "report.html", quick)
    read = page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert ["coercive field", "0.0200 ± 0.0010 T", "0.0400 ± 0.0010 T"] in read.cells
    assert any("resistance against time, all recordings" in each["alt"] for each in read.all("img"))


def test_a_folder_gets_a_row_a_recording_with_a_link_to_its_report(record, fair_bits, quick, page, tmp_path):
    record("a b&#1.h5", bits=fair_bits[:5000])
    record("sub/javascript:alert(1).h5", rows={"time": np.arange(9.0), "resistance": np.arange(9.0)})
    (tmp_path / "broken.h5").write_bytes(b"nothing")
    index = write_folder_report(tmp_path, quick)
    read = page(index.read_text(encoding="utf-8"))
    assert index == tmp_path / "index.html"
    assert read.faults == []
    links = [each["href"] for each in read.all("a") if each["href"] != "#content"]
    assert len(links) == 2
    assert all(link.startswith("./") for link in links)
    assert all((tmp_path / unquote(link)).is_file() for link in links)
    rows = {row[0]: row for row in read.cells}
    assert rows["a b&#1.h5"][1:4] == ["finished", "AcquireBits", "5,000"]
    assert rows["a b&#1.h5"][-1] == "passed"
    assert rows["broken.h5"][1] == "broken"
    assert "HDF5" in rows["broken.h5"][-1]
    assert rows["sub/javascript:alert(1).h5"][-1] == "measured"


def test_a_page_of_somebody_else_stays_and_the_index_says_so(record, fair_bits, quick, page, tmp_path):
    record("a.h5", bits=fair_bits[:2000])
    (tmp_path / "a.html").write_text("mine")
    read = page(write_folder_report(tmp_path, quick).read_text(encoding="utf-8"))
    assert (tmp_path / "a.html").read_text() == "mine"
    assert "no report" in next(row for row in read.cells if row[0] == "a.h5")[-1]


def test_a_folder_without_recordings_is_refused(quick, tmp_path):
    with pytest.raises(InputError, match="holds no recording"):
        write_folder_report(tmp_path, quick)
    with pytest.raises(FileError, match="does not exist"):
        write_folder_report(tmp_path / "none", quick)


def test_a_column_with_few_values_is_not_drawn(record, quick, page, tmp_path):
    sweep = {"time": np.arange(20.0) % 2, "resistance": np.arange(20.0)}
    paths = [record(f"{name}.h5", rows=sweep) for name in "ab"]
    write_report(paths, tmp_path / "report.html", quick)
    read = page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert not any("all recordings" in each["alt"] for each in read.all("img"))


def test_of_recordings_of_different_procedures_only_the_tables_are_shared(record, fair_bits, quick, page, tmp_path):
    rows = {"time": np.arange(20.0), "resistance": np.arange(20.0)}
    paths = [record("bits.h5", bits=fair_bits[:3000]), record("loop.h5", rows=rows, procedure="SomeLoop")]
    write_report(paths, tmp_path / "report.html", quick)
    read = page((tmp_path / "report.html").read_text(encoding="utf-8"))
    chapters = [attributes["id"] for tag, attributes in read.tags if tag == "h2"]
    links = {each["href"] for each in read.all("a")}
    assert {f"#{chapter}" for chapter in chapters} <= links
    assert next(row for row in read.cells if row[0] == "loop.h5")[:2] == ["loop.h5", "SomeLoop"]
