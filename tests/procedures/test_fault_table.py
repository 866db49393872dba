"""Each row of the table of faults in the documentation is what happens."""

import logging
import re
from pathlib import Path

import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.fault_settings import FAULT_KINDS
from mtjlab.instruments.instrument_error import ComplianceError, InstrumentError
from mtjlab.procedures import RandomBitstream, run

PAGE = Path(__file__).parents[2] / "docs/reference/simulated-instruments.md"
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| `([^`|]+)` \| (yes|no) \|$", re.MULTILINE)
TABLE = {kind: (reported, again) for kind, reported, again in ROW.findall(PAGE.read_text(encoding="utf-8"))}
WIRE = ("timeout", "drop", "half_open", "slow", "garbage", "truncated")
WAITED_FOR = ("timeout", "half_open", "slow", "truncated")
"""Those of them that are noticed by waiting."""
READINGS = ("overflow", "compliance")
DEVICE = ("stuck", "drift")
CONTACTS = {"open": "simulated-bar-2400", "short": "simulated"}
"""The bench whose source-meter notices it: it drives a current through a bar, or biases a junction."""


@pytest.fixture
def bench():
    """Open a bench with both outputs on and a block prepared."""
    with open_bench("simulated", seed=1) as bench:
        bench.source_meter.set_bias(0.05, 1e-5)
        bench.source_meter.switch_on()
        bench.pulse_generator.set_pulse(1.25, 1e-8)
        bench.pulse_generator.switch_on()
        bench.source_meter.prepare_block(50, 1e-6)
        yield bench


def outputs(bench):
    instruments = bench.stand_in.instruments
    return instruments["source_meter"].settings["output"], instruments["pulse_generator"].settings["output1"]


def carried_out(bench, message):
    """Count how often the source-meter carries a message out."""
    instrument = bench.stand_in.instruments["source_meter"]
    seen, handle = [], instrument.handle
    instrument.handle = lambda text: (seen.append(text) if text == message else None, handle(text))[1]
    return seen


def lose(bench, act):
    """Do something that fails, make the bench safe, and give the error."""
    assert outputs(bench) == (True, True)
    with pytest.raises(InstrumentError) as caught:
        act()
    bench.make_safe()
    assert outputs(bench) == (False, False)
    return str(caught.value)


def strike(bench, kind, pattern):
    duration = 3.0 if kind == "slow" else 0.05
    bench.stand_in.faults.inject(kind, role="source_meter", pattern=pattern, duration=duration)


def wait_less(bench, seconds=0.4):
    """Let the source-meter's connection wait less, now that all is set up, which may take a busy machine long."""
    bench.source_meter.errors.__wrapped__.__self__.driver.adapter.timeout = seconds


def test_the_table_has_all_kinds():
    assert set(TABLE) == set(FAULT_KINDS)
    assert {kind for kind, (_, again) in TABLE.items() if again == "yes"} == set(WIRE)


@pytest.mark.parametrize("kind", WIRE)
def test_a_query_that_only_asks_is_asked_again_and_answered_right(kind, bench, caplog):
    if kind in WAITED_FOR:
        wait_less(bench)
    strike(bench, kind, ":SOURCE:VOLTAGE[?]")
    assert bench.source_meter.settings()["source_voltage"] == 0.05
    assert len(bench.stand_in.faults.struck) == 1
    assert re.search(f"{re.escape(TABLE[kind][0])}.*:SOURCE:VOLTAGE\\? once more", caplog.text)
    assert outputs(bench) == (True, True)


@pytest.mark.parametrize("kind", WIRE)
def test_what_is_not_only_asked_is_never_sent_twice(kind, bench):
    if kind in WAITED_FOR:
        wait_less(bench)
    seen = carried_out(bench, "SYST:ERR?")
    strike(bench, kind, "SYST:ERR[?]")
    unguarded = bench.source_meter.errors.__wrapped__  # the guarded one makes the bench safe, and asks for errors then
    with pytest.raises(InstrumentError, match=re.escape("SYST:ERR? was not repeated")) as caught:
        unguarded()
    assert TABLE[kind][0] in str(caught.value)
    assert len(seen) <= 1
    bench.make_safe()
    assert outputs(bench) == (False, False)


@pytest.mark.parametrize("kind", ["half_open", "drop"])
def test_a_setting_lost_on_a_dead_connection_is_found(kind, bench):
    if kind in WAITED_FOR:
        wait_less(bench)
    strike(bench, kind, ":SOURCE:VOLTAGE 0.06")
    error = lose(bench, lambda: bench.source_meter.set_bias(0.06, 1e-5))
    assert "the line was lost" in error or "was not repeated" in error
    assert bench.stand_in.instruments["source_meter"].settings["output"] is False


def test_an_unasked_line_is_refused(bench, caplog):
    strike(bench, "unsolicited", ":SOURCE:VOLTAGE[?]")
    assert TABLE["unsolicited"][0] in lose(bench, bench.source_meter.settings)
    assert "came unasked" in caplog.text  # the true answer, before the next command
    assert "once more" not in caplog.text


@pytest.mark.parametrize("kind", READINGS)
def test_a_spoiled_reading_is_refused(kind, bench, caplog):
    strike(bench, kind, "*INIT*")
    bench.source_meter.start_block()
    assert TABLE[kind][0] in lose(bench, bench.source_meter.fetch_block)
    assert "once more" not in caplog.text


def test_an_error_of_the_instrument_is_raised_with_what_was_being_done(bench):
    strike(bench, "error", ":SOURCE:VOLTAGE 0.06")
    error = lose(bench, lambda: bench.source_meter.set_bias(0.06, 1e-5))
    assert TABLE["error"][0] in error
    assert "while setting the bias" in error


@pytest.mark.parametrize("act", ["settings", "set_bias"])
def test_a_restart_is_found_out(act, bench):
    strike(bench, "reboot", ":SOURCE:VOLTAGE*")
    arguments = {"settings": (), "set_bias": (0.06, 1e-5)}[act]
    assert TABLE["reboot"][0] in lose(bench, lambda: getattr(bench.source_meter, act)(*arguments))


@pytest.mark.parametrize("kind", DEVICE)
def test_what_is_wrong_with_the_device_is_told_by_the_run(kind, tmp_path, caplog):
    caplog.set_level(logging.WARNING)
    with open_bench("simulated", seed=1) as bench:
        bench.stand_in.faults.inject(kind, role="source_meter", pattern="*INIT*", at_command=4, pulses=600, size=0.6)
        recording = run(RandomBitstream(bits=6_000, block=500), bench, tmp_path / "bits.h5")
        assert outputs(bench) == (False, False)
    assert recording.committed == 6_000
    assert TABLE[kind][0] in caplog.text


@pytest.mark.parametrize("kind", CONTACTS)
def test_a_contact_that_fails_is_told_by_the_reading(kind):
    with open_bench(CONTACTS[kind], seed=1) as bench:
        meter = bench.source_meter
        if kind == "open":
            meter.set_current(1e-4, 2.0)
        else:
            meter.set_bias(0.05, 1e-5)
        meter.switch_on()
        bench.stand_in.faults.inject(kind, role="source_meter")
        with pytest.raises(ComplianceError, match=TABLE[kind][0]):
            meter.read()
