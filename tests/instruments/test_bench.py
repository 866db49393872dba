"""A bench is opened with its outputs off, and left so whatever happens."""

import socket

import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile, RoleSettings
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.visa import open_visa

GENERATOR_OFF, METER_OFF = ("pulse_generator", "switch_off"), ("source_meter", "switch_off")


@pytest.fixture
def opened(make_bench):
    return make_bench(BenchFile.load("simulated"))


def test_the_generator_goes_off_first(opened):
    opened.close()
    assert opened.calls[:2] == [GENERATOR_OFF, METER_OFF]


def test_an_instrument_that_fails_stops_no_other(opened, caplog):
    generator = opened.instruments["pulse_generator"]
    generator.fault, generator.stuck = InstrumentError("gone"), True
    opened.make_safe()
    assert opened.calls[:2] == [GENERATOR_OFF, METER_OFF]
    assert "pulse_generator could not be switched off: gone" in caplog.text
    opened.close()
    assert opened.calls[-2:] == [("pulse_generator", "close"), ("source_meter", "close")]


def test_an_error_inside_leaves_the_outputs_off(opened):
    with pytest.raises(ZeroDivisionError), opened:
        _ = 1 / 0
    assert opened.calls[:2] == [GENERATOR_OFF, METER_OFF]
    opened.calls.clear()
    opened.close()
    opened.make_safe()
    assert opened.calls == []


def test_what_is_refused_never_reaches_the_instrument(opened):
    with pytest.raises(LimitError):
        opened.pulse_generator.set_pulse(5.0, 1e-8)
    with pytest.raises(LimitError):
        opened.source_meter.set_bias(1.0, 1e-5)
    assert opened.calls == []
    opened.pulse_generator.set_pulse(1.0, 1e-8)
    assert opened.calls == [("pulse_generator", "set_pulse", 1.0, 1e-8)]
    opened.close()


def test_the_simulated_bench_opens_with_outputs_off_and_the_generators_own_limit_set():
    with open_bench("simulated", seed=1) as opened:
        assert opened.simulated
        assert [role.settings()["output"] for role in opened.roles.values()] == ["False", "False"]
        # 1.8 V at an open end, from a generator that is told of 1 MΩ, rounded up to a microvolt.
        assert opened.pulse_generator.settings()["limit_high"] == pytest.approx(1.8 / (1 + 50 / 1e6), abs=1e-6)
        assert opened.stand_in.attributes["seed"] == 1


def test_commands_are_sent_at_once():
    # With Nagle's algorithm on, a query that follows a command waits 40 ms for an acknowledgement.
    with open_bench("simulated", seed=1) as opened:
        adapter = open_visa(RoleSettings(driver="x", resource=opened.resources["source_meter"]))
        interface = adapter.connection.visalib.sessions[adapter.connection.session].interface
        assert interface.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        adapter.close()


def test_per_bit_and_block_reads_show_both_states():
    with open_bench("simulated", seed=1) as opened:
        generator, meter = opened.pulse_generator, opened.source_meter
        generator.set_pulse(1.25, 10e-9)
        meter.set_bias(0.05, 1e-5)
        meter.set_integration(0.01)
        meter.switch_on()
        generator.switch_on()
        generator.arm_external()
        meter.prepare_block(1000, 1e-6)
        meter.start_block()
        block = meter.fetch_block()
        generator.arm_manual()
        single = []
        for _ in range(200):
            generator.trigger()
            single.append(meter.read().current)
        # A read alone fires nothing: the states differ by half.
        alone = [meter.read().current for _ in range(20)]
        assert max(alone) < 1.1 * min(alone)
    # 50 mV across 50.9 kΩ and, at this bias, 100.3 kΩ: heat tilts the free layer and takes a kilohm away.
    for currents in (block, single):
        assert max(currents) == pytest.approx(0.05 / 50.9e3, rel=0.01)
        assert min(currents) == pytest.approx(0.05 / 100.3e3, rel=0.01)
