"""The bitstream runs headless on the simulated bench, through drivers and sockets, into a recording."""

import threading

import h5py
import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.instruments import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.simulated.junction import table_counting
from mtjlab.procedures.measurements.events import CommitEvent, ProgressEvent
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for


def outputs(bench):
    return [instrument.settings()["output"] for instrument in bench.roles.values()]


def test_all_bits_are_there_with_their_blocks_and_rows(bench, tmp_path):
    recording = run(RandomBitstream(bits=12_345), bench, tmp_path / "a.h5")
    bits, blocks, frame = recording.bits[:], recording.blocks(), recording.frame()
    assert (recording.status, len(bits)) == ("finished", 12_345)
    assert list(blocks["count"]) == [2500, 2500, 2500, 2500, 2345]
    assert list(blocks["ones"]) == [part.sum() for part in np.split(bits, np.cumsum(blocks["count"])[:-1])]
    assert set(blocks["amplitude"]) == {1.25}
    assert frame.attrs["units"]["Parallel current"] == "A"
    np.testing.assert_allclose(frame["P(1)"], blocks["ones"] / blocks["count"])
    assert outputs(bench) == ["False", "False"]


def test_the_operating_point_gives_one_half(bench, tmp_path):
    bits = run(RandomBitstream(bits=100_000), bench, tmp_path / "a.h5").bits[:]
    # The reference device has P within .48 to .505 from both states from 1.20 to 1.30 V; 5 sigma of counting on top.
    assert 0.48 - 5 * 0.5 / 100_000**0.5 < bits.mean() < 0.505 + 5 * 0.5 / 100_000**0.5


def test_a_bit_says_that_the_state_changed(bench, tmp_path, monkeypatch):
    seen = []
    junction = bench.stand_in.wiring.junction
    original = junction.pulse_train

    def recorded(pulse, count, rest=None):
        seen.append(original(pulse, count, rest))
        return seen[-1]

    monkeypatch.setattr(junction, "pulse_train", recorded)
    bits = run(RandomBitstream(bits=5000), bench, tmp_path / "a.h5").bits[:]
    states = np.concatenate(seen)  # the first block finds the levels and is not recorded
    np.testing.assert_array_equal(bits, (states[1:] ^ states[:-1])[2499 : 2499 + 5000])


def test_the_resistance_of_each_bit_can_be_kept(bench, tmp_path):
    path = tmp_path / "run.h5"
    recording = run(RandomBitstream(bits=6000, block=1000, resistance="every"), bench, path)
    resistances, bits = recording.resistances[:], recording.bits[:]
    assert len(resistances) == 6000
    # A one means that the state changed; which state it is the resistance says.
    low, high = (recording.results[f"{state} current"].value for state in ("antiparallel", "parallel"))
    states = resistances > 0.05 / ((low + high) / 2)
    np.testing.assert_array_equal(states[1:] ^ states[:-1], bits[1:].astype(bool))
    frame = recording.frame()
    first = resistances[:1000]
    assert np.mean(0.05 / first[~states[:1000]]) == pytest.approx(frame["Parallel current"][0], rel=1e-6)
    assert np.mean(0.05 / first[states[:1000]]) == pytest.approx(frame["Antiparallel current"][0], rel=1e-6)
    estimate = RandomBitstream(bits=6000, block=1000, resistance="every").estimated_bytes
    assert path.stat().st_size == pytest.approx(estimate, rel=0.2)


def test_same_seed_same_bits(tmp_path):
    def acquire(name, seed):
        with open_bench("simulated", seed=seed) as bench:
            return run(RandomBitstream(bits=20_000), bench, tmp_path / name).bits[:]

    first = acquire("a.h5", 3)
    np.testing.assert_array_equal(first, acquire("b.h5", 3))
    assert np.any(first != acquire("c.h5", 4))


def test_the_recording_describes_bench_instruments_and_parameters(bench, tmp_path):
    recording = run(RandomBitstream(bits=1000, amplitude=1.22), bench, tmp_path / "a.h5", sample={"wafer": "W7"})
    assert recording.procedure == "RandomBitstream"
    assert (recording.parameters["amplitude"].value, recording.parameters["amplitude"].unit) == (1.22, "V")
    assert recording.instruments["source_meter"].idn.startswith("KEITHLEY INSTRUMENTS INC.,MODEL 2400")
    assert recording.instruments["pulse_generator"].settings["voltage_high"] == pytest.approx(1.22)
    assert recording.sample["wafer"] == "W7"
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["bench"].attrs["limit_pulse_amplitude"] == 1.8
        assert file["bench"].attrs["seed"] == 7
        assert file["bench/toml"][()].decode() == bench.file.text


def test_an_existing_file_is_not_touched(bench, tmp_path):
    path = tmp_path / "a.h5"
    path.write_bytes(b"precious")
    with pytest.raises(RecordingError, match="exists"):
        run(RandomBitstream(bits=1000), bench, path)
    assert path.read_bytes() == b"precious"


def test_what_the_interlock_refuses_never_switches_an_output_on(bench, tmp_path):
    path = tmp_path / "a.h5"
    with pytest.raises(LimitError, match=r"pulse amplitude .* = 2\.0001 V"):
        run(RandomBitstream(bits=1000, amplitude=2.0), bench, path)
    assert bench.stand_in.wiring.time == 0.0  # nothing was triggered
    assert not path.exists()


def test_a_device_that_does_not_switch_ends_with_a_diagnosis(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    monkeypatch.setattr(junction, "pulse_train", lambda pulse, count, rest=None: np.zeros(count, np.uint8))
    with pytest.raises(ValueError, match=r"one level only.*the device does not switch"):
        run(RandomBitstream(bits=1000), bench, tmp_path / "a.h5")
    assert outputs(bench) == ["False", "False"]


def test_a_device_that_gets_stuck_ends_the_run_and_keeps_what_was_good(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    original, trains = junction.pulse_train, []

    def stuck(pulse, count, rest=None):
        trains.append(count)
        return original(pulse, count, rest) if len(trains) < 5 else np.zeros(count, np.uint8)

    monkeypatch.setattr(junction, "pulse_train", stuck)
    path = tmp_path / "a.h5"
    with pytest.raises(InstrumentError, match=r"did not switch once in 2500 pulses"):
        run(RandomBitstream(bits=1_000_000), bench, path)
    recording = Recording(path)
    # One train finds the levels; the change into the stuck state may give a last block with a single one.
    assert recording.status == "failed"
    assert recording.committed in (7500, 10_000)
    assert outputs(bench) == ["False", "False"]


def test_a_pulse_that_the_table_refuses_is_reported_in_the_instruments_words(tmp_path, monkeypatch):
    monkeypatch.setattr(table_counting, "LONGEST_WAIT", 0.0)  # points that are not there yet are not waited for
    monkeypatch.setenv("MTJLAB_CACHE", str(tmp_path))
    with open_bench("simulated", seed=7) as bench, pytest.raises(InstrumentError, match=r"reports.*Execution error"):
        run(RandomBitstream(bits=1000, amplitude=0.5), bench, tmp_path / "a.h5")


def test_stop_finishes_the_block_and_leaves_an_aborted_recording(bench, tmp_path):
    committed = threading.Event()
    worker = worker_for(
        RandomBitstream(bits=10**12),
        bench,
        tmp_path / "a.h5",
        hooks=RunHooks(listener=lambda event: committed.set() if isinstance(event, CommitEvent) else None),
    )
    worker.start()
    assert committed.wait(30)
    worker.stop()
    worker.join(30)
    assert not worker.is_alive()
    recording = Recording(tmp_path / "a.h5")
    assert recording.status == "aborted"
    assert recording.committed == recording.blocks()["count"].sum() > 0
    assert outputs(bench) == ["False", "False"]


def test_a_stop_that_comes_with_the_last_block_changes_nothing(bench, tmp_path):
    def stop_at_the_end(event):
        if isinstance(event, ProgressEvent) and event.percent == 100.0:
            worker.stop()

    worker = worker_for(RandomBitstream(bits=5000), bench, tmp_path / "a.h5", hooks=RunHooks(listener=stop_at_the_end))
    worker.start()
    worker.join(30)
    assert Recording(tmp_path / "a.h5").status == "finished"


def test_a_lost_instrument_fails_the_run_and_keeps_the_bits(tmp_path):
    with open_bench("simulated", seed=7) as bench:
        committed = threading.Event()
        hooks = RunHooks(listener=lambda event: committed.set() if isinstance(event, CommitEvent) else None)
        worker = worker_for(RandomBitstream(bits=10**12), bench, tmp_path / "a.h5", hooks=hooks)
        worker.start()
        assert committed.wait(30)
        bench.stand_in.close()
        worker.join(30)
    assert isinstance(worker.error, InstrumentError)
    recording = Recording(tmp_path / "a.h5")
    assert recording.status == "failed"
    assert recording.committed > 0
    assert "does not answer" in " ".join(recording.log()["message"].astype(str))


def test_estimates_are_given_before_the_run():
    procedure = RandomBitstream(bits=1_000_000)
    # 1.7 s for command and bench; a million bits, and a block that finds the levels, of 1 µs and .01 of 20 ms each.
    assert procedure.estimated_duration == pytest.approx(1.7 + 1_002_500 * (201e-6 + 285e-6))
    assert dict(procedure.get_estimates())["Duration"] == "489 s"


@pytest.mark.parametrize("bits", [1000, 1_500_000])
def test_the_estimated_size_is_that_of_the_file(bench, tmp_path, bits):
    run(RandomBitstream(bits=bits), bench, tmp_path / "a.h5")
    size = (tmp_path / "a.h5").stat().st_size
    # The metadata comes in blocks of a mebibyte, of which the estimate counts one.
    assert RandomBitstream(bits=bits).estimated_bytes == pytest.approx(size, rel=0.25)


@pytest.mark.parametrize(("name", "value"), [("bits", 0), ("bits", 2.5), ("block", 2501), ("amplitude", 6.0)])
def test_parameters_have_ranges(name, value):
    procedure = RandomBitstream()
    with pytest.raises(ValueError, match=r"[Bb]its|FloatParameter"):
        procedure.set_parameters({name: value})


def test_a_device_that_sticks_for_a_while_raises_an_alarm_with_its_block(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    original, trains = junction.pulse_train, []

    def sticking(pulse, count, rest=None):
        states = original(pulse, count, rest)
        trains.append(count)
        if len(trains) == 3:  # the second block that is recorded
            states[100:160] = states[100]
        return states

    monkeypatch.setattr(junction, "pulse_train", sticking)
    recording = run(RandomBitstream(bits=10_000, entropy=1.0), bench, tmp_path / "a.h5")
    # A run of 59 zeros holds one of 41, the cutoff at 2^-40 for one bit a bit.
    assert list(recording.blocks()["alarms"]) == [0, 1, 0, 0]
    messages = [message for message in recording.log()["message"] if "health alarm" in message]
    assert len(messages) == 1
    assert messages[0].startswith("health alarm: repetition count: 41 equal bits in a row, reached at bit 2,6")
