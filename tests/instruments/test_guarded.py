"""Every refusal of the interlock, in its words, through the guarded roles."""

import time

import pytest

from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError, InstrumentLostError
from mtjlab.instruments.safety.limits import LimitError


@pytest.fixture
def full(tmp_path, whole_text, make_bench):
    path = tmp_path / "full.toml"
    more = "stress_time = 1e-3\nduty_cycle = 1e-3"
    path.write_text(whole_text(current=1e-2, more_limits=more), encoding="utf-8")
    with make_bench(BenchFile.load(path), tmp_path / "devices") as bench:
        yield bench
        bench.calls.clear()


PULSE = "pulse_generator", "set_pulse"
BIAS = "source_meter", "set_bias"


@pytest.mark.parametrize(
    ("role", "method", "arguments", "message"),
    [
        (*PULSE, (1.9, 1e-8), r"pulse amplitude at the device, with bias, = 1\.9001 V is refused: .* 0 to 1\.8 V"),
        (*PULSE, (-1.9, 1e-8), r"with bias, = 1\.9001 V is refused"),
        (*PULSE, (float("nan"), 1e-8), "with bias, = nan V is refused"),
        (*PULSE, (1.0, 2e-6), "pulse width = 2e-06 s is refused: the bench allows 0 to 1e-06 s"),
        (*PULSE, (1.0, -1e-9), "pulse width = -1e-09 s is refused"),
        (*PULSE, (1.5, 1e-7), r"pulse energy = 4\.41\S+e-12 J is refused: the bench allows 0 to 2e-12 J"),
        (*BIAS, (0.3, 1e-5), r"read bias = 0\.3 V is refused: the bench allows -0\.2 to 0\.2 V"),
        (*BIAS, (-0.3, 1e-5), r"read bias = -0\.3 V is refused"),
        (*BIAS, (0.1, 1e-3), r"compliance = 0\.001 A is refused: the bench allows 0 to 0\.0001 A"),
        (*BIAS, (0.1, -1e-5), "compliance = -1e-05 A is refused"),
        ("source_meter", "prepare_block", (100, -1.0), "settle time = -1 s is refused"),
        ("coil", "set_field", (0.06,), r"field = 0\.06 T is refused: the bench allows -0\.05 to 0\.05 T"),
        ("coil", "set_field", (-0.06,), r"field = -0\.06 T is refused"),
        ("coil", "set_field", (float("nan"),), "field = nan T is refused"),
        ("current_source", "set_current", (0.02, 5), r"current = 0\.02 A is refused: .* -0\.01 to 0\.01 A"),
        ("current_source", "set_current", (0.01, 20), "compliance voltage = 20 V is refused: .* 0 to 10 V"),
        ("current_source", "send_pulse", (-0.02, 1e-4, 5), r"current = -0\.02 A is refused"),
        ("current_source", "send_pulse", (0.01, 2e-3, 5), r"current pulse width = 0\.002 s is refused"),
        ("temperature_controller", "set_temperature", (400,), "temperature = 400 K is refused: .* 0 to 350 K"),
        ("current_source", "send_pulse", (0.01, 1e-3, 5), None),
    ],
)
def test_a_refusal_names_limit_value_and_range_and_nothing_is_sent(full, role, method, arguments, message):
    instrument = getattr(full, role)
    if message is None:  # the last one is the control: what is inside does reach the instrument
        getattr(instrument, method)(*arguments)
        assert full.calls == [(role, method, *arguments)]
        return
    with pytest.raises(LimitError, match=message):
        getattr(instrument, method)(*arguments)
    assert full.calls == []


DUTY = r"duty cycle = 0\.00\d+ is refused: the bench allows 0 to 0\.001; ask for less"


def test_pulses_that_follow_each_other_too_soon_are_refused_whatever_was_set_last(full):
    generator, meter = full.pulse_generator, full.source_meter
    generator.set_pulse(0.1, 1e-6)
    full.calls.clear()
    # A read of 0.01 power line cycles lasts 167 µs at 60 Hz.
    with pytest.raises(LimitError, match=DUTY):
        meter.prepare_block(100, 0.0)
    meter.set_integration(1.0)
    meter.prepare_block(100, 0.0)
    with pytest.raises(LimitError, match=DUTY):
        meter.set_integration(0.01)
    generator.set_pulse(0.1, 1e-7)
    meter.set_integration(0.01)
    with pytest.raises(LimitError, match=DUTY):
        generator.set_pulse(0.1, 1e-6)
    sent = ["set_integration", "prepare_block", "set_pulse", "set_integration"]
    assert [call[1] for call in full.calls] == sent


def test_a_single_pulse_of_either_source_ends_with_the_life_of_the_device(full):
    full.pulse_generator.set_pulse(0.1, 1e-6)
    full.pulse_generator.switch_on()
    full.current_source.send_pulse(0.01, 1e-3, 5)
    full.calls.clear()
    with pytest.raises(LimitError, match=r"stress time of the device = 0\.001001 s is refused: .* 0 to 0\.001 s"):
        full.pulse_generator.trigger()
    with pytest.raises(LimitError, match=r"stress time of the device = 0\.0015 s is refused"):
        full.current_source.send_pulse(0.01, 5e-4, 5)
    assert full.calls == []


@pytest.mark.parametrize(
    ("role", "limit"),
    [
        ("pulse_generator", 1.8 / (1 + 50 / 1e6)),  # an open end gets more than a generator says that is told of 1 MΩ
        ("source_meter", 1e-4),
        ("current_source", 10.0),
        ("coil", 0.05),
    ],
)
def test_the_backstop_is_the_limit_in_the_instruments_own_words(full, role, limit):
    full.roles[role].set_backstop()
    assert full.calls == [(role, "set_limit", pytest.approx(limit, rel=1e-12))]


def test_pulse_and_bias_are_judged_together_in_either_order(full):
    for first, second in ((0, 1), (1, 0)):
        requests = [
            (full.pulse_generator.set_pulse, (1.7, 1e-9)),
            (full.source_meter.set_bias, (0.15, 1e-5)),
        ]
        full.pulse_generator.set_pulse(0.1, 1e-9)
        full.source_meter.set_bias(0.0, 1e-5)
        requests[first][0](*requests[first][1])
        with pytest.raises(LimitError, match=r"with bias, = 1\.85"):
            requests[second][0](*requests[second][1])


def test_a_bias_against_the_pulse_takes_away_from_it(full):
    full.source_meter.set_bias(-0.15, 1e-5)
    full.pulse_generator.set_pulse(1.9, 1e-9)
    with pytest.raises(LimitError, match=r"with bias, = 2\.05"):
        full.pulse_generator.set_pulse(-1.9, 1e-9)


def test_a_refusal_leaves_no_trace(full):
    full.source_meter.set_bias(0.1, 1e-5)
    for _ in range(3):
        with pytest.raises(LimitError):
            full.pulse_generator.set_pulse(3.0, 1e-6)
    full.pulse_generator.set_pulse(1.65, 1e-9)


def test_an_instrument_that_fails_may_be_at_the_old_or_the_new_setting(full):
    full.instruments["pulse_generator"].fault = InstrumentError("no")
    with pytest.raises(InstrumentError, match="no"):
        full.pulse_generator.set_pulse(1.7, 1e-9)
    with pytest.raises(LimitError, match="with bias"):
        full.source_meter.set_bias(0.15, 1e-5)
    full.instruments["pulse_generator"].fault = None
    full.pulse_generator.set_pulse(1.0, 1e-9)
    full.source_meter.set_bias(0.15, 1e-5)


def test_an_output_whose_setting_nobody_made_is_not_switched_on(full):
    with pytest.raises(InstrumentError, match=r"pulse_generator is not switched on: nothing was set.*call set_pulse"):
        full.pulse_generator.switch_on()
    with pytest.raises(InstrumentError, match=r"temperature_controller is not .*call set_temperature first"):
        full.temperature_controller.switch_on()
    assert full.calls == []


def test_no_junction_is_connected_under_a_live_output(full):
    full.source_meter.set_bias(0.1, 1e-5)
    full.source_meter.switch_on()
    with pytest.raises(InstrumentError, match="no junction is connected while source_meter may be on: switch"):
        full.multiplexer.select("A2")
    full.source_meter.switch_off()
    full.multiplexer.select("A2")
    assert full.calls[-1] == ("multiplexer", "select", "A2")


def test_a_closed_bench_switches_nothing_on(full):
    full.source_meter.set_bias(0.1, 1e-5)
    full.close()
    with pytest.raises(InstrumentError, match="source_meter is not switched on: the bench is closed"):
        full.source_meter.switch_on()


def fire(bench, blocks, count=2500, width=1e-7):
    bench.pulse_generator.set_pulse(1.0, width)
    bench.pulse_generator.arm_external()
    bench.pulse_generator.switch_on()
    bench.source_meter.prepare_block(count, 1e-6)
    for _ in range(blocks):
        bench.source_meter.start_block()


def test_what_a_device_may_stand_in_its_life_ends_the_pulses(full):
    fire(full, 4)  # 4 x 2500 x 0.1 µs = 1 ms
    with pytest.raises(LimitError, match=r"stress time of the device = 0\.00125 s is refused: .* 0 to 0\.001 s"):
        full.source_meter.start_block()
    assert [call[1] for call in full.calls].count("start_block") == 4


def test_pulses_are_counted_over_all_benches_and_by_junction(full, tmp_path, make_bench):
    fire(full, 2)
    full.make_safe()
    full.multiplexer.select("A2")
    full.pulse_generator.arm_manual()
    full.pulse_generator.switch_on()
    full.pulse_generator.trigger()
    full.source_meter.start_block()  # nobody listens to the trigger line: no pulses
    full.close()
    with make_bench(full.file, tmp_path / "devices") as again:
        assert again.stress.log.pulses == 5000
        assert again.stress.log.stress_time == pytest.approx(5e-4)
        again.multiplexer.select("A2")
        assert again.stress.log.pulses == 1


def test_single_pulses_keep_to_the_duty_cycle(full):
    full.interlock.limits = full.interlock.limits.model_copy(update={"pulse_width": 1.0, "pulse_energy": 1.0})
    full.interlock.limits = full.interlock.limits.model_copy(update={"stress_time": None})
    full.pulse_generator.set_pulse(1.0, 5e-5)
    full.pulse_generator.switch_on()
    began = time.monotonic()
    for _ in range(3):
        full.pulse_generator.trigger()
    # Two pauses of 50 µs / 0.001.
    assert time.monotonic() - began >= 0.1


def test_a_lost_instrument_makes_the_whole_bench_safe_in_order(full):
    full.source_meter.set_bias(0.1, 1e-5)
    full.instruments["source_meter"].fault = InstrumentLostError("gone")
    full.calls.clear()
    with pytest.raises(InstrumentLostError):
        full.source_meter.fetch_block()
    assert [call[0] for call in full.calls if call[1] == "switch_off"] == [
        "pulse_generator",
        "current_source",
        "source_meter",
        "multiplexer",
        "coil",
    ]


def test_a_heater_goes_off_with_the_bench_only_where_the_file_says_so(full):
    controller = full.file.roles.temperature_controller.model_copy(update={"heater_off_at_end": True})
    roles = full.file.roles.model_copy(update={"temperature_controller": controller})
    full.file = full.file.model_copy(update={"roles": roles})
    full.make_safe()
    assert ("temperature_controller", "switch_off") in full.calls


def test_a_role_that_the_file_leaves_empty_is_named():
    with (
        Bench(BenchFile.load("simulated"), {}, resources={}) as bench,
        pytest.raises(InstrumentError, match=r"no coil on this bench: add \[roles\.coil\] to"),
    ):
        _ = bench.coil
