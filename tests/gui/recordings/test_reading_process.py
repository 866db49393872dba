"""A process that reads: its answers and errors come back, and it is started again when it dies."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.data import FoundFile
from mtjlab.gui.recordings.reading_process import ReadingProcess, ReadingStoppedError


@pytest.fixture
def process():
    process = ReadingProcess()
    yield process
    process.close()


def test_answers_and_errors_come_back_and_a_crash_is_survived(process, tmp_path):
    (tmp_path / "a.h5").write_bytes(b"123")
    assert process.call(FoundFile.at, tmp_path / "a.h5").size == 3
    with pytest.raises(FileNotFoundError):
        process.call(FoundFile.at, tmp_path / "b.h5")
    with pytest.raises(ReadingStoppedError, match="reading it crashes; copy it again, or remove it"):
        process.call(os.abort)
    assert process.call(os.getpid) != os.getpid()


def test_nothing_is_read_after_the_end():
    process = ReadingProcess()
    process.close()
    with pytest.raises(ReadingStoppedError, match="the window is closing"):
        process.call(os.getpid)
