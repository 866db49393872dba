"""A bitstream that is steered, in every mode, beside the true probabilities that only the simulated junction knows."""

import math

import numpy as np
import pytest
from scipy.stats import chi2

from mtjlab.analysis.operating_point.suppression_theory import suppression
from mtjlab.instruments import open_bench
from mtjlab.instruments.simulated.electrics.wear_and_drift import SlowDrift
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for

SLOPE = 1.6e8  # 1/s
POINT = {"amplitude": 1.22, "width": 5.65e-9, "actuator": "width"}


def bench_with_drift(rate, seed=5):
    """Open a simulated bench whose junction's P drifts by `rate` a pulse and does nothing else."""
    bench = open_bench("simulated", seed=seed)
    junction = bench.stand_in.wiring.junction
    drift = junction.device.drift.model_copy(
        update={"probability_rate": rate, "resistance_wander": 0.0, "interval": 4096}
    )
    junction.drift = SlowDrift(drift, np.random.default_rng(1))
    return bench


def true_probabilities(bench, pulses):
    """Probability that each of the last pulses switches from P and from AP; shape (pulses, 2)."""
    log = bench.stand_in.wiring.junction.log
    return log.at(np.arange(log.pulses - pulses, log.pulses))


def test_without_feedback_a_strong_drift_takes_p_away(tmp_path):
    with bench_with_drift(1e-7) as bench:
        run(RandomBitstream(bits=400_000, **POINT), bench, tmp_path / "a.h5")
        truth = true_probabilities(bench, 50_000)
    assert truth.mean() > 0.5 + 0.02


@pytest.mark.parametrize(("feedback", "per_bit"), [("output", 1.0), ("sacrificial", 2.0)])
def test_feedback_holds_p_within_the_bound_that_it_reports(tmp_path, feedback, per_bit):
    bits = 200_000
    with bench_with_drift(1e-7 / per_bit) as bench:
        procedure = RandomBitstream(
            bits=bits, feedback=feedback, constant=20_000, share=0.5, drift=1e-7, step=0.0, slope=SLOPE, **POINT
        )
        recording = run(procedure, bench, tmp_path / "a.h5")
        truth = true_probabilities(bench, int(per_bit * bits) - 2500)
    results = recording.results
    bound = results["bound of the deviation"].value
    # The torque keeps P from P and P from AP a hundredth apart: their mean is steered, and each of them is bounded.
    assert np.abs(truth - 0.5).max() < bound < 0.035
    assert results["least min-entropy"].value == pytest.approx(-math.log2(0.5 + bound))
    # The lag of the drift is 1e-7 × 20,000; the scatter 1/sqrt(8 T_steering), over some ten independent stretches.
    assert abs(truth.mean() - 0.5) < 0.002 + 4 / math.sqrt(8 * 20_000 / per_bit) / math.sqrt(10)
    assert recording.committed == bits


def test_the_setting_of_each_block_is_recorded_in_steps_of_the_instrument(tmp_path):
    with bench_with_drift(1e-7) as bench:
        procedure = RandomBitstream(bits=100_000, feedback="output", constant=10_000, slope=SLOPE, **POINT)
        recording = run(procedure, bench, tmp_path / "a.h5")
        generator = bench.pulse_generator.settings()
    widths = recording.blocks()["width"].to_numpy()
    assert len(set(widths)) > 3
    steps = widths / 1e-11
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)
    assert recording.results["width at the end"].value == pytest.approx(float(generator["pulse_width"]), rel=1e-6)


def test_bits_that_steer_their_source_are_too_fair(tmp_path):
    with bench_with_drift(0.0) as bench:
        procedure = RandomBitstream(bits=1_000_000, feedback="output", constant=10_000, slope=SLOPE, **POINT)
        recording = run(procedure, bench, tmp_path / "a.h5")
    ones = recording.blocks()["ones"].to_numpy().reshape(-1, 20).sum(axis=1)
    squares = (((ones - 25_000) ** 2) / 12_500).sum()
    # Windows of five loop constants: each square is suppression² = .228 of a fair stream's, chi-square of 20 in all.
    assert squares < suppression(50_000, 10_000, 2500) ** 2 * chi2.isf(1e-3, 20) < chi2.ppf(0.05, 20)
    spread = recording.results["spread of the ones over a loop constant"]
    assert spread.uncertainty == pytest.approx(spread.value / math.sqrt(200), rel=1e-6)
    theory = suppression(10_000, 10_000, 2500)
    assert recording.results["that spread by theory"].value == pytest.approx(theory)
    assert abs(spread.value - theory) < 4 * theory / math.sqrt(200)


def test_beyond_its_range_the_steering_promises_nothing(tmp_path, caplog):
    with bench_with_drift(2e-6) as bench:
        procedure = RandomBitstream(bits=100_000, feedback="output", constant=10_000, slope=SLOPE, **POINT)
        recording = run(procedure, bench, tmp_path / "a.h5")
    assert recording.results["least min-entropy"].value == 0.0
    assert "P(switch) is no longer held" in caplog.text


def test_a_setting_without_authority_is_refused_with_a_diagnosis(tmp_path):
    plateau = {"amplitude": 1.25, "width": 10e-9, "actuator": "amplitude", "span": 4e-3}
    refusal = r"P\(switch\) follows the amplitude by .* it cannot be steered by it"
    with bench_with_drift(0.0) as bench, pytest.raises(ValueError, match=refusal):
        run(RandomBitstream(bits=1000, feedback="output", **plateau), bench, tmp_path / "a.h5")


def test_a_loop_constant_shorter_than_four_blocks_is_refused(bench, tmp_path):
    with pytest.raises(ValueError, match=r"constant = 5000 bits is too short for blocks of 2500 pulses.*give 10,000"):
        run(RandomBitstream(bits=1000, feedback="output", constant=5000), bench, tmp_path / "a.h5")


@pytest.mark.parametrize("feedback", ["output", "sacrificial"])
def test_a_steered_run_that_was_stopped_goes_on_to_the_same_content(tmp_path, feedback):
    def procedure():
        return RandomBitstream(bits=60_000, feedback=feedback, constant=20_000, share=0.5, slope=SLOPE, **POINT)

    with open_bench("simulated", seed=3) as bench:
        whole = run(procedure(), bench, tmp_path / "whole.h5")
    path = tmp_path / "a.h5"
    with open_bench("simulated", seed=3) as bench:
        worker = worker_for(
            procedure(),
            bench,
            path,
            hooks=RunHooks(
                listener=lambda event: (
                    worker.stop() if isinstance(event, ProgressEvent) and event.percent > 40 else None
                )
            ),
        )
        worker.start()
        worker.wait()
    with open_bench("simulated", seed=3) as bench:
        recording = run(procedure(), bench, path, resume=True)
    assert list(recording.segments()["first_bit"])[1] > 20_000
    np.testing.assert_array_equal(recording.bits[:], whole.bits[:])
    np.testing.assert_array_equal(recording.blocks()["width"], whole.blocks()["width"])


def test_with_reset_only_pulses_out_of_the_parallel_state_count(bench, tmp_path, monkeypatch):
    seen = []
    junction = bench.stand_in.wiring.junction
    original = junction.pulse_train

    def recorded(pulse, count, rest=None):
        seen.append(original(pulse, count, rest))
        return seen[-1]

    monkeypatch.setattr(junction, "pulse_train", recorded)
    bits = run(RandomBitstream(bits=5000, mode="reset"), bench, tmp_path / "a.h5").bits[:]
    states = np.concatenate(seen)
    before, after = states[2499:-1], states[2500:]
    np.testing.assert_array_equal(bits, after[before == 0][:5000])


def test_a_run_ends_when_the_bias_is_shown_or_the_time_is_over(bench, tmp_path):
    shown = run(RandomBitstream(bits=10**9, largest_bias=0.05), bench, tmp_path / "a.h5")
    assert shown.status == "finished"
    # 2P - 1 of a fair stream is shown to be below .05 after (1.22e-2/.05)^2 × 1e5 bits or so; one with P = .48 later.
    assert 2500 < shown.committed < 500_000
    timed = run(RandomBitstream(bits=10**9, duration=0.2), bench, tmp_path / "b.h5")
    assert (timed.status, timed.committed > 0) == ("finished", True)


def test_several_junctions_have_their_turns(tmp_path):
    with open_bench("simulated") as bench:
        text = bench.file.text
    file = tmp_path / "bench.toml"
    file.write_text(text + '\n[roles.multiplexer]\ndriver = "keithley2700"\njunctions = { A1 = 101, A2 = 102 }\n')
    with open_bench(file, seed=4) as bench:
        procedure = RandomBitstream(bits=30_000, junctions="A1, A2", turn=10_000)
        recording = run(procedure, bench, tmp_path / "a.h5")
    np.testing.assert_array_equal(recording.frame()["Junction"], [1] * 4 + [2] * 4 + [1] * 4)
    assert {"A1: threshold", "A2: threshold"} <= set(recording.results)
    assert [procedure.streams[name].bits for name in ("A1", "A2")] == [20_000, 10_000]
    with open_bench(file, seed=4) as bench, pytest.raises(ValueError, match=r"give each of these at most once: A1, A2"):
        run(RandomBitstream(bits=1000, junctions="A1,B7"), bench, tmp_path / "b.h5")
