"""The map through drivers and sockets, against the probabilities that the junction really had."""

import h5py
import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.switching_map.precession import Precession
from mtjlab.analysis.switching_map.precession_fit import PrecessionFit
from mtjlab.cli.main import main
from mtjlab.core import Quantity
from mtjlab.core.errors import FitError
from mtjlab.core.toml_document import TomlDocument
from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import FreeLayer
from mtjlab.procedures.acquisition.pulse_trains import PulseTrains
from mtjlab.procedures.running.one_run import run
from mtjlab.procedures.switching_probability import SwitchingProbability

STATES = ("parallel", "antiparallel")
SMALL = {"lowest": 1.1, "highest": 1.3, "shortest": 6e-9, "longest": 12e-9, "fit": "none"}


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
    with h5py.File(tmp_path / "a.h5") as file:  # what viewers plot: points over width and amplitude, coloured by P
        data = file[file.attrs["default"]]
        assert (data.attrs["signal"], list(data.attrs["axes"])) == (b"Switching probability", [b"Width", b"Amplitude"])
        assert (data.attrs["Width_indices"], data.attrs["Amplitude_indices"]) == (0, 0)
        counts = [data[f"{what} from {state}"][:] for what in ("Switched", "Pulses") for state in STATES]
        np.testing.assert_allclose(data["Switching probability"], (counts[0] + counts[1]) / (counts[2] + counts[3]))
        nxdata = pytest.importorskip("silx.io.nxdata", reason="needs silx")
        assert nxdata.get_default(file).is_x_y_value_scatter
    assert main(["plot", str(tmp_path / "a.h5"), "--output", str(tmp_path / "a.png")]) == 0
    with Image.open(tmp_path / "a.png") as picture:
        picture.verify()


def test_each_prepared_pulse_begins_in_the_state_that_its_read_verified(bench, tmp_path, monkeypatch):
    single, original = [], PulseTrains.run

    def recorded(trains, amplitude, width, count):
        if count == 1 and amplitude == 0.9:
            single.append((trains.state, trains.look()))
        return original(trains, amplitude, width, count)

    monkeypatch.setattr(PulseTrains, "run", recorded)
    low = {**SMALL, "lowest": 0.9, "highest": 1.3}
    frame = run(SwitchingProbability(pulses=1000, shots=12, prepared=3, **low), bench, tmp_path / "a.h5").frame()
    # 0.9 V hardly ever switch: most trains see one state, and the other has to be prepared.
    assert single
    assert (frame[["Pulses from parallel", "Pulses from antiparallel"]] >= 3).all(axis=None)
    assert all(believed == read for believed, read in single)


def test_no_switching_anywhere_ends_with_a_diagnosis(bench, tmp_path):
    procedure = SwitchingProbability(pulses=1000, shots=10, prepared=0, **{**SMALL, "lowest": 0.3, "highest": 0.5})
    with pytest.raises(
        ValueError, match=r"P\(switch\) is 0 to 0 from 0.3 to 0.5 V .* no switching to map; check the contact"
    ):
        run(procedure, bench, tmp_path / "a.h5")
    assert bench.pulse_generator.settings()["output"] == "False"
    assert Recording(tmp_path / "a.h5").status == "failed"


def test_the_counts_are_fitted_and_what_is_found_is_recorded(bench, tmp_path, monkeypatch):
    asked = []
    found = PrecessionFit(
        Quantity(714e6, 2e6, "Hz"),
        Quantity(90e-15, 2e-16, "J/(V*m)"),
        Quantity(25.5e-3, 6e-5, "T"),
        Quantity(1.4767, 3e-3, "V"),
        Quantity(0.02, 1e-3, "1"),
        Quantity(1.7e-3, 1e-4, "T/V"),
        Precession(90e-15, 25.5e-3, 0.02, 521.0, 1.7e-3),
        80.0,
        77,
        13.0,
    )
    monkeypatch.setattr(PrecessionFit, "fit", lambda *arguments, **_: asked.append(arguments) or found)
    procedure = SwitchingProbability(pulses=1000, shots=12, prepared=3, **{**SMALL, "fit": "precession"})
    recording = run(procedure, bench, tmp_path / "a.h5")
    frame, (amplitudes, widths, switched, shots, layer, guess) = recording.frame(), asked[0]
    # The bias of the reads stays on under the pulses; 50 Ω of the generator take less than a thousandth.
    np.testing.assert_allclose(amplitudes, frame["Amplitude"] * (1 - 50 / 1e5) + 0.05, rtol=5e-4)
    assert layer.rest == pytest.approx(0.05)
    np.testing.assert_array_equal(widths, frame["Width"])
    for state, k, n in zip(("parallel", "antiparallel"), switched, shots, strict=True):
        np.testing.assert_array_equal(k, frame[f"Switched from {state}"])
        np.testing.assert_array_equal(n, frame[f"Pulses from {state}"])
    assert layer.anisotropy_field(guess.vcma, 1.4767) == pytest.approx(
        0, abs=1e-5
    )  # the reference device's, by default
    assert guess.moment == pytest.approx(521, rel=2e-3)
    assert recording.results["precession frequency"].value == 714e6
    assert recording.results["VCMA coefficient"].uncertainty == 2e-16


@pytest.mark.slow
def test_the_fit_of_a_measured_map_finds_the_device(tmp_path):
    with open_bench("simulated") as shipped:
        text = shipped.file.text.replace('"tabulated"', '"macrospin"')
    where = {"lowest": 1.0, "highest": 1.55, "shortest": 1.5e-9, "longest": 2.5e-9}
    with open_bench(BenchFile.parse(TomlDocument("a bench", text)), seed=7) as bench:
        results = run(SwitchingProbability(pulses=15_000, **where), bench, tmp_path / "a.h5").results
    torque = float(FreeLayer(Device(), Effects.full()).torque_per_volt(300.0))
    truths = {"VCMA coefficient": 90e-15, "field in the plane": 25.5e-3, "field of the current's torque": torque}
    for name, truth in truths.items():
        assert abs(results[name].value - truth) < 3.5 * results[name].uncertainty


def test_a_fit_that_fails_leaves_the_map(bench, tmp_path, monkeypatch, caplog):
    def refuse(*_, **__):
        raise FitError("the fit of the precession does not settle")

    monkeypatch.setattr(PrecessionFit, "fit", refuse)
    procedure = SwitchingProbability(pulses=1000, shots=12, prepared=3, **{**SMALL, "fit": "precession"})
    recording = run(procedure, bench, tmp_path / "a.h5")
    assert recording.status == "finished"
    assert "lowest amplitude with one half" in recording.results
    assert "no fit of the precession: the fit of the precession does not settle" in caplog.text
    assert "nothing is adaptive" not in caplog.text  # the 12 shots of each setting of the grid leave some: see below


def test_a_map_that_stays_below_one_half_is_a_diagnosis_and_one_too_coarse_a_warning(bench, tmp_path, caplog):
    coarse = {**SMALL, "pulses": 1000, "shots": 10, "prepared": 0}
    low = {**coarse, "lowest": 0.9, "highest": 1.05}
    with pytest.raises(ValueError, match=r"is below one half everywhere from 0\.9 to 1\.05 V .*larger amplitudes"):
        run(SwitchingProbability(**low), bench, tmp_path / "a.h5")
    warned = "give more pulses"
    # On the plateau a few pulses a setting do not tell on which side of one half P is.
    for number in range(20):
        flat = {**coarse, "lowest": 1.17, "highest": 1.2}
        recording = run(SwitchingProbability(**flat), bench, tmp_path / f"b{number}.h5")
        assert recording.status == "finished"
        assert ("lowest amplitude with one half" in recording.results) is (warned not in caplog.text)
        if warned in caplog.text:
            return
    raise AssertionError("twenty coarse maps were all sure")


def test_a_map_too_small_to_adapt_says_so(bench, tmp_path, caplog):
    run(SwitchingProbability(pulses=1000, shots=13, prepared=3, **SMALL), bench, tmp_path / "b.h5")
    assert "pulses = 1000 do not go beyond the coarse grid, which takes 1053: nothing is adaptive" in caplog.text
