"""Rows carry the time at which their procedure handed them over."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from pymeasure.experiment import Procedure

from mtjlab.cli.main import main
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.instruments import open_bench
from mtjlab.procedures import run


class Own(Procedure):
    """A user's own, which notes when it emitted each row; the last three come as one batch."""

    DATA_COLUMNS = ["Voltage (V)", "Current (A)"]  # noqa: RUF012 - as PyMeasure has it

    def execute(self):
        self.between = []
        for step in range(5):
            before = time.time()
            self.emit("results", {"Voltage (V)": float(step), "Current (A)": 1e-6})
            self.between.append((before, time.time()))
        before = time.time()
        self.emit("batch results", {"Voltage (V)": [5.0, 6.0, 7.0], "Current (A)": [1e-6] * 3})
        self.between += [(before, time.time())] * 3


def test_each_row_of_a_users_procedure_has_the_time_at_which_it_was_emitted(tmp_path):
    procedure = Own()
    with open_bench("simulated", seed=1) as bench:
        recording = run(procedure, bench, tmp_path / "own.h5")
    table = recording.table("data")
    assert list(table.columns) == ["Voltage", "Current", "row_time"]
    assert table.attrs["units"]["row_time"] == "s"
    assert list(recording.frame().columns) == ["Voltage", "Current"]
    before, after = np.array(procedure.between).T
    times = table["row_time"].to_numpy()
    assert ((before <= times) & (times <= after)).all()
    assert main(["export", str(recording.path), "--format", "csv", "--output", str(tmp_path / "own.csv")]) == 0
    head, first, *_ = (tmp_path / "own.csv").read_text().splitlines()
    assert head == "Voltage (V),Current (A),row_time (s)"
    assert float(first.split(",")[2]) == times[0]


def test_times_that_are_given_are_kept_with_their_rows(begin, tmp_path):
    with begin(tmp_path / "run.h5", columns={"V": "V"}) as writer:
        writer.append(rows={"V": [0.0, 1.0]}, row_times=[100.5, 101.25])
        writer.append(rows={"V": [2.0, 3.0]}, row_times=200.0)
        with pytest.raises(ValueError, match=r"row_times has shape \(3,\); give one time, or one for each of 2 rows"):
            writer.append(rows={"V": [4.0, 5.0]}, row_times=[1.0, 2.0, 3.0])
        assert writer.columns == ["V"]
    assert Recording(tmp_path / "run.h5").table("data")["row_time"].tolist() == [100.5, 101.25, 200.0, 200.0]


def test_a_column_of_that_name_stays_the_procedures(begin, tmp_path):
    with begin(tmp_path / "run.h5", columns={"row_time": "K", "V": "V"}) as writer:
        writer.append(rows={"row_time": [300.0], "V": [1.0]}, row_times=7.0)
    recording = Recording(tmp_path / "run.h5")
    assert recording.frame()["row_time"].tolist() == [300.0]
    assert recording.table("data").iloc[0].tolist() == [300.0, 1.0, 7.0]
    with h5py.File(recording.path) as file:
        assert file["data"][file["data"].attrs["row_time"]][:1].tolist() == [7.0]


@pytest.fixture
def old(tmp_path) -> Path:
    """Unpack a recording of format version 3 whose five rows have no time, made in November 2026."""
    packed = Path(__file__).with_name("version_3") / "before_row_times.h5.gz"
    (tmp_path / "old.h5").write_bytes(gzip.decompress(packed.read_bytes()))
    return tmp_path / "old.h5"


def test_a_recording_from_before_is_read_and_resumed(old):
    before = old.read_bytes()
    assert list(Recording(old).table("data").columns) == ["Voltage", "Current"]
    assert list(Recording(old).verify()) == []
    assert old.read_bytes() == before
    with RecordingWriter.resume(old) as writer:
        writer.append(rows={"Voltage": [0.5], "Current": [5e-3]}, row_times=1.5e9)
    table = Recording(old).table("data")
    np.testing.assert_allclose(table["Voltage"], np.arange(6) / 10)
    np.testing.assert_array_equal(table["row_time"], [np.nan] * 5 + [1.5e9])


def test_larger_chunks_take_the_times_along(begin, tmp_path, monkeypatch):
    from mtjlab.data.contents import layout

    monkeypatch.setitem(layout.CHUNKS, "data", 1)
    with begin(tmp_path / "run.h5", columns={"V": "V"}) as writer:
        for number in range(100):  # an index holds 64 chunks: the file is copied on the way
            writer.append(rows={"V": [float(number)]}, row_times=1000.0 + number)
    table = Recording(tmp_path / "run.h5").table("data")
    np.testing.assert_array_equal(table["row_time"], 1000 + table["V"])
