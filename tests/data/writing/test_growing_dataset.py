"""Rows that go straight to their place in the file are where HDF5 would have put them."""

from __future__ import annotations

import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.data.recording_file import open_hdf5
from mtjlab.data.writing import file_space
from mtjlab.data.writing.file_space import FileSpace
from mtjlab.data.writing.growing_dataset import GrowingDataset

ROW = np.dtype([("first_bit", "<u8"), ("amplitude", "<f8"), ("alarms", "<u4")])


def record(path: Path) -> h5py.Dataset:
    """Write ten rows in pieces that fill, cross and begin chunks of four."""
    rows = np.zeros(10, ROW)
    rows["first_bit"], rows["amplitude"] = 2500 * np.arange(10), 1.25
    with open_hdf5(path, "x") as file:
        dataset = file.create_dataset("blocks", (0,), ROW, maxshape=(None,), chunks=(4,), fill_time="alloc")
        space = FileSpace(file)
        growing = GrowingDataset(dataset, space)
        for start, stop in ((0, 1), (1, 3), (3, 6), (6, 7), (7, 8), (8, 9), (9, 10)):
            growing.write(start, rows[start:stop])
            np.testing.assert_array_equal(growing.read(0, stop), rows[:stop])
            np.testing.assert_array_equal(dataset[:], rows[:stop])
        growing.write(2, rows[:5])  # back, over the end of a chunk
        np.testing.assert_array_equal(growing.read(2, 5), rows[:5])
        growing.write(2, rows[2:7])
        space.release()  # as a recording ends; what is left are the rows, not the room made for more
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["blocks"][:], rows)


@pytest.mark.skipif(not hasattr(os, "pwrite"), reason="needs writing at a place in a file")
def test_files_are_the_same_whichever_way_rows_take(tmp_path, monkeypatch):
    straight = []
    write = os.pwrite

    def pwrite(descriptor: int, data: memoryview, place: int) -> int:
        straight.append(len(data))
        return write(descriptor, data[:7], place)  # the operating system may take a part only

    monkeypatch.setattr(os, "pwrite", pwrite)
    record(tmp_path / "straight.h5")
    assert straight
    count = len(straight)
    monkeypatch.setattr(file_space, "hasattr", lambda *_: False, raising=False)  # as on Windows
    record(tmp_path / "through.h5")
    assert len(straight) == count
    assert (tmp_path / "straight.h5").read_bytes() == (tmp_path / "through.h5").read_bytes()


def test_a_closed_file_takes_no_row(tmp_path):
    file = open_hdf5(tmp_path / "run.h5", "x")
    growing = GrowingDataset(file.create_dataset("bits", (0,), "u1", maxshape=(None,), chunks=(64,)), FileSpace(file))
    growing.write(0, np.ones(8, np.uint8))
    file.close()
    with (tmp_path / "other").open("wb") as other:  # gets the descriptor that the file had
        with pytest.raises((ValueError, RuntimeError)):
            growing.write(4, np.zeros(2, np.uint8))
        other.flush()
        assert os.fstat(other.fileno()).st_size == 0
