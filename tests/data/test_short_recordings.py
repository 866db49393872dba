"""A short recording that has ended takes the room that it needs, and gets room to grow when it is resumed."""

from __future__ import annotations

import shutil

import h5py
import numpy as np
import pytest
from pymeasure.experiment import Procedure

from mtjlab.data.checking.recording_structure import look_through_file
from mtjlab.data.contents import layout
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing import recording_store
from mtjlab.data.writing.blocks import Blocks
from mtjlab.instruments import open_bench
from mtjlab.procedures import run


class Own(Procedure):
    """A user's own, of five rows."""

    DATA_COLUMNS = ["Voltage (V)", "Current (A)"]  # noqa: RUF012 - as PyMeasure has it

    def execute(self):
        for step in range(5):
            self.emit("results", {"Voltage (V)": float(step), "Current (A)": 1e-6 * step})


def test_five_rows_of_a_users_procedure_take_less_than_50_kb(tmp_path):
    with open_bench("simulated", seed=1) as bench:
        recording = run(Own(), bench, tmp_path / "own.h5")
    assert recording.path.stat().st_size < 50_000
    assert recording.frame()["Voltage"].tolist() == [0, 1, 2, 3, 4]
    assert look_through_file(recording.path).strange == ""
    assert list(recording.verify()) == []
    assert [each.name for each in tmp_path.iterdir()] == ["own.h5"]


def test_it_is_resumed_extended_and_short_again(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"
    sizes = []
    for life in range(3):
        with RecordingWriter.resume(path) if life else begin(path, columns={"V": "V"}) as writer:
            begins = writer.committed
            writer.append(Blocks(fair_bits[begins : begins + 1003]), {"V": [float(life)]})
            assert path.stat().st_size > 10**6  # room to grow without moving anything
        sizes.append(path.stat().st_size)
        writer = RecordingWriter.extend(path)
        writer.begin_fit("width=1e-9")
        writer.write_results({"field": (0.0255, 0.0003, "T")})
        writer.let_go()
    assert max(sizes) < 60_000
    recording = Recording(path)
    np.testing.assert_array_equal(recording.bits[:], fair_bits[:3009])
    assert (recording.frame()["V"].tolist(), len(recording.segments()), len(recording.fits)) == ([0, 1, 2], 3, 3)
    assert list(recording.verify()) == []
    assert look_through_file(path).strange == ""


def test_its_mirror_is_the_same(begin, tmp_path, fair_bits):
    (tmp_path / "mirror").mkdir()
    with begin(tmp_path / "run.h5", mirror=tmp_path / "mirror", columns={"V": "V"}) as writer:
        writer.append(Blocks(fair_bits[:1003]), {"V": [1.0]})
    assert (tmp_path / "mirror" / "run.h5").read_bytes() == (tmp_path / "run.h5").read_bytes()


def test_a_full_disk_leaves_it_as_it_was(begin, tmp_path, fair_bits, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording_store, "copy_recording", full)
    with begin(tmp_path / "run.h5", columns={"V": "V"}) as writer:
        writer.append(Blocks(fair_bits[:1003]), {"V": [1.0]})
    recording = Recording(tmp_path / "run.h5")
    assert (recording.status, recording.committed) == ("finished", 1003)
    assert list(recording.verify()) == []


@pytest.mark.parametrize("ended", [True, False])
def test_a_long_one_and_one_that_was_killed_stay(begin, tmp_path, fair_bits, monkeypatch, ended):
    writer = begin(tmp_path / "run.h5", columns={"V": "V"})
    writer.append(Blocks(fair_bits[:1003]), {"V": [1.0]})
    if ended:
        monkeypatch.setattr(layout, "SHORT", 10**6)
        writer.close()
        path = tmp_path / "run.h5"
    else:
        path = tmp_path / "killed.h5"
        shutil.copyfile(tmp_path / "run.h5", path)
        extended = RecordingWriter.extend(path)
        extended.let_go()
        writer.close()
    with h5py.File(path) as file:
        assert file["data/V"].chunks
