"""An output is switched on only when all that it would send was set, and not lost since."""

import threading

import pytest

from mtjlab.core.errors import InputError
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.fault_settings import FaultSettings
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError, InstrumentLostError
from mtjlab.instruments.safety.limits import LimitError


@pytest.fixture
def bench(tmp_path, whole_text, make_bench):
    path = tmp_path / "whole.toml"
    path.write_text(whole_text(more_limits="stress_time = 1e-3"), encoding="utf-8")
    with make_bench(BenchFile.load(path)) as opened:
        yield opened


SETTINGS = {
    "pulse_generator": ("set_pulse", (0.5, 1e-8)),
    "source_meter": ("set_bias", (0.05, 1e-5)),
    "current_source": ("set_current", (1e-6, 1.0)),
    "temperature_controller": ("set_temperature", (310.0,)),
}


def make_setting(bench, role):
    method, arguments = SETTINGS[role]
    getattr(getattr(bench, role), method)(*arguments)


def refuse_on(bench, role, words):
    bench.calls.clear()
    with pytest.raises(InstrumentError, match=rf"{role} is not switched on: .*{words}"):
        getattr(bench, role).switch_on()
    assert (role, "switch_on") not in bench.calls


@pytest.mark.parametrize("role", sorted(SETTINGS))
def test_after_recovering_nothing_is_known(bench, role):
    make_setting(bench, role)
    guard = getattr(bench, role)
    guard.switch_on()
    guard.recover()
    assert bench.instruments[role].on == (role == "temperature_controller")  # a cryostat stays at its temperature
    refuse_on(bench, role, SETTINGS[role][0])
    make_setting(bench, role)
    guard.switch_on()
    assert bench.calls[-1] == (role, "switch_on")


@pytest.mark.parametrize("role", sorted(SETTINGS))
def test_a_setting_that_ends_in_the_middle_switches_off_and_is_made_again(bench, role):
    make_setting(bench, role)
    guard, instrument = getattr(bench, role), bench.instruments[role]
    guard.switch_on()
    instrument.fault = InstrumentError("half of it was taken")
    with pytest.raises(InstrumentError, match="half of it"):
        make_setting(bench, role)
    instrument.fault = None
    assert instrument.on == (role == "temperature_controller")  # a cryostat is not let go for a setpoint in doubt
    refuse_on(bench, role, SETTINGS[role][0])
    make_setting(bench, role)
    guard.switch_on()


@pytest.mark.parametrize("role", sorted(SETTINGS))
def test_a_lost_line_takes_everything_with_it(bench, role):
    make_setting(bench, role)
    guard, instrument = getattr(bench, role), bench.instruments[role]
    instrument.fault = InstrumentLostError("gone")
    with pytest.raises(InstrumentLostError):
        guard.settings()
    instrument.fault = None
    make_setting(bench, role)
    refuse_on(bench, role, "recover")  # what it was set up with at opening is as unknown as the rest
    guard.recover()
    make_setting(bench, role)
    guard.switch_on()


def test_a_recovery_that_fails_leaves_nothing_known(bench):
    generator = bench.instruments["pulse_generator"]
    generator.fault = InstrumentError("it did not take its set-up")
    with pytest.raises(InstrumentError):
        bench.pulse_generator.recover()
    generator.fault = None
    make_setting(bench, "pulse_generator")
    refuse_on(bench, "pulse_generator", "call recover first")


def test_what_is_refused_before_it_is_sent_leaves_everything_as_it_was(bench):
    make_setting(bench, "pulse_generator")
    bench.pulse_generator.switch_on()
    bench.instruments["pulse_generator"].fault = InputError("the instrument gives no such width")
    for act in (lambda: make_setting(bench, "pulse_generator"), lambda: bench.pulse_generator.set_pulse(5.0, 1e-8)):
        with pytest.raises((InputError, LimitError)):
            act()
    bench.instruments["pulse_generator"].fault = None
    assert bench.instruments["pulse_generator"].on
    bench.pulse_generator.switch_on()


def test_a_coil_that_was_recovered_begins_at_zero(bench):
    bench.coil.switch_on()
    bench.coil.set_field(0.02)
    bench.coil.recover()
    bench.calls.clear()
    bench.coil.switch_on()
    assert [call[1:] for call in bench.calls if call[1] != "settings"] == [("set_field", 0.0), ("switch_on",)]


def test_a_block_is_prepared_again_after_a_recovery(bench):
    bench.source_meter.prepare_block(10, 1e-3)
    bench.source_meter.start_block()
    bench.source_meter.recover()
    with pytest.raises(InstrumentError, match=r"starts no block: .*call prepare_block and set_integration first"):
        bench.source_meter.start_block()


def test_a_junction_is_selected_again_before_anything_reaches_it(bench):
    bench.multiplexer.select("A1")
    bench.instruments["multiplexer"].fault = InstrumentError("another channel is closed")
    with pytest.raises(InstrumentError):
        bench.multiplexer.select("A2")
    bench.instruments["multiplexer"].fault = None
    make_setting(bench, "source_meter")
    refuse_on(bench, "source_meter", "call select first")
    bench.multiplexer.select("A2")
    bench.source_meter.switch_on()


def test_a_generator_that_nobody_armed_waits_for_trigger_and_does_not_run_freely(bench):
    make_setting(bench, "pulse_generator")
    bench.calls.clear()
    bench.pulse_generator.switch_on()
    assert [call[1] for call in bench.calls] == ["arm_manual", "switch_on"]


def test_pulses_are_counted_by_what_the_generator_may_listen_to(bench):
    make_setting(bench, "pulse_generator")
    bench.pulse_generator.arm_external()
    bench.pulse_generator.switch_on()
    bench.source_meter.prepare_block(10, 1e-3)
    bench.instruments["pulse_generator"].fault = InstrumentError("lost on its way")
    bench.instruments["pulse_generator"].stuck = True  # it does not switch off either
    with pytest.raises(InstrumentError):
        bench.pulse_generator.arm_manual()
    bench.instruments["pulse_generator"].fault = None
    bench.source_meter.start_block()
    assert bench.stress.log.pulses == 10
    with pytest.raises(InstrumentError, match=r"sends no pulse: .*call arm_manual or arm_external first"):
        bench.pulse_generator.trigger()


def test_a_block_of_which_it_is_not_known_how_long_it_is_counts_as_the_longer_one(bench):
    make_setting(bench, "pulse_generator")
    bench.pulse_generator.arm_external()
    bench.pulse_generator.switch_on()
    bench.source_meter.prepare_block(500, 1e-3)
    bench.instruments["source_meter"].fault = InstrumentError("no")
    with pytest.raises(InstrumentError):
        bench.source_meter.prepare_block(10, 1e-3)
    bench.instruments["source_meter"].fault = None
    with pytest.raises(InstrumentError, match="call prepare_block first"):
        bench.source_meter.start_block()
    bench.source_meter.prepare_block(10, 1e-3)
    bench.source_meter.start_block()
    assert bench.stress.log.pulses == 10


def test_a_bias_against_the_pulses_counts_only_while_it_is_there(bench):
    bench.source_meter.set_bias(-0.15, 1e-5)
    bench.pulse_generator.set_pulse(1.9, 1e-9)
    with pytest.raises(LimitError, match=r"with bias, = 1\.9"):
        bench.pulse_generator.switch_on()
    bench.source_meter.switch_on()
    bench.pulse_generator.switch_on()
    bench.calls.clear()
    bench.source_meter.switch_off()
    off = [call[0] for call in bench.calls if call[1] == "switch_off"]
    assert off == ["pulse_generator", "source_meter"]


def test_what_a_thread_is_in_the_middle_of_leaves_no_output_on_when_another_makes_the_bench_safe(bench):
    make_setting(bench, "pulse_generator")
    instrument = bench.instruments["pulse_generator"]
    inside, made_safe = threading.Event(), threading.Event()
    errors = []

    class Slow(list):
        """Holds the call of the one thread until the other one has made the bench safe."""

        def append(self, call):
            if call == ("pulse_generator", "switch_on"):
                inside.set()
                made_safe.wait()
            super().append(call)

    instrument.calls = bench.calls = Slow(bench.calls)

    def switch_on():
        try:
            bench.pulse_generator.switch_on()
        except InstrumentError as error:
            errors.append(str(error))

    thread = threading.Thread(target=switch_on)
    thread.start()
    inside.wait()
    bench.make_safe()
    made_safe.set()
    thread.join()
    assert not instrument.on
    assert errors == ["pulse_generator: the bench was made safe during switch_on, and the output is off"]
    with pytest.raises(InstrumentError, match="was switched off because a setting failed"):
        bench.pulse_generator.trigger()


def test_a_thread_cannot_switch_on_while_another_one_recovers(bench):
    make_setting(bench, "pulse_generator")
    instrument = bench.instruments["pulse_generator"]
    inside, go = threading.Event(), threading.Event()

    class Slow(list):
        def append(self, call):
            super().append(call)
            if call == ("pulse_generator", "recover"):
                inside.set()
                go.wait()

    instrument.calls = bench.calls = Slow(bench.calls)
    recovery = threading.Thread(target=bench.pulse_generator.recover)
    recovery.start()
    inside.wait()
    errors = []

    def switch_on():
        try:
            bench.pulse_generator.switch_on()
        except InstrumentError as error:
            errors.append(str(error))

    other = threading.Thread(target=switch_on)
    other.start()
    go.set()
    recovery.join()
    other.join()
    assert len(errors) == 1
    assert "call set_pulse first" in errors[0]
    assert not instrument.on


@pytest.mark.parametrize("lost", [":OUTP1:LOAD*", ":VOLT1:HIGH*", ":OUTP1:POL *", ":ARM:SOUR1 *", "OUTP1 1"])
@pytest.mark.parametrize("after", [False, True])
def test_a_command_that_was_lost_on_its_way_is_noticed_before_an_output_goes_on(lost, after):
    with open_bench("simulated", seed=1) as bench:
        generator = bench.stand_in.instruments["pulse_generator"]
        on = []
        handle = generator.handle

        def handle_and_look(line):
            answer = handle(line)
            on.append(generator.settings["output1"] and line)
            return answer

        bench.stand_in.faults.inject("drop", role="pulse_generator", pattern=lost, after=after)
        generator.handle = handle_and_look
        steps = (
            bench.recover,
            lambda: bench.pulse_generator.set_pulse(-0.5, 1e-8),
            bench.pulse_generator.arm_external,
            bench.pulse_generator.switch_on,
        )

        def work():
            for step in steps:
                step()

        with pytest.raises(InstrumentError):
            work()
        assert generator.settings["output1"] is False
        assert len(bench.stand_in.faults.struck) == 1
        assert not any(on) or lost == "OUTP1 1"
        work()
        assert generator.settings["output1"] is True


@pytest.mark.parametrize(
    ("role", "method", "arguments"),
    [("source_meter", "prepare_block", (10, 1e-3)), ("current_source", "send_pulse", (1e-6, 1e-4, 1.0))],
)
def test_half_a_trigger_model_or_half_a_pulse_needs_a_new_set_up(bench, role, method, arguments):
    make_setting(bench, role)
    guard = getattr(bench, role)
    guard.switch_on()
    bench.instruments[role].fault = InstrumentError("half of it was taken")
    with pytest.raises(InstrumentError, match="half of it"):
        getattr(guard, method)(*arguments)
    bench.instruments[role].fault = None
    assert not bench.instruments[role].on
    make_setting(bench, role)
    refuse_on(bench, role, "call recover first")


def test_an_instrument_of_an_open_bench_is_not_given_back_alone(bench):
    for role in bench.roles.values():
        with pytest.raises(InstrumentError, match="is not given back alone: close the bench"):
            role.close()
    assert not any(call[1] == "close" for call in bench.calls)


def test_single_pulses_keep_to_the_duty_cycle_in_the_time_of_the_bench():
    file = BenchFile.load("simulated")
    limits = file.limits.model_copy(update={"duty_cycle": 1e-9})
    with open_bench(file.model_copy(update={"limits": limits}), seed=1) as bench:
        bench.pulse_generator.set_pulse(0.5, 1e-8)
        bench.pulse_generator.switch_on()
        began = bench.time
        for _ in range(100):  # 990 s: nobody waits for them
            bench.pulse_generator.trigger()
        assert bench.time - began == pytest.approx(99 * 10.0)


def test_a_run_on_a_bench_that_has_lost_an_instrument_begins_by_setting_it_up_again(bench):
    bench.instruments["source_meter"].fault = InstrumentLostError("gone")
    with pytest.raises(InstrumentLostError):
        bench.source_meter.settings()
    bench.instruments["source_meter"].fault = None
    for instrument in bench.instruments.values():
        instrument.answers["errors"] = []
    bench.forget_errors()
    make_setting(bench, "source_meter")
    bench.source_meter.switch_on()
    recovered = [call[0] for call in bench.calls if call[1] == "recover"]
    assert set(recovered) == {"source_meter"}


@pytest.fixture
def after_a_run(bench):
    """Give a bench on which a run has set pulse, bias and train, and which was made safe at its end."""
    for instrument in bench.instruments.values():
        instrument.answers["errors"] = []
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.pulse_generator.set_pulse(1.7, 1e-9)
    bench.source_meter.prepare_block(10, 1e-3)
    bench.source_meter.switch_on()
    bench.pulse_generator.switch_on()
    bench.make_safe()
    return bench


def test_what_the_run_before_has_set_does_not_limit_the_next(after_a_run):
    with pytest.raises(LimitError, match="with bias"):
        after_a_run.source_meter.set_bias(0.2, 1e-5)
    after_a_run.begin_run()
    after_a_run.source_meter.set_bias(0.2, 1e-5)
    with pytest.raises(LimitError, match="with bias"):  # the two of one run are judged together
        after_a_run.pulse_generator.set_pulse(1.7, 1e-9)


def test_what_the_run_before_has_set_is_made_again_before_an_output_goes_on(after_a_run):
    after_a_run.begin_run()
    refuse_on(after_a_run, "pulse_generator", "call set_pulse")
    refuse_on(after_a_run, "source_meter", "call set_bias")
    with pytest.raises(InstrumentError, match=r"starts no block: .*call prepare_block"):
        after_a_run.source_meter.start_block()
    for role in ("pulse_generator", "source_meter"):
        make_setting(after_a_run, role)
        getattr(after_a_run, role).switch_on()


def test_an_output_that_is_on_when_a_run_begins_keeps_counting(after_a_run):
    make_setting(after_a_run, "source_meter")
    after_a_run.source_meter.switch_on()
    after_a_run.pulse_generator.set_pulse(1.7, 1e-9)
    after_a_run.pulse_generator.switch_on()
    after_a_run.begin_run()
    with pytest.raises(LimitError, match="with bias"):
        after_a_run.source_meter.set_bias(0.2, 1e-5)


def test_a_bench_that_was_just_opened_begins_a_run_at_zero_bias(bench):
    for instrument in bench.instruments.values():
        instrument.answers["errors"] = []
    bench.begin_run()
    bench.source_meter.switch_on()


def test_a_setting_lost_while_a_bench_is_opened_is_an_error_with_an_end():
    file = BenchFile.load("simulated")
    fault = FaultSettings(kind="drop", role="pulse_generator", pattern=":OUTP1:LOAD*")
    simulation = file.simulation.model_copy(update={"faults": (fault,)})
    with pytest.raises(InstrumentLostError) as raised:
        open_bench(file.model_copy(update={"simulation": simulation}), seed=1)
    chain = [raised.value]
    while chain[-1].__cause__ is not None:
        assert chain[-1].__cause__ not in chain
        chain.append(chain[-1].__cause__)


def test_an_instrument_that_restarts_just_when_it_is_switched_off_is_not_known_any_more():
    with open_bench("simulated", seed=1) as bench:
        generator = bench.stand_in.instruments["pulse_generator"]
        bench.pulse_generator.set_pulse(0.5, 1e-8)
        bench.pulse_generator.arm_external()
        bench.pulse_generator.switch_on()
        bench.stand_in.faults.inject("reboot", role="pulse_generator", pattern="OUTP1 0", duration=0.0)
        bench.make_safe()
        assert generator.settings["output1"] is False
        with pytest.raises(InstrumentError, match="call recover and set_pulse first"):
            bench.pulse_generator.switch_on()
