"""Tags and notes are in the recording, survive its resumption, and leave it whole."""

from __future__ import annotations

import os

import numpy as np
import pytest

from mtjlab.core import InputError
from mtjlab.data import Recording, RecordingError, RecordingWriter, annotate, read_facts, tags_of


def test_tags_are_read_as_people_write_them():
    assert tags_of(" #paper, good;good  two-words -") == ("paper", "good", "two-words")
    assert tags_of("") == ()


def test_the_newest_counts_and_earlier_notes_stay_in_the_log(record, tmp_path):
    path = record(tmp_path / "a.h5")
    assert annotate(path, tags=["paper"], note="wet") == (("paper",), "wet")
    assert annotate(path, note="dry again") == (("paper",), "dry again")
    assert annotate(path, tags=[], note="") == ((), "")
    said = [(source, message) for _, _, source, message in Recording(path).messages(100)]
    assert said[-5:] == [("tags", "paper"), ("note", "wet"), ("note", "dry again"), ("tags", "-"), ("note", "-")]
    assert list(Recording(path).verify()) == []
    assert (Recording(path).status, Recording(path).committed) == ("aborted", 1000)


def test_a_long_note_comes_back_whole(record, tmp_path):
    note = "the needle of the left contact µ" * 40
    path = record(tmp_path / "a.h5")
    annotate(path, note=note)
    assert read_facts(path).remark == note


def test_what_is_the_same_is_not_written(record, tmp_path):
    path = record(tmp_path / "a.h5")
    annotate(path, tags=["paper"])
    before = path.read_bytes()
    annotate(path, tags=["paper"], note="")
    assert path.read_bytes() == before


def test_a_killed_recording_takes_tags_stays_killed_and_can_be_resumed(record, tmp_path):
    path = record(tmp_path / "a.h5", killed=True)
    os.utime(path, ns=(10**18, 10**18))
    end = Recording(path).summary().segments[-1].end
    annotate(path, tags=["again"])
    assert Recording(path).status == "killed"
    assert Recording(path).summary().segments[-1].end == pytest.approx(end, abs=2e-6)
    assert path.stat().st_mtime_ns != 10**18  # a cache sees that it changed
    with RecordingWriter.resume(path) as writer:
        writer.append(np.ones(24, bool))
    facts = read_facts(path)
    assert (facts.status, facts.bits, facts.tags) == ("finished", 1024, ("again",))
    assert list(Recording(path).verify()) == []


def test_a_recording_that_a_run_writes_is_left_alone(record, tmp_path):
    path = record(tmp_path / "a.h5")
    with RecordingWriter.resume(path), pytest.raises(RecordingError, match="is being written by a run; give it tags"):
        annotate(path, tags=["no"])


def test_tags_with_spaces_are_refused(record, tmp_path):
    with pytest.raises(InputError, match="words without spaces, commas and #; join with -"):
        annotate(record(tmp_path / "a.h5"), tags=["two words"])


def test_a_full_disk_leaves_the_recording_as_it_was(record, tmp_path, monkeypatch):
    path = record(tmp_path / "a.h5")
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RecordingWriter, "extend", full)
    with pytest.raises(RecordingError, match=r"takes no note \(No space left on device\); make room on the disk"):
        annotate(path, note="x")
    assert path.read_bytes() == before
