"""A train of pulses is taken in blocks where a trigger line is wired, and bit by bit where none is."""

import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.procedures.acquisition.acquisition import BitByBit, InBlocks, acquisition_for
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.one_run import run


@pytest.fixture
def untriggered():
    file = BenchFile.load("simulated")
    return file.model_copy(update={"wiring": file.wiring.model_copy(update={"trigger_line": 0})})


def test_the_wiring_decides(untriggered):
    with open_bench("simulated", seed=1) as bench:
        assert isinstance(acquisition_for(bench), InBlocks)
    with open_bench(untriggered, seed=1) as bench:
        assert isinstance(acquisition_for(bench), BitByBit)


def test_readings_without_pulses_need_no_trigger_line(untriggered):
    with open_bench(untriggered, seed=1) as bench:
        meter = bench.source_meter
        meter.set_bias(0.05, 1e-5)
        meter.set_integration(0.01)
        meter.prepare_block(100, 0.0)
        meter.switch_on()
        meter.start_block()
        currents = meter.fetch_block()
        assert bench.stress.log.pulses == 0
    assert currents.shape == (100,)
    # One state all along: 50 mV across 50.9 kΩ or 101.4 kΩ, with the noise of a hundredth of a power line cycle.
    assert np.median(currents) == pytest.approx(0.05 / 50.9e3, rel=0.02) or np.median(currents) == pytest.approx(
        0.05 / 101.4e3, rel=0.02
    )
    assert np.ptp(currents) < 0.05 / 101.4e3 / 2


def test_bits_come_without_a_trigger_line_and_the_results_are_kept(untriggered, tmp_path):
    procedure = RandomBitstream()
    procedure.bits, procedure.block = 1500, 500
    with open_bench(untriggered, seed=1) as bench:
        run(procedure, bench, tmp_path / "bits.h5")
        assert bench.stress.log.pulses == 2000  # with the block that finds the levels
    with Recording(tmp_path / "bits.h5") as recording:
        assert recording.committed == 1500
        results = recording.results
    # 50 mV across 50.9 kΩ and, at this bias, 101 kΩ.
    assert results["parallel current"].value == pytest.approx(0.05 / 50.9e3, rel=0.02)
    assert results["antiparallel current"].value == pytest.approx(0.05 / 101.4e3, rel=0.02)
    assert results["misclassification"].value < 1e-6


def test_a_weak_signal_is_averaged_until_the_states_are_told_apart(tmp_path, monkeypatch):
    procedure = RandomBitstream()
    procedure.bits, procedure.block, procedure.bias, procedure.read_error = 20_000, 2500, 3e-5, 1e-5
    with open_bench("simulated", seed=1) as bench:
        junction, seen = bench.stand_in.wiring.junction, []
        original = junction.pulse_train
        monkeypatch.setattr(junction, "pulse_train", lambda *given: seen.append(original(*given)) or seen[-1])
        recording = run(procedure, bench, tmp_path / "bits.h5")
    integration = recording.instruments["source_meter"].settings["current_nplc"]
    assert 0.01 < integration < 0.1  # 30 µV were too little for the shortest
    assert recording.results["misclassification"].value < 1e-5
    # What was read is what the device did: a misread state would give two wrong bits.
    states = np.concatenate(seen)
    did = (states[1:] ^ states[:-1])[-20_000:]
    assert np.count_nonzero(recording.bits[:] != did) <= 4  # 0.2 misread states are to be expected
