"""A folder is read in the background: what is seen first, what is known not at all, what hangs or is gone said."""

from __future__ import annotations

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.data import FactsCache, FoundFile, RecordingFacts
from mtjlab.gui.recordings.folder_notices import FolderNotices
from mtjlab.gui.recordings.folder_reader import FolderReader
from mtjlab.gui.recordings.reading_process import ReadingStoppedError

LONGEST = 60_000


class Reader:
    """Read in this process, and note in which order; a name says what happens to it."""

    def __init__(self):
        self.order = []

    def call(self, function, path):
        name = path.rpartition("/")[2]
        self.order.append(name)
        if name == "crash.h5":
            raise ReadingStoppedError("reading it crashes; copy it again, or remove it")
        if name == "odd.h5":
            raise IndexError("list index out of range")
        if name == "gone.h5":
            raise FileNotFoundError(path)
        return RecordingFacts(*FoundFile.at(path), status="running" if name == "run.h5" else "finished")


@pytest.fixture
def read(qtbot, tmp_path):
    """Read a folder with these files, and give what was said, by name, and the reader."""
    readers = []

    def read(names, seen=()):
        folder = tmp_path / "folder"
        folder.mkdir(exist_ok=True)
        for name in names:
            if not (folder / name).exists():  # touching it again would make it a newer one
                (folder / name).touch()
        process = Reader()
        reader = FolderReader(folder, [process], FactsCache(tmp_path / "cache.sqlite"))
        readers.append(reader)
        facts = {}
        reader.read.connect(lambda _, read: facts.update({each.path.rpartition("/")[2]: each for each in read}))
        reader.prefer(str(folder / name) for name in seen)
        with qtbot.waitSignal(reader.settled, timeout=LONGEST):
            reader.watch(True)
        return facts, process.order, reader

    yield read
    for reader in readers:
        reader.stop()


def test_what_is_on_the_screen_is_read_first(read):
    facts, order, reader = read([f"{number}.h5" for number in range(6)], seen=["4.h5", "2.h5"])
    assert order[:2] == ["4.h5", "2.h5"]
    assert sorted(order) == sorted(facts) == [f"{number}.h5" for number in range(6)]
    assert reader.reads == 6


def test_a_file_that_crashes_its_reader_is_broken_and_the_others_are_read(read):
    facts, _, _ = read(["a.h5", "crash.h5", "odd.h5", "gone.h5"])
    assert (facts["crash.h5"].status, facts["a.h5"].status) == ("broken", "finished")
    assert facts["crash.h5"].fault == "reading it crashes; copy it again, or remove it"
    assert facts["odd.h5"].fault == "IndexError: list index out of range"
    assert "gone.h5" not in facts  # the next look shows that it is no longer there


def test_a_second_reader_knows_all_but_what_is_being_written(read):
    read(["a.h5", "b.h5", "run.h5"])
    facts, order, _ = read(["a.h5", "b.h5", "run.h5"])
    assert set(order) == {"run.h5"}  # it may have been looked at again meanwhile
    assert set(facts) == {"a.h5", "b.h5", "run.h5"}


def test_a_folder_that_is_missing_is_said(qtbot, tmp_path):
    reader = FolderReader(tmp_path / "nowhere", [Reader()], FactsCache(tmp_path / "cache.sqlite"))
    with qtbot.waitSignal(reader.lost, timeout=LONGEST) as said:
        reader.watch(True)
    reader.stop()
    assert said.args[0] == tmp_path / "nowhere"
    assert "does not exist; choose another folder, or connect the drive" in said.args[1]


def test_the_system_says_when_a_file_appears(qtbot, tmp_path):
    (tmp_path / "sub").mkdir()
    notices = FolderNotices()
    notices.watch(str(tmp_path), [str(tmp_path / "sub" / "a.h5")])
    with qtbot.waitSignal(notices.changed, timeout=LONGEST):
        (tmp_path / "sub" / "b.h5").touch()
    notices.watch(str(tmp_path), [])
    with qtbot.waitSignal(notices.changed, timeout=LONGEST):
        (tmp_path / "c.h5").touch()
