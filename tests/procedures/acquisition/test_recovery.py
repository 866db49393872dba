"""What is tried again after an instrument has failed, and what ends a run at once."""

import logging

import pytest

from mtjlab.core.errors import FitError, InputError
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures import RandomBitstream, run
from mtjlab.procedures.acquisition.recovery import Recovery


def recover_with(bench, error):
    """Let a procedure's preparation end in an error, and give how often it was tried."""
    tries = []

    def prepare():
        tries.append(1)
        if isinstance(error, BaseException):
            raise error
        error()

    first = InstrumentError("the first error")
    with pytest.raises(Exception) as raised:  # noqa: PT011 what is raised is the matter of the tests
        Recovery(bench, prepare).after(first)
    return len(tries), raised.value


def test_a_limit_ends_the_run_at_once_and_is_what_the_user_sees(bench):
    tries, raised = recover_with(bench, lambda: bench.pulse_generator.set_pulse(5.0, 1e-8))
    assert tries == 1
    assert isinstance(raised, LimitError)


@pytest.mark.parametrize("error", [ValueError("of our own"), InputError("wrong input"), TypeError(), KeyError("x")])
def test_faults_of_the_program_and_of_the_input_are_not_tried_again(bench, error):
    assert recover_with(bench, error) == (1, error)


@pytest.mark.parametrize("error", [InstrumentError("again"), FitError("one level only")])
def test_what_an_instrument_does_is_tried_five_times_and_the_first_error_ends_the_run(bench, error):
    tries, raised = recover_with(bench, error)
    assert tries == 5
    assert str(raised) == "the first error"


def test_a_stress_budget_that_is_used_up_by_a_recovery_is_told_by_the_run(tmp_path, caplog):
    file = BenchFile.load("simulated")
    block, width = 500, 1e-8
    # Enough for the levels and one block, not for the levels once more.
    limits = file.limits.model_copy(update={"stress_time": 2.5 * block * width})
    with open_bench(file.model_copy(update={"limits": limits}), seed=1) as bench:
        bench.stand_in.faults.inject("overflow", role="source_meter", pattern="*INIT*", at_command=2)
        caplog.set_level(logging.WARNING)
        with pytest.raises(LimitError, match="stress time of the device"):
            run(RandomBitstream(bits=block, block=block, width=width), bench, tmp_path / "bits.h5")
    assert "try 1 of 5" in caplog.text
    assert "try 2 of 5" not in caplog.text
