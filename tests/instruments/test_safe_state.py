"""Outputs end off, whatever ends the process; what a killed one left on goes off at the next opening."""

import logging
import signal
import socket
import subprocess
import sys
import textwrap
import threading

import pytest

from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.instrument_error import InstrumentError, InstrumentLostError
from mtjlab.instruments.visa.visa_session import VisaSession

REAL = """\
name = "{name}"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "{pulse_generator}"
[roles.source_meter]
driver = "keithley2400"
resource = "{source_meter}"
[roles.coil]
driver = "yokogawags200"
resource = "{coil}"
constant = 0.5
ramp = 1.0
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
field = 0.05
[device]
name = "W1"
resistance = 50.9e3
"""

LIVE = """
import sys, threading
from mtjlab.instruments import open_bench

bench = open_bench(sys.argv[1])
bench.pulse_generator.set_pulse(1.25, 10e-9)
bench.source_meter.set_bias(0.05, 1e-5)
bench.coil.switch_on()
bench.coil.set_field(0.02)
bench.source_meter.switch_on()
bench.pulse_generator.switch_on()
print("on", flush=True)
"""
STAY = "sys.stdin.read()"
"""Live until something ends the process: nobody writes to it."""


@pytest.fixture
def served(tmp_path):
    """Instruments that outlive whoever opens them, and the bench file of a lab that has them."""
    path = tmp_path / "served.toml"
    roles = REAL.format(name="served", pulse_generator="", source_meter="", coil="")
    path.write_text(roles + "[simulation]\nseed = 1\n", encoding="utf-8")
    instruments = serve_bench(path)
    lab = tmp_path / "lab.toml"
    lab.write_text(REAL.format(name="lab", **instruments.resources), encoding="utf-8")
    yield instruments, lab
    instruments.close()


def ask(resource, question):
    """Ask an instrument past all of our own code."""
    port = int(resource.split("::")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(question.encode() + b"\n")
        return connection.makefile().readline().strip()


def outputs(instruments):
    queries = {"pulse_generator": ":OUTP1?", "source_meter": ":OUTP?", "coil": ":OUTP:STAT?"}
    return {role: ask(instruments.resources[role], query) for role, query in queries.items()}


ON = dict.fromkeys(("pulse_generator", "source_meter", "coil"), "1")
OFF = dict.fromkeys(ON, "0")


def start(lab, tail, live=LIVE):
    """Run a script that switches all outputs on, then does `tail`."""
    child = subprocess.Popen(
        [sys.executable, "-c", live + textwrap.dedent(tail), str(lab)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "on\n", child.stderr.read()
    return child


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for another process")
@pytest.mark.parametrize(
    ("name", "code"), [("SIGINT", -signal.SIGINT), ("SIGTERM", 128 + signal.SIGTERM), ("SIGHUP", 129)]
)
def test_a_signal_leaves_the_outputs_off(served, name, code):
    instruments, lab = served
    child = start(lab, STAY)
    assert outputs(instruments) == ON
    child.send_signal(getattr(signal, name))
    child.communicate(timeout=30)
    assert outputs(instruments) == OFF
    assert child.returncode == code


IN_A_THREAD = """
import sys, threading
from mtjlab.instruments import open_bench

def drive():
    bench = open_bench(sys.argv[1])
    bench.pulse_generator.set_pulse(1.25, 10e-9)
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.coil.switch_on()
    bench.coil.set_field(0.02)
    bench.source_meter.switch_on()
    bench.pulse_generator.switch_on()
    print("on", flush=True)
    threading.Event().wait()

thread = threading.Thread(target=drive)
thread.start()
thread.join()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for another process")
@pytest.mark.parametrize("opened_by", ["the main thread", "the thread"])
def test_a_thread_that_never_ends_keeps_neither_the_outputs_on_nor_the_process_from_ending(served, opened_by):
    instruments, lab = served
    if opened_by == "the thread":
        child = start(lab, "", IN_A_THREAD)
    else:
        # The interpreter waits for its threads before it calls what atexit knows.
        child = start(lab, "threading.Thread(target=threading.Event().wait).start(); " + STAY)
    assert outputs(instruments) == ON
    child.terminate()
    child.communicate(timeout=30)
    assert outputs(instruments) == OFF
    assert child.returncode == 128 + signal.SIGTERM


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for another process")
def test_without_a_bench_a_polite_kill_does_what_it_always_does():
    script = "import sys, mtjlab.instruments.bench.opening; print('on', flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "on\n"
    child.terminate()
    child.communicate(timeout=30)
    assert child.returncode == -signal.SIGTERM


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_forked_process_leaves_the_bench_to_the_one_that_opened_it(served):
    instruments, lab = served
    child = start(lab, "import os; os.fork() or sys.exit(); os.wait(); print('ended', flush=True); " + STAY)
    assert child.stdout.readline() == "ended\n"
    assert outputs(instruments) == ON
    child.terminate()
    child.communicate(timeout=30)
    assert outputs(instruments) == OFF


def test_a_bench_is_halted_in_the_middle_of_a_block_that_takes_minutes(served, monkeypatch):
    instruments, lab = served
    instruments.clock.real_time = True
    waits, ended = threading.Event(), []
    receive = VisaSession.receive

    def receive_and_tell(session, **named):
        if threading.current_thread().name == "fetching":
            waits.set()
        return receive(session, **named)

    def fetch():
        with pytest.raises(InstrumentError):
            bench.source_meter.fetch_block()
        with pytest.raises(InstrumentError):
            bench.source_meter.switch_on()
        ended.append(True)

    monkeypatch.setattr(VisaSession, "receive", receive_and_tell)
    with open_bench(lab) as bench:
        bench.pulse_generator.set_pulse(1.25, 10e-9)
        bench.source_meter.set_bias(0.05, 1e-5)
        bench.source_meter.set_integration(10)
        bench.source_meter.prepare_block(2500, 0.0)  # 500 s
        bench.source_meter.switch_on()
        bench.source_meter.start_block()
        fetching = threading.Thread(target=fetch, name="fetching", daemon=True)
        fetching.start()
        assert waits.wait(30)
        bench.halt()
        assert outputs(instruments) == OFF
        fetching.join(30)
        assert ended
        assert outputs(instruments) == OFF
        with pytest.raises(InstrumentError, match="the run was stopped"):
            bench.source_meter.switch_on()
        bench.unhalt()
        bench.forget_errors()  # as at the beginning of each run
        bench.source_meter.set_bias(0.05, 1e-5)
        bench.source_meter.switch_on()


def test_a_key_that_is_pressed_while_the_bench_is_closed_waits_for_the_end(served, monkeypatch):
    instruments, lab = served
    bench = open_bench(lab)
    bench.pulse_generator.set_pulse(1.25, 10e-9)
    bench.source_meter.switch_on()
    bench.pulse_generator.switch_on()
    make_safe = bench.make_safe

    def make_safe_and_be_disturbed():
        signal.raise_signal(signal.SIGINT)
        make_safe()

    monkeypatch.setattr(bench, "make_safe", make_safe_and_be_disturbed)
    with pytest.raises(KeyboardInterrupt):
        bench.close()
    assert outputs(instruments) == OFF
    open_bench(lab).close()  # it was given back


@pytest.mark.parametrize("tail", ["", "raise ValueError", "sys.exit(3)"])
def test_the_end_of_the_interpreter_leaves_the_outputs_off(served, tail):
    instruments, lab = served
    start(lab, tail).communicate(timeout=30)
    assert outputs(instruments) == OFF


def test_what_a_killed_process_left_on_goes_off_first_and_is_said(served, caplog):
    instruments, lab = served
    child = start(lab, STAY)
    with pytest.raises(InstrumentError, match=rf"bench lab is held by process {child.pid} on .* since 2"):
        open_bench(lab)
    child.kill()
    child.communicate()
    assert outputs(instruments) == ON
    with caplog.at_level(logging.WARNING), open_bench(lab):
        assert outputs(instruments) == OFF
    assert f"bench lab was left open by process {child.pid}" in caplog.text
    assert "its outputs have been switched off" in caplog.text


def test_a_bench_that_shares_an_instrument_is_refused_too(served, tmp_path):
    _, lab = served
    other = tmp_path / "other.toml"
    other.write_text(lab.read_text(encoding="utf-8").replace('"lab"', '"other"'), encoding="utf-8")
    with open_bench(lab), pytest.raises(InstrumentError, match=r"bench lab \(with TCPIP::.*\) is held by process"):
        open_bench(other)
    open_bench(other).close()


def test_an_instrument_that_is_lost_leaves_the_others_off(served):
    instruments, lab = served
    with open_bench(lab) as bench:
        bench.pulse_generator.set_pulse(1.25, 10e-9)
        bench.pulse_generator.switch_on()
        bench.source_meter.switch_on()
        instruments.servers["source_meter"].close()
        with pytest.raises((InstrumentLostError, InstrumentError)):
            bench.source_meter.set_bias(0.1, 1e-5)
        # At once, not only at the end of the block.
        assert ask(instruments.resources["pulse_generator"], ":OUTP1?") == "0"
