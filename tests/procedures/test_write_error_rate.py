"""Write errors are counted and decided early."""

import numpy as np
import pytest

from mtjlab.analysis.junction.write_errors import Decision
from mtjlab.procedures.running.run import run
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
