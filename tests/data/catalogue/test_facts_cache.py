"""Facts that were read are found again, unless the file changed."""

from __future__ import annotations

import sqlite3

from mtjlab.data import FactsCache, FoundFile, RecordingFacts


def _facts(path, **said):
    return RecordingFacts(path, **({"size": 10, "modified": 5, "status": "finished", "bits": 7} | said))


def test_facts_are_found_by_path_size_and_time(tmp_path):
    kept = [_facts("a.h5"), _facts("b.h5", status="broken", fault="is empty")]
    FactsCache(tmp_path / "deep" / "cache.sqlite").put(kept)
    cache = FactsCache(tmp_path / "deep" / "cache.sqlite")  # another start of the program
    assert cache.get([FoundFile("a.h5", 10, 5), FoundFile("b.h5", 10, 5)]) == kept
    changed = [FoundFile("a.h5", 11, 5), FoundFile("b.h5", 10, 6), FoundFile("c.h5", 10, 5)]
    assert cache.get(changed) == []


def test_a_recording_that_is_being_written_is_not_kept(tmp_path):
    cache = FactsCache(tmp_path / "cache.sqlite")
    cache.put([_facts("a.h5", status="running")])
    assert cache.get([FoundFile("a.h5", 10, 5)]) == []


def test_many_files_are_asked_for_in_pieces(tmp_path):
    cache = FactsCache(tmp_path / "cache.sqlite")
    cache.put(_facts(f"{number}.h5") for number in range(1200))
    assert len(cache.get(FoundFile(f"{number}.h5", 10, 5) for number in range(1200))) == 1200


def test_a_damaged_cache_is_begun_again_and_one_of_another_version_forgotten(tmp_path):
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"not a database, but long enough to be read as one" * 100)
    cache = FactsCache(path)
    assert cache.get([FoundFile("a.h5", 10, 5)]) == []
    cache.put([_facts("a.h5")])
    assert cache.get([FoundFile("a.h5", 10, 5)]) == [_facts("a.h5")]
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    assert cache.get([FoundFile("a.h5", 10, 5)]) == []


def test_facts_that_no_longer_read_are_left_out(tmp_path):
    cache = FactsCache(tmp_path / "cache.sqlite")
    cache.put([_facts("a.h5")])
    with sqlite3.connect(cache.path) as database:
        database.execute("UPDATE facts SET facts = '{}'")
    database.close()
    assert cache.get([FoundFile("a.h5", 10, 5)]) == []


def test_where_no_cache_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path):
    (tmp_path / "file").touch()
    cache = FactsCache(tmp_path / "file" / "cache.sqlite")
    cache.put([_facts("a.h5")])
    assert cache.get([FoundFile("a.h5", 10, 5)]) == []
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
