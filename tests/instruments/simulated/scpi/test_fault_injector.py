"""A fault strikes the message that its settings say, and no other."""

import numpy as np
import pytest

from mtjlab.instruments.bench.fault_settings import FAULT_KINDS, FaultSettings, load_faults
from mtjlab.instruments.simulated.scpi.fault_injector import FaultInjector


@pytest.fixture
def injector(clock):
    return FaultInjector([], clock, seed=1)


def struck(injector, messages, role="source_meter", measures=True):
    """Numbers of the messages that are struck, from 1."""
    hits = [injector.strike(role, message, measures=measures) for message in messages]
    return [number for number, hit in enumerate(hits, 1) if hit is not None]


def test_without_an_instant_the_first_message_that_fits_is_struck_once(injector):
    injector.inject("error", pattern=":OUTP*")
    assert struck(injector, [":INIT", ":outp ON", ":OUTP OFF"]) == [2]
    assert injector.waiting == 0
    assert [fault.message for fault in injector.struck] == [":outp ON"]


def test_messages_are_counted_among_those_that_fit(injector):
    injector.inject("timeout", role="source_meter", at_command=2)
    assert struck(injector, ["*IDN?", "*CLS", "*IDN?", "*IDN?"]) == [3]  # *CLS has no answer that could be late


def test_another_role_is_spared(injector):
    injector.inject("drop", role="pulse_generator")
    assert struck(injector, [":INIT"] * 3) == []
    assert struck(injector, [":INIT"] * 3, role="pulse_generator") == [1]


def test_a_reading_can_be_spoiled_only_where_readings_are_taken(injector):
    injector.inject("overflow")
    assert struck(injector, [":INIT"], role="pulse_generator", measures=False) == []
    assert struck(injector, [":INIT"]) == [1]


def test_a_fault_waits_for_its_time_on_the_bench(injector, clock):
    injector.inject("error", at_time=5.0)
    assert struck(injector, ["*CLS"]) == []
    clock.wait(5.0)
    assert struck(injector, ["*CLS"]) == [1]
    assert injector.struck[0].time == 5.0


def test_a_count_is_how_often_and_nought_is_without_end(injector):
    injector.inject("error", count=3)
    assert struck(injector, ["*CLS"] * 9) == [1, 2, 3]
    injector.inject("error", count=0)
    assert struck(injector, ["*CLS"] * 9) == list(range(1, 10))
    assert injector.waiting == 1


def test_a_probability_is_one_and_the_seed_decides(clock):
    fault = FaultSettings(kind="error", probability=0.1, count=0)
    runs = [struck(FaultInjector([fault], clock, seed), ["*CLS"] * 10_000) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    # Binomial: 1000 ± 30; five standard deviations.
    assert len(runs[0]) == pytest.approx(1000, abs=150)
    assert np.diff(runs[0]).max() > 20  # not every tenth


def test_two_faults_strike_one_after_the_other(injector):
    injector.inject("error")
    injector.inject("drop")
    assert struck(injector, ["*CLS"] * 3) == [1, 2]
    assert [fault.settings.kind for fault in injector.struck] == ["error", "drop"]


def test_a_fault_of_the_device_reaches_the_device(injector):
    failed = []
    injector.fail_device = lambda fault: failed.append(fault.kind)
    for kind in ("stuck", "drift", "error"):
        injector.inject(kind)
    struck(injector, ["*CLS"] * 3)
    assert failed == ["stuck", "drift"]


def test_a_file_holds_every_kind(tmp_path):
    path = tmp_path / "faults.toml"
    path.write_text("".join(f'[[faults]]\nkind = "{kind}"\n' for kind in FAULT_KINDS))
    assert [fault.kind for fault in load_faults(path)] == list(FAULT_KINDS)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[faults]]\nkind = "explode"\n', "faults.toml, line 2: .*kind"),
        ('[[faults]]\nkind = "drop"\nat_command = 0\n', "faults.toml, line 3: .*at_command.*found 0"),
        ('[[faults]]\nkind = "drop"\nprobability = 1.5\n', "faults.toml, line 3: .*probability.*found 1.5"),
        ('[[faults]]\nkind = "drop"\nat_command = 1\nat_time = 2.0\n', "at_command and at_time are both given"),
        ('[[faults]]\nkind = "drop"\nafterwards = true\n', "afterwards"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text, complaint, tmp_path):
    path = tmp_path / "faults.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load_faults(path)
