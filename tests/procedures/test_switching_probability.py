"""The map through drivers and sockets, against the probabilities that the junction really had."""

import numpy as np
import pytest

from mtjlab.data.toml_document import TomlDocument
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench_file import BenchFile
from mtjlab.procedures.running.run import run
from mtjlab.procedures.switching_probability import SwitchingProbability

SMALL = {"lowest": 1.1, "highest": 1.3, "shortest": 6e-9, "longest": 12e-9}


@pytest.fixture
def bench():
    with open_bench("simulated") as shipped:
        text = shipped.file.text.replace('"tabulated"', '"macrospin"')
    with open_bench(BenchFile.parse(TomlDocument("a bench", text)), seed=7) as opened:
        yield opened


def test_counts_from_both_states_are_those_of_the_pulses_that_arrived(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    original, trains = junction.pulse_train, []

    def recorded(pulse, count, rest=None):
        before, states = int(junction.state), original(pulse, count, rest)
        found = np.concatenate(([before], states[:-1]))
        trains.append([(int((found == s).sum()), int(((found == s) & (states != s)).sum())) for s in (0, 1)])
        return states

    monkeypatch.setattr(junction, "pulse_train", recorded)
    procedure = SwitchingProbability(pulses=16_200, prepared=0, **SMALL)
    frame = run(procedure, bench, tmp_path / "a.h5").frame()
    assert len(frame) == 81  # the first grid
    counts = frame[[f"{what} from {name}" for name in ("parallel", "antiparallel") for what in ("Pulses", "Switched")]]
    # The first train found the levels. No reading is misread at these levels: what was counted is what happened.
    np.testing.assert_array_equal(counts, np.array(trains[1:]).reshape(-1, 4))


def test_a_state_that_a_train_leaves_out_is_prepared(bench, tmp_path):
    low = {**SMALL, "lowest": 0.9, "highest": 1.3}
    frame = run(SwitchingProbability(pulses=1650, shots=20, prepared=2, **low), bench, tmp_path / "a.h5").frame()
    unseen = frame["Amplitude"] == 0.9
    assert unseen.any()
    assert (frame.loc[unseen, ["Pulses from parallel", "Pulses from antiparallel"]] >= 2).all(axis=None)


def test_the_curve_of_one_half_is_where_it_is(bench, tmp_path):
    procedure = SwitchingProbability(pulses=20_000, **SMALL)
    results = run(procedure, bench, tmp_path / "a.h5").results
    # The reference device reaches one half at the lower end of its plateau, 1.1 to 1.25 V for pulses of 6 to 12 ns.
    assert 1.1 < results["lowest amplitude with one half"].value < 1.27
    assert 6e-9 <= results["width there"].value <= 12e-9


def test_no_switching_anywhere_ends_with_a_diagnosis(bench, tmp_path, monkeypatch):
    procedure = SwitchingProbability(pulses=20_000, **SMALL)
    monkeypatch.setattr(procedure, "_measure", lambda amplitude, width: (200, 0, 0, 0))
    with pytest.raises(ValueError, match=r"there is no switching to map; check the contact"):
        run(procedure, bench, tmp_path / "a.h5")
    assert bench.pulse_generator.settings()["output"] == "False"
