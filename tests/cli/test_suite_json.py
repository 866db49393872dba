"""The JSON of a suite is whole or not there."""

import json

import pytest

from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome, SequenceResult
from mtjlab.cli.randomness_sp800_22 import SuiteJson

RESULT = SequenceResult(Mode.EXACT, 100, (Outcome(test="runs", p_values=(0.25,)),))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_what_is_written_in_parts_reads_as_one(tmp_path, count):
    with SuiteJson.open(str(tmp_path / "r.json"), {"suite": "sp800-22"}) as told:
        for _ in range(count):
            told.add(RESULT)
        told.close(verdict={"passed": True})
    assert json.loads((tmp_path / "r.json").read_text()) == {
        "suite": "sp800-22",
        "sequences": [RESULT.as_dict()] * count,
        "verdict": {"passed": True},
    }


def test_an_error_leaves_no_file(tmp_path):
    def fail():
        with SuiteJson.open(str(tmp_path / "r.json"), {}) as told:
            told.add(RESULT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []
