"""A dry run asks the interlock and the instruments, and no output changes."""

import re

import pytest

from mtjlab.instruments.visa import connection
from mtjlab.procedures.measurements.reading_time import START
from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.run_options import RunOptions

PLAN = """\
seed = 1
[[runs]]
procedure = "random-bitstream"
parameters = { bits = 5000 }
[[runs]]
procedure = "contact-check"
"""
ON = re.compile(r":?OUTP\w*\d?(:STAT)? (ON|1)\b|:INIT\b|\*TRG", re.IGNORECASE)
"""What switches an output on or sets off a pulse."""


@pytest.fixture
def sent(monkeypatch):
    """Gather every command that goes to an instrument."""
    (kind,) = (each for each in vars(connection).values() if isinstance(each, type) and "_send" in vars(each))
    commands = []
    send = kind._send

    def gather(self, command, **kwargs):
        commands.append(command)
        return send(self, command, **kwargs)

    monkeypatch.setattr(kind, "_send", gather)
    return commands


def test_no_output_is_switched_on_and_nothing_is_written(sent, tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    executor = Plan.load(path).executor()
    assert [(cost.error, cost.checked) for cost in executor.costs] == [(None, True)] * 2
    assert all(cost.duration and cost.size for cost in executor.costs)
    assert any(":VOLT" in command for command in sent)  # the settings were made
    assert [command for command in sent if ON.search(command)] == []
    assert [each.name for each in tmp_path.iterdir()] == ["plan.toml"]
    # The run itself does switch them on, by words that would have been seen.
    executor.run()
    assert len([command for command in sent if ON.search(command)]) > 4


def test_the_runs_of_a_plan_do_not_limit_each_other(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text("""\
bench = "simulated-fast"
seed = 1
[[runs]]
procedure = "random-bitstream"
parameters = { bits = 5000, amplitude = 0.8415 }
[[runs]]
procedure = "resistance-against-voltage"
parameters = { largest = 0.2 }
""")
    assert [cost.error for cost in Plan.load(path).executor().costs] == [None, None]


def test_of_a_plan_that_is_resumed_only_the_rest_is_counted(tmp_path):
    def load(first, second):
        text = ""
        for bits in (first, second):
            text += f'[[runs]]\nprocedure = "random-bitstream"\nparameters = {{ bits = {bits} }}\n'
        path = tmp_path / "plan.toml"
        path.write_text(text)
        return Plan.load(path)

    whole = load(20_000, 20_000).executor().costs
    load(20_000, 5000).executor().run()
    done, rest = load(20_000, 20_000).executor(RunOptions(resume=True)).costs
    assert (done.is_done, done.duration, done.size) == (True, 0.0, 0)
    assert not rest.is_done
    # The start of a run, then 15,000 of 20,000 bits and a block that finds the levels.
    assert rest.duration - START == pytest.approx((whole[1].duration - START) * 17_500 / 22_500)
    assert rest.size <= whole[1].size
    assert [path.name for path in sorted(tmp_path.glob("*.h5"))] == ["plan-001.h5", "plan-002.h5"]


def test_a_recording_of_another_run_is_told_before_the_plan_is_resumed(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    (tmp_path / "plan-002.h5").write_bytes(b"precious")
    costs = Plan.load(path).executor(RunOptions(resume=True)).costs
    assert costs[0].error is None
    assert "is not an HDF5 file" in str(costs[1].error)
    assert (tmp_path / "plan-002.h5").read_bytes() == b"precious"
