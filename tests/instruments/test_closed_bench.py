"""A closed bench drives nothing: its instruments belong to others."""

import contextlib
import signal
import sys
import threading

import pytest

from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.role_table import ROLES
from mtjlab.instruments.safety.protocol_members import protocol_members

ARGUMENTS = {
    "set_pulse": (0.5, 1e-8),
    "set_bias": (0.05, 1e-5),
    "set_integration": (1.0,),
    "integration_time": (1.0,),
    "reading_duration": (1.0,),
    "prepare_block": (10, 1e-6),
    "set_field": (0.01,),
    "set_current": (1e-6, 1.0),
    "send_pulse": (1e-6, 1e-4, 1.0),
    "set_temperature": (300.0,),
    "set_range": (0.1,),
    "set_vertical": (0.5,),
    "set_window": (1e-6,),
    "select": ("A1",),
    "set_limit": (1.0,),
    "set_reference": (None,),
    "set_harmonic": (1,),
    "set_time_constant": (0.1,),
    "set_sensitivity": (0.1,),
    "set_phase": (0.0,),
    "set_amplitude": (0.0,),
}
OF_OTHERS = {"coil_y": "simulated-bar", "lock_in": "simulated-bar", "junction_array": "simulated-array"}
"""Benches with the roles that a bench with a junction does not have: of a bar, of an array."""
INSIDE = {"set_limit"}
"""Members that a guard keeps to itself: procedures set no instrument's own limit."""
OFF = {"switch_off", "close"}


@pytest.fixture
def closed(tmp_path, whole_text, make_bench):
    path = tmp_path / "whole.toml"
    path.write_text(whole_text(), encoding="utf-8")
    bench = make_bench(BenchFile.load(path))
    bench.close()
    bench.calls.clear()
    return bench


def methods(role):
    members = protocol_members(ROLES[role].protocol)
    return sorted(name for name in members if not isinstance(getattr(ROLES[role].protocol, name), property))


@pytest.fixture
def closed_other(make_bench):
    def closed(name):
        bench = make_bench(BenchFile.load(name))
        bench.close()
        bench.calls.clear()
        return bench

    return closed


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"perpendicular_coil"}))
def test_every_member_of_every_role_refuses_and_switching_off_does_nothing(request, role):
    other = OF_OTHERS.get(role)
    closed = request.getfixturevalue("closed_other")(other) if other else request.getfixturevalue("closed")
    guard = getattr(closed, role)
    for name in methods(role):
        call, arguments = getattr(guard, name), ARGUMENTS.get(name, ())
        if name in OFF:
            call()
            continue
        with pytest.raises(InstrumentError, match="the bench is closed"):
            call(*arguments)
    with pytest.raises(InstrumentError, match="the bench is closed"):
        guard.set_backstop()
    assert closed.calls == []


def test_the_bench_itself_refuses_and_making_it_safe_does_nothing(closed):
    for act in (closed.recover, closed.forget_errors, lambda: closed.wait(0.0)):
        with pytest.raises(InstrumentError, match=r"bench refuses .*: the bench is closed; open it again"):
            act()
    closed.make_safe()
    closed.close()
    assert closed.calls == []


def test_an_adapter_of_a_closed_bench_does_not_connect_again(tmp_path):
    served = serve_bench("simulated", seed=1)
    try:
        sections = "".join(
            f'[roles.{role}]\ndriver = "{driver}"\nresource = "{served.resources[role]}"\n'
            for role, driver in (("pulse_generator", "keysight81160a"), ("source_meter", "keithley2400"))
        )
        limits = "[limits]\npulse_amplitude = 1.8\npulse_width = 1e-6\npulse_energy = 2e-12\nread_bias = 0.2\n"
        path = tmp_path / "lab.toml"
        device = 'compliance = 1e-4\n[device]\nname = "W1"\nresistance = 50.9e3\n'
        path.write_text(f'name = "lab"\n{sections}{limits}{device}', encoding="utf-8")
        bench = open_bench(path)
        adapter = bench.pulse_generator.errors.__wrapped__.__self__
        bench.close()
        with open_bench(path) as owner:
            owner.pulse_generator.set_pulse(0.5, 1e-8)
            for act in (adapter.switch_on, lambda: adapter.set_pulse(1.5, 1e-7), adapter.recover):
                with pytest.raises(InstrumentError, match="given back"):
                    act()
            assert owner.pulse_generator.settings()["voltage_high"] == 0.5
    finally:
        served.close()


def test_a_pulse_whose_polarity_is_being_turned_leaves_no_output_on_when_the_bench_is_closed():
    """The emergency shutdown comes in the main thread while another one is between off and on."""
    for line in (4, 7, 9, 12, 14):
        with open_bench("simulated", seed=1) as bench:
            generator = bench.stand_in.instruments["pulse_generator"]
            bench.pulse_generator.set_pulse(0.5, 1e-8)
            bench.pulse_generator.switch_on()
            handle, seen, closing = generator.handle, [], threading.Thread(target=bench.close)

            def handle_and_close(text, handle=handle, seen=seen, closing=closing, line=line):
                seen.append(text)
                if len(seen) == line:
                    closing.start()
                return handle(text)

            generator.handle = handle_and_close
            with contextlib.suppress(InstrumentError):
                bench.pulse_generator.set_pulse(-0.5, 1e-8)
            if len(seen) >= line:
                closing.join()
            bench.close()
            assert generator.settings["output1"] is False, f"on, with the bench closed at line {line}: {seen}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process at SIGTERM")
@pytest.mark.parametrize("line", range(1, 12))
def test_a_signal_in_the_middle_of_turning_the_polarity_leaves_no_output_on(line):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a command tested before in this process has taken it
    bench = open_bench("simulated", seed=1)
    generator = bench.stand_in.instruments["pulse_generator"]
    bench.pulse_generator.set_pulse(0.5, 1e-8)
    bench.pulse_generator.switch_on()
    connection = bench.pulse_generator.errors.__wrapped__.__self__.driver.adapter
    write, seen = connection.write, []

    def write_and_end(command, **named):
        seen.append(command)
        if len(seen) == line:
            signal.raise_signal(signal.SIGTERM)
        write(command, **named)

    connection.write = write_and_end
    with pytest.raises(SystemExit):
        bench.pulse_generator.set_pulse(-0.5, 1e-8)
    assert generator.settings["output1"] is False
    bench.close()
