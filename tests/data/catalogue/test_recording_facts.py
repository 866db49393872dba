"""What a list says of a recording, also of one that is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtjlab.data import FoundFile, Recording, RecordingFacts, RecordingWriter, facts_of, find_recordings, read_facts


def test_facts_are_those_of_the_recording(record, tmp_path):
    facts = read_facts(str(record(tmp_path / "a.h5")))
    assert (facts.status, facts.why, facts.fault) == ("aborted", "stopped by Ada", "")
    assert (facts.bits, facts.planned, facts.ones, facts.share, facts.rows) == (1000, 4000, 250, 0.25, 2)
    assert facts.parameters["amplitude"] == (1.25, "V")
    assert facts.sample == {"wafer": "W3", "operator": "Ada"}
    assert str(facts.results["TMR"]) == "0.960 ± 0.010"
    assert facts.size == (tmp_path / "a.h5").stat().st_size
    assert facts.can_resume
    assert facts.created == Recording(tmp_path / "a.h5").attributes["created"]


def test_facts_survive_as_text_with_intervals_and_missing_numbers(record, tmp_path):
    facts = facts_of(Recording(record(tmp_path / "a.h5")))
    again = RecordingFacts.from_text(facts.as_text())
    assert again.as_text() == facts.as_text()
    assert again.results["rate"].interval == (1.1e-6, 7.0e-6)
    assert again.parameters == facts.parameters


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"path": 1, "colour": 2}', '{"results": {"a": 1}}'])
def test_a_text_that_is_no_facts_is_refused(text):
    with pytest.raises(ValueError, match=r"facts|Expecting"):
        RecordingFacts.from_text(text)


def test_killed_is_told_from_running(record, tmp_path):
    path = record(tmp_path / "a.h5", killed=True)
    assert (read_facts(path).status, read_facts(path).can_resume) == ("killed", True)
    with RecordingWriter.resume(path):
        assert (read_facts(path).status, read_facts(path).can_resume) == ("running", False)


def test_a_broken_file_is_a_fact_and_a_missing_one_an_error(record, tmp_path):
    whole = record(tmp_path / "a.h5").read_bytes()
    for content, fault in ((b"", "is empty"), (b"hello", "is not an HDF5 file"), (whole[:9000], "is cut short")):
        path = tmp_path / "b.h5"
        path.write_bytes(content)
        facts = read_facts(str(path))
        assert facts.status == "broken"
        assert facts.fault.startswith(fault)
        assert RecordingFacts.from_text(facts.as_text()) == facts
    with pytest.raises(FileNotFoundError):
        read_facts(str(tmp_path / "c.h5"))


def test_recordings_are_found_in_subfolders_and_nothing_else(tmp_path):
    for name in ("a.h5", "deep/er/b.HDF5", ".hidden/c.h5", ".d.h5.12ab.part", "e.txt", "folder.h5/f.h5"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    (tmp_path / "deep" / "loop").symlink_to(tmp_path)  # would never end
    found = {Path(file.path).relative_to(tmp_path).as_posix(): file for file in find_recordings(tmp_path)}
    assert set(found) == {"a.h5", "deep/er/b.HDF5", "folder.h5/f.h5"}
    assert found["a.h5"] == FoundFile.at(tmp_path / "a.h5")
    assert found["a.h5"].size == 5


def test_a_folder_that_is_missing_or_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="does not exist; choose another folder, or connect the drive"):
        list(find_recordings(tmp_path / "gone"))
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is not a folder"):
        list(find_recordings(tmp_path / "file"))
