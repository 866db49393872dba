"""What goes into a recording comes out of it."""

from __future__ import annotations

import math
import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

LENGTHS = st.lists(st.integers(1, 70), min_size=1, max_size=8)
AGAIN = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@AGAIN
@given(lengths=LENGTHS, together=st.booleans(), resumed_after=st.integers(0, 8), seed=st.integers(0, 2**32))
def test_blocks_of_any_length_come_back_bit_for_bit(begin, tmp_path_factory, lengths, together, resumed_after, seed):
    path = tmp_path_factory.mktemp("bits") / "run.h5"
    bits = np.random.default_rng(seed).integers(0, 2, sum(lengths), dtype=np.uint8)
    writer = begin(path)
    ends = np.cumsum(lengths)
    if together:
        assert writer.append(Blocks(bits, counts=lengths)) == len(bits)
    else:
        for number, (end, length) in enumerate(zip(ends, lengths, strict=True)):
            if number == resumed_after:
                writer.close("aborted")
                writer = RecordingWriter.resume(path)
            assert writer.append(bits[end - length : end]) == end
    writer.close()

    with Recording(path) as recording:
        np.testing.assert_array_equal(recording.bits[:], bits)
        np.testing.assert_array_equal(recording.bits.packed[:], np.packbits(bits))
        start = int(ends[0]) // 2
        np.testing.assert_array_equal(recording.bits[start:], bits[start:])
        blocks = recording.blocks()
        assert blocks["count"].tolist() == lengths
        assert blocks["first_bit"].tolist() == [0, *ends[:-1].tolist()]
        assert blocks["ones"].tolist() == [int(b.sum()) for b in np.split(bits, ends[:-1])]


def test_reading_a_few_bits_reads_those(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"
    with begin(path) as writer:
        writer.append(fair_bits)
    recording = Recording(path)
    for start, stop in ((0, 0), (0, 1), (7, 9), (8, 16), (99_993, 100_000), (12_345, 12_346)):
        np.testing.assert_array_equal(recording.bits[start:stop], fair_bits[start:stop])


def test_a_recording_says_how_it_was_made(begin, tmp_path):
    path = tmp_path / "run.h5"
    parameters = {
        "amplitude": RecordingParameter(1.25, "V", "Pulse amplitude."),
        "shots": RecordingParameter(2500),
        "hold": RecordingParameter(True),
        "mode": RecordingParameter("block Ω"),
        "fields": RecordingParameter([0.0, 25.5e-3], "T"),
        "limit": RecordingParameter(None, "V"),
    }
    with begin(path, parameters=parameters, plan="[run]\nprocedure = 'AcquireBits'\n") as writer:
        writer.add_instrument(
            "pulse_generator",
            idn="Agilent Technologies,81160A,MY51400100,1.0.3.0-2.6",
            driver="keysight81160a",
            resource="TCPIP::127.0.0.1::5025::SOCKET",
            settings={"amplitude": 1.25, "width": 1e-8, "output": True, "trigger": "external"},
        )
        writer.append(
            Blocks([1, 0, 1], start=1.8e9, amplitude=1.25, width=1e-8, field=25.5e-3, alarms=2),
            {"time": [0.5, 1.0], "probability": [0.4, 0.6], "resistance": [2e3, 4e3]},
        )
    recording = Recording(path)
    assert recording.status is Status.FINISHED
    assert recording.procedure == "AcquireBits"
    assert recording.parameters == parameters
    assert recording.plan == "[run]\nprocedure = 'AcquireBits'\n"
    assert recording.simulated
    assert recording.bench_attributes["seed"] == 11
    assert 'driver = "keysight81160a"' in recording.bench
    assert recording.sample == {"wafer": "W07", "die": "", "device": "", "operator": "Ada", "note": ""}
    generator = recording.instruments["pulse_generator"]
    assert generator.idn.startswith("Agilent Technologies,81160A")
    assert generator.settings == {"amplitude": 1.25, "width": 1e-8, "output": True, "trigger": "external"}
    frame = recording.frame()
    assert list(frame.columns) == ["time", "probability", "resistance"]
    assert frame["resistance"].tolist() == [2e3, 4e3]
    assert frame.attrs["units"]["resistance"] == "Ω"
    block = recording.blocks().iloc[0]
    assert (block.start, block.amplitude, block.width, block.field, block.alarms) == (1.8e9, 1.25, 1e-8, 25.5e-3, 2)


def test_plain_h5py_finds_the_documented_layout_with_units(begin, tmp_path):
    path = tmp_path / "run.h5"
    with begin(path) as writer:
        writer.add_instrument("source_meter", idn="KEITHLEY INSTRUMENTS INC.,MODEL 2400,1,C30")
        writer.append([1, 0, 1, 1, 0, 0, 0, 0, 1], {"time": [1.0], "probability": [0.5], "resistance": [3e3]})
    with h5py.File(path) as file:
        assert file.attrs["format"] == b"mtjlab-recording"
        assert file.attrs["status"] == b"finished"
        assert file.attrs["created"] <= file.attrs["finished"]
        assert file.attrs["created"].endswith(b"+00:00")
        assert file["bits/packed"][:].tolist() == [0b10110000, 0b10000000]
        assert file["bits/packed"].attrs["committed"] == 9
        assert file["parameters/amplitude"][()] == 1.5
        assert file["parameters/amplitude"].attrs["units"] == b"V"
        assert file["instruments/source_meter"].attrs["idn"].startswith(b"KEITHLEY")
        assert file["data/resistance"].attrs["units"].decode() == "Ω"
        # NeXus: the default plot leads from the root to a signal, its axis as long as it
        assert file.attrs["NX_class"] == b"NXroot"
        data = file[file.attrs["default"]]
        assert data.attrs["NX_class"] == b"NXdata"
        assert data.attrs["signal"] == b"probability"
        assert data[data.attrs["signal"]].shape == data[data.attrs["axes"][0]].shape == (1,)
        units = dict(zip(file["blocks"].dtype.names, file["blocks"].attrs["units"], strict=True))
        assert (units["amplitude"], units["width"], units["field"]) == (b"V", b"s", b"T")
        assert file["segments/why"][0] == b"finished"

        def fixed(_: str, item: h5py.HLObject) -> None:
            for value in (item.attrs.get_id(name).dtype for name in item.attrs):
                assert h5py.check_string_dtype(value) is None or h5py.check_string_dtype(value).length

        file.visititems(fixed)  # a variable-length text lies in a heap that a kill can leave half written


@pytest.mark.parametrize(
    ("error", "status", "why"),
    [
        (None, "finished", "finished"),
        (KeyboardInterrupt(), "aborted", "KeyboardInterrupt"),
        (RuntimeError("compliance at 2 V"), "failed", "RuntimeError: compliance at 2 V"),
    ],
)
def test_the_way_out_is_the_status(begin, tmp_path, error, status, why):
    path = tmp_path / "run.h5"

    def run() -> None:
        with begin(path) as writer:
            writer.append([1, 1, 0])
            if error:
                raise error

    if error:
        with pytest.raises(type(error)):
            run()
    else:
        run()
    recording = Recording(path)
    assert recording.status == status
    assert recording.committed == 3
    last = recording.segments().iloc[-1]
    assert last.why == why
    assert last.start <= last.end


def test_an_interrupt_within_a_commit_leaves_what_was_committed_before(begin, tmp_path, fair_bits, monkeypatch):
    path = tmp_path / "run.h5"
    writer = begin(path)
    writer.append(fair_bits[:1001])

    def interrupted(**_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), writer:  # noqa: PT012 - the interrupt comes while data are in the file
        monkeypatch.setattr(writer.store.tables, "commit", interrupted)
        writer.append(Blocks(1 - fair_bits[1001:9999], counts=[998, 4000, 4000]))
    resumed = RecordingWriter.resume(path)
    resumed.append(fair_bits[1001:50_000])
    resumed.close()
    recording = Recording(path)
    np.testing.assert_array_equal(recording.bits[:], fair_bits[:50_000])
    assert recording.blocks()["count"].tolist() == [1001, 48_999]
    assert recording.segments()["why"].tolist() == ["KeyboardInterrupt", "finished"]


def test_an_interrupt_between_the_counters_moves_none(begin, tmp_path, fair_bits, monkeypatch):
    class Interrupted:
        def __init__(self, counter: h5py.h5a.AttrID) -> None:
            self.counter = counter
            self.armed = True

        def write(self, value: np.ndarray, kind: h5py.h5t.TypeID) -> None:
            if self.armed:
                self.armed = False
                raise KeyboardInterrupt
            self.counter.write(value, kind)

    path = tmp_path / "run.h5"
    writer = begin(path)
    writer.append(fair_bits[:13])
    counters = writer.store.tables.counters
    monkeypatch.setitem(counters, "blocks", Interrupted(counters["blocks"]))
    with pytest.raises(KeyboardInterrupt):
        writer.append(fair_bits[13:40])
    assert (writer.committed, Recording(path).committed) == (13, 13)
    writer.append(fair_bits[13:30])
    writer.close()
    RecordingWriter.resume(path).close()  # it agrees with itself
    np.testing.assert_array_equal(Recording(path).bits[:], fair_bits[:30])


def test_rows_need_no_bits(begin, tmp_path):
    with begin(tmp_path / "run.h5") as writer:
        assert writer.append(rows={"time": [1.0, 2.0], "probability": [0.5, 0.4], "resistance": [1e3, 2e3]}) == 0
        assert writer.append() == 0
        assert writer.rows == 2
    assert Recording(tmp_path / "run.h5").frame()["time"].tolist() == [1.0, 2.0]


def test_a_resumed_recording_is_one_recording_of_two_segments(begin, tmp_path, fair_bits):
    path = tmp_path / "run.h5"
    row = {"time": [1.0], "probability": [0.5], "resistance": [3e3]}
    with begin(path) as writer:
        writer.add_instrument("pulse_generator", idn="one")
        writer.append(fair_bits[:13], row)
    with RecordingWriter.resume(path) as writer:
        assert (writer.committed, writer.rows) == (13, 1)
        writer.add_instrument("pulse_generator", idn="another")
        writer.append(fair_bits[13:40], row)
        assert Recording(path).status is Status.RUNNING  # seen from within the process that writes
        assert Recording(path).attributes["finished"] == ""
        np.testing.assert_array_equal(Recording(path).bits[:], fair_bits[:40])
        with pytest.raises(RecordingError, match="is being written by this process; close that writer"):
            RecordingWriter.resume(path)
        writer.append(fair_bits[40:50], row)
    with Recording(path) as recording:
        segments = recording.segments()
        assert segments["first_bit"].tolist() == [0, 13]
        assert segments["first_row"].tolist() == [0, 1]
        assert segments["process"].tolist() == [os.getpid()] * 2
        messages = recording.log()["message"].tolist()
        assert messages == ["resumed at bit 13", "pulse_generator: idn 'one' is now 'another'"]
        assert recording.instruments["pulse_generator"].idn == "one"
        assert recording.status is Status.FINISHED
        assert len(recording.frame()) == 3


def test_long_messages_are_kept_whole(begin, tmp_path):
    message = "P(switch) drifted to 0.48; " + "Ω" * 300
    with begin(tmp_path / "run.h5") as writer:
        writer.log("warning", message, "operating point")
        writer.log("info", "next")
    log = Recording(tmp_path / "run.h5").log()
    assert "".join(log["message"][:-1]) == message
    assert log["source"].tolist() == ["operating point", "…", "…", ""]


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"bits": [0, 1, 2]}, "bit 2 is 2; bits are 0 or 1"),
        ({"bits": [[0, 1]]}, "one-dimensional"),
        ({"bits": [0.5]}, "integer or boolean"),
        ({"bits": Blocks([0, 1], counts=[1, 2])}, "do not divide 2 bits"),
        ({"bits": Blocks([0, 1], counts=[0, 2])}, "blocks of 1 to"),
        ({"bits": Blocks([0, 1], amplitude=[1.0, 2.0])}, "amplitude is"),
        ({"rows": {"time": [1.0]}}, "this recording has"),
        ({"rows": {"time": [1.0], "probability": [0.5, 0.5], "resistance": [1.0]}}, "of one length"),
    ],
)
def test_a_refused_append_writes_nothing(begin, tmp_path, changes, match):
    path = tmp_path / "run.h5"
    with begin(path) as writer:
        writer.append([1, 0, 1])
        with pytest.raises(ValueError, match=match) as caught:
            writer.append(**changes)
        assert "\n" not in str(caught.value)
        writer.append([1])
    with h5py.File(path) as file:
        assert file["bits/packed"][:].tolist() == [0b10110000]
        assert len(file["blocks"]) == 2
        assert len(file["data/time"]) == 0


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"columns": {"...": ""}}, "use more than dots"),
        ({"parameters": {"source": RecordingParameter(object())}}, "parameter 'source' is"),
        ({"plan": "#" * 70_000}, "plan has 70000 bytes"),
    ],
)
def test_what_hdf5_cannot_hold_is_refused_and_leaves_no_file(begin, tmp_path, changes, match):
    with pytest.raises(ValueError, match=match):
        begin(tmp_path / "run.h5", **changes)
    assert list(tmp_path.iterdir()) == []


def _no_hard_links(*_: object) -> None:
    raise PermissionError("the file system has no hard links")


def test_an_existing_file_is_never_overwritten(begin, tmp_path, monkeypatch):
    path = tmp_path / "run.h5"
    path.write_text("my thesis")
    with pytest.raises(RecordingError, match=r"run\.h5: exists already; choose another name"):
        begin(path)
    monkeypatch.setattr(os.path, "lexists", lambda _: False)  # it came into being after the first look
    with pytest.raises(RecordingError, match="exists already"):
        begin(path)
    monkeypatch.setattr(os, "link", _no_hard_links)
    with pytest.raises(RecordingError, match="exists already"):
        begin(path)
    assert path.read_text() == "my thesis"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_without_hard_links_will_do(begin, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", _no_hard_links)
    with begin(tmp_path / "run.h5") as writer:
        writer.append([1, 0])
    assert Recording(tmp_path / "run.h5").committed == 2
    assert [p.name for p in tmp_path.iterdir()] == ["run.h5"]


def test_a_missing_folder_is_named(begin, tmp_path):
    with pytest.raises(RecordingError, match="lies in a folder that does not exist"):
        begin(tmp_path / "nowhere" / "run.h5")


def test_a_closed_recording_takes_no_more(begin, tmp_path):
    writer = begin(tmp_path / "run.h5")
    with pytest.raises(ValueError, match="status 'running' ends no recording"):
        writer.close("running")
    writer.close("aborted", "enough")
    writer.close()
    assert Recording(tmp_path / "run.h5").status == "aborted"
    with pytest.raises(RecordingError, match="is closed; resume it"):
        writer.append([1])


def test_the_operating_point_of_each_block_is_kept(begin, tmp_path):
    with begin(tmp_path / "run.h5") as writer:
        writer.append(Blocks([0, 1, 1, 1], counts=[1, 3], amplitude=[1.5, 1.49], width=1e-9))
        writer.append(np.array([True, False]))
    blocks = Recording(tmp_path / "run.h5").blocks()
    assert blocks["amplitude"].tolist()[:2] == [1.5, 1.49]
    assert math.isnan(blocks["amplitude"][2])
    assert blocks["ones"].tolist() == [0, 3, 1]


def test_reading_needs_only_the_path(begin, tmp_path, monkeypatch):
    begin(tmp_path / "run.h5").close()
    monkeypatch.chdir(tmp_path)
    assert Recording("run.h5").path == Path("run.h5")
    assert Recording("run.h5").bits[:].size == 0
    assert len(Recording("run.h5").frame()) == 0
