"""Write errors are counted and decided early."""

import numpy as np
import pytest

from mtjlab.analysis.junction.write_errors import Decision
from mtjlab.instruments import open_bench
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for
from mtjlab.procedures.write_error_rate import WriteErrorRate


def test_a_pulse_that_switches_half_of_the_time_is_soon_found_out(bench, tmp_path):
    procedure = WriteErrorRate(required=1e-3, amplitude=1.25, width=10e-9)
    results = run(procedure, bench, tmp_path / "wer.h5").results
    assert procedure.decision is Decision.ABOVE
    assert procedure.counted.writes == 2500
    assert results["lower limit"].value < 0.5 < results["upper limit"].value


@pytest.mark.parametrize(("every", "decision"), [(1000, Decision.BELOW), (20, Decision.ABOVE)])
def test_every_missed_toggle_is_an_error(bench, tmp_path, monkeypatch, every, decision):
    junction, sent = bench.stand_in.wiring.junction, []

    def toggling(pulse, count, rest=None):
        numbers = sum(sent) + np.arange(count)
        sent.append(count)
        missed = numbers % every == every - 1
        return np.cumsum(~missed).astype(np.uint8) % 2 ^ np.uint8(toggling.state)

    toggling.state = 0
    original = toggling

    def keeping(pulse, count, rest=None):
        states = original(pulse, count, rest)
        toggling.state = int(states[-1])
        return states

    monkeypatch.setattr(junction, "pulse_train", keeping)
    procedure = WriteErrorRate(required=1e-2, amplitude=1.25, width=10e-9)
    frame = run(procedure, bench, tmp_path / "wer.h5").frame()
    assert procedure.decision is decision
    first, last = 200, 200 + procedure.counted.writes  # 200 pulses find the levels
    assert procedure.counted.errors == last // every - first // every
    assert frame["Errors"].iloc[-1] == procedure.counted.errors


def test_errors_of_one_state_are_not_hidden_behind_the_other(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    state, rng = [0], np.random.default_rng(3)

    def toggling(pulse, count, rest=None):
        # One in fifty of the pulses on the antiparallel state fails, none on the parallel one.
        states = np.empty(count, np.uint8)
        for index, draw in enumerate(rng.random(count)):
            state[0] = 1 if not state[0] or draw < 0.02 else 0
            states[index] = state[0]
        return states

    monkeypatch.setattr(junction, "pulse_train", toggling)
    procedure = WriteErrorRate(required=1.5e-2, pulses=40_000, amplitude=1.25, width=10e-9)
    recording = run(procedure, bench, tmp_path / "wer.h5")
    results = recording.results
    # Together 1 % fail, which is less than required.
    assert results["write error rate"].value < 1.5e-2 < results["lower limit from antiparallel"].value
    assert results["write error rate from parallel"].value == 0
    assert results["required rate met (1 yes, -1 no, 0 undecided)"].value == -1
    assert results["error probability of that"].value == 0.05
    (words,) = [text for _, level, _, text in recording.messages(99) if level == "warning" and "write error" in text]
    assert words.startswith("a write error rate of 0.015 is not met")


def test_too_few_pulses_leave_it_undecided(bench, tmp_path, caplog):
    procedure = WriteErrorRate(required=0.35, pulses=100, amplitude=1.25, width=10e-9)
    results = run(procedure, bench, tmp_path / "wer.h5").results
    assert results["required rate met (1 yes, -1 no, 0 undecided)"].value in (0, -1)
    if procedure.decision is Decision.OPEN:
        assert "is undecided" in caplog.text


def test_a_recording_of_before_the_states_were_told_apart_goes_on(tmp_path, monkeypatch):
    path, now, counts = tmp_path / "wer.h5", WriteErrorRate.DATA_COLUMNS, WriteErrorRate._count
    asked = {"required": 1e-6, "pulses": 10_000, "amplitude": 1.25, "width": 10e-9}
    # Undecided for long: the requirement is far below anything that so few pulses tell of a toggling device.
    with open_bench("simulated", seed=3) as bench:
        monkeypatch.setattr(bench.stand_in.wiring.junction, "pulse_train", _toggle())
        monkeypatch.setattr(WriteErrorRate, "DATA_COLUMNS", now[:5])
        monkeypatch.setattr(WriteErrorRate, "_count", lambda *given: counts(*given)[:4])

        def listen(event):
            if isinstance(event, ProgressEvent) and event.percent > 40:
                worker.stop()

        worker = worker_for(WriteErrorRate(**asked), bench, path, hooks=RunHooks(listen))
        worker.start()
        worker.wait()
    monkeypatch.setattr(WriteErrorRate, "DATA_COLUMNS", now)
    monkeypatch.setattr(WriteErrorRate, "_count", counts)
    with open_bench("simulated", seed=3) as bench:
        monkeypatch.setattr(bench.stand_in.wiring.junction, "pulse_train", _toggle())
        frame = run(WriteErrorRate(**asked), bench, path, resume=True).frame()
    assert frame["Pulses"].tolist() == [2500, 5000, 7500, 10_000]
    assert list(frame) == ["Pulses", "Errors", "Write error rate", "Lower limit", "Upper limit"]


def _toggle():
    state = [0]

    def toggling(pulse, count, rest=None):
        states = (np.arange(1, count + 1) + state[0]).astype(np.uint8) % 2
        state[0] = int(states[-1])
        return states

    return toggling
