"""The two benches of a bar, from the guarded roles through drivers and sockets to the simulated bar and back."""

import itertools
import math
import threading

import pytest

from mtjlab.core import InputError
from mtjlab.instruments import (
    BenchFile,
    FieldVector,
    InPlaneField,
    PumpProbe,
    allowed_range,
    check_bench,
    open_bench,
)
from mtjlab.instruments.instrument_error import ComplianceError, InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.testing import bench_from_text, changed_bench


@pytest.fixture(params=["simulated-bar-2400", "simulated-bar"])
def bench(request):
    with open_bench(request.param, seed=1) as opened:
        yield opened


def ohms(probe, current, readings=1):
    probe.hold(current)
    return sum(probe.read().voltage for _ in range(readings)) / readings / current


def test_a_write_pulse_sets_the_state_that_the_umr_tells(bench):
    probe = PumpProbe(bench, compliance=12.0)
    bar = bench.stand_in.wiring.bar
    odd = []
    for write in (4e-3, -4e-3):
        probe.pulse(write, 5e-3)
        assert bar.m[1] * write * bar.parameters.push_per_current > 0.99 * abs(write * bar.parameters.push_per_current)
        # A probe that reads 0.5 mA leaves the state as it is.
        odd.append(ohms(probe, 0.5e-3) - ohms(probe, -0.5e-3))
    ratio = bar.parameters.umr_ratio(bar.parameters.current_density(0.5e-3))
    assert odd == pytest.approx([ratio * 1259, -ratio * 1259], rel=0.1)


def test_a_source_meter_reads_the_contacts_too_and_a_nanovoltmeter_does_not(bench):
    probe = PumpProbe(bench, compliance=12.0)
    bar = bench.stand_in.wiring.bar.parameters
    contacts = 2 * bar.contacts.contact_resistance if probe.two_wire else 0.0
    assert ohms(probe, 1e-4) == pytest.approx(bar.resistance + contacts, rel=2e-3)
    bench.make_safe()
    assert not bench.interlock.on


def test_what_the_cross_section_does_not_stand_is_refused_with_the_current_that_it_would(bench):
    bench.interlock.limits = bench.interlock.limits.model_copy(update={"current_density": 1e11})
    probe = PumpProbe(bench, compliance=12.0)
    probe.hold(3e-3)
    with pytest.raises(
        LimitError, match=r"density = 1\.03333e\+11 A/m² at 0\.0031 A .* is -0\.003 to 0\.003 A in this dev"
    ):
        probe.hold(3.1e-3)
    with pytest.raises(LimitError, match=r"current density = -1\.33333e\+11 A/m² at -0\.004 A is refused"):
        probe.pulse(-4e-3, 5e-3)
    with pytest.raises(LimitError, match=r"current = 0\.009 A is refused: the bench allows -0\.008 to 0\.008 A"):
        probe.pulse(9e-3, 5e-3)
    with pytest.raises(LimitError, match=r"current pulse width = 0\.5 s is refused"):
        probe.pulse(1e-3, 0.5)
    with pytest.raises(LimitError, match=r"compliance voltage = 20 V is refused"):
        PumpProbe(bench, compliance=20.0).hold(1e-4)


def test_pulses_keep_the_duty_cycle(bench):
    probe, width = PumpProbe(bench, compliance=12.0), 5e-3
    probe.hold(1e-4)
    starts = []
    for _ in range(3):
        probe.pulse(1e-3, width)
        starts.append(bench.time)
    pause = width / bench.file.limits.current_duty_cycle
    assert min(later - sooner for sooner, later in itertools.pairwise(starts)) >= 0.99 * pause
    assert bench.stress.log.pulses == 3
    assert bench.stress.log.stress_time == pytest.approx(3 * width)


def test_an_open_contact_is_a_diagnosis(bench):
    probe = PumpProbe(bench, compliance=12.0)
    probe.hold(1e-4)
    bench.stand_in.faults.inject("open")
    with pytest.raises(ComplianceError, match=r"is (the device|a contact) open"):
        probe.pulse(1e-3, 5e-3)
    assert not bench.interlock.on


def test_two_coils_make_a_field_at_an_angle():
    with open_bench("simulated-bar", seed=1) as bench:
        field = InPlaneField(bench)
        field.switch_on()
        found = field.set_angle(0.05, math.radians(30))
        assert (found.magnitude, math.degrees(found.angle)) == pytest.approx((0.05, 30.0), rel=1e-4)
        assert bench.stand_in.wiring.bar.field == pytest.approx((*found, 0.0))
        with pytest.raises(LimitError, match=r"field = 0\.15 T is refused"):
            field.set(0.01, 0.15)
        assert field.read() == pytest.approx(found)  # neither coil has moved
        bench.make_safe()
        assert field.read() == FieldVector(0.0, 0.0)


def test_one_coil_makes_a_field_along_its_axis_and_says_what_it_can_not():
    with open_bench("simulated-bar-2400", seed=1) as bench:
        field = InPlaneField(bench)
        field.switch_on()
        assert field.axes == ("y",)
        assert field.set_angle(0.02, math.pi / 2).y == pytest.approx(0.02)
        with pytest.raises(InputError, match=r"no coil for it; add \[roles\.coil\]"):
            field.set(x=0.01)


@pytest.mark.parametrize(("mounting", "sign"), [("{}", 1), ('{ reversed_leads = "both" }', -1)])
def test_a_bar_that_is_contacted_the_other_way_round_turns_what_is_odd_in_the_current(mounting, sign):
    file = changed_bench("simulated-bar", device=f'"w-cofeb"\nbar = {mounting}')
    with open_bench(file, seed=1) as bench:
        probe = PumpProbe(bench, compliance=12.0)
        probe.pulse(4e-3, 1e-3)
        assert math.copysign(1.0, bench.stand_in.wiring.bar.m[1]) == sign
        assert ohms(probe, 1e-4) == pytest.approx(1259, rel=5e-3)


def test_a_junction_s_instruments_are_not_simulated_with_a_bar(whole_text):
    text = whole_text().replace("seed = 3", 'seed = 3\ndevice = "w-cofeb"')
    with pytest.raises(InputError, match=r"\[roles\.pulse_generator\] .* is simulated with a junction only"):
        open_bench(bench_from_text(text))


def test_a_source_meter_beside_a_pulse_generator_sources_no_current():
    with (
        open_bench("simulated", seed=1) as bench,
        pytest.raises(InputError, match="no current beside a pulse generator"),
    ):
        bench.source_meter.set_current(1e-4, 1.0)


def test_making_the_bench_safe_ends_sine_oscillator_and_fields():
    file = changed_bench("simulated-bar", contacts='"longitudinal"\nseries_resistance = 10e3')
    with open_bench(file, seed=1) as bench:
        field = InPlaneField(bench)
        field.switch_on()
        field.set(0.01, 0.02)
        bench.lock_in.set_reference(331.0)
        bench.lock_in.set_amplitude(1.0)
        bench.lock_in.switch_on()
        bench.current_source.start_sine(1e-4, 137.0, 12.0)
        assert bench.interlock.on == {"current_source", "lock_in", "coil", "coil_y"}
        bench.make_safe()
        instruments = bench.stand_in.instruments
        assert not instruments["current_source"].settings["output"]
        assert instruments["lock_in"].value("amplitude") == 0.004
        assert bench.stand_in.wiring.sine is None
        assert bench.stand_in.wiring.bar.field == (0.0, 0.0, 0.0)
        assert not bench.interlock.on


def test_what_drives_the_bar_is_switched_off_before_its_coils():
    with open_bench("simulated-bar", seed=1) as bench:
        assert list(bench.roles) == ["current_source", "lock_in", "nanovoltmeter", "coil", "coil_y"]


def test_a_source_that_is_halted_can_not_be_started_again():
    with open_bench("simulated-bar", seed=1) as bench:
        bench.current_source.start_sine(1e-4, 137.0, 12.0)
        bench.halt()
        assert bench.stand_in.wiring.sine is None
        with pytest.raises(InstrumentError, match="current_source is not switched on: the run was stopped"):
            bench.current_source.start_sine(1e-4, 137.0, 12.0)
        bench.unhalt()


@pytest.mark.parametrize(
    ("act", "error", "match"),
    [
        (lambda source: source.start_sine(9e-3, 137.0, 12.0), LimitError, r"current = 0\.009 A is refused"),
        (
            lambda source: source.start_sine(1e-3, 2e5, 12.0),
            InputError,
            r"frequency = 200000 Hz: the 6221 gives 0\.001 to",
        ),
        (lambda source: source.measure_delta(9e-3, 4, 1e-3, 12.0), LimitError, r"current = 0\.009 A is refused"),
        (lambda source: source.measure_delta(1e-3, 0, 1e-3, 12.0), InputError, "count = 0"),
        (lambda source: source.measure_delta(1e-3, 4, 1e5, 12.0), InputError, r"delay = 100000 s: the 6221 takes 0 to"),
        (
            lambda source: source.measure_pulse_delta(1e-3, 20e-3, 4, 1.0, 12.0),
            LimitError,
            r"current pulse width = 0\.02 s is refused: the bench allows 0 to 0\.01 s",
        ),
        (
            lambda source: source.measure_pulse_delta(1e-3, 5e-3, 4, 0.02, 12.0),
            LimitError,
            r"duty cycle of the current pulses = 0\.25 is refused: the bench allows 0 to 0\.1",
        ),
        (
            lambda source: source.measure_pulse_delta(1e-3, 20e-6, 4, 1.0, 12.0),
            InputError,
            r"pulse width = 2e-05 s: pulse delta of the 6221 takes 5e-05 to 0\.012 s",
        ),
    ],
)
def test_a_refused_request_leaves_the_source_as_it_was(act, error, match):
    with open_bench("simulated-bar", seed=1) as bench:
        source = bench.current_source
        with pytest.raises(error, match=match):
            act(source)
        assert source.settings()["output"] == "False"
        source.set_current(1e-4, 12.0)  # and it goes on
        source.switch_on()


def test_delta_measures_the_resistance_and_leaves_the_output_off():
    with open_bench("simulated-bar", seed=1) as bench:
        source, bar = bench.current_source, bench.stand_in.wiring.bar.parameters
        source.set_linked_meter(1.0, None)
        assert bench.nanovoltmeter.settings()["voltage_nplc"] == 1.0  # the same one, at the other end of the line
        source.set_current(1e-4, 12.0)
        source.switch_on()
        found = source.measure_delta(2e-4, 5, 2e-3, 12.0)
        assert found / 2e-4 == pytest.approx(bar.resistance, rel=3e-3)
        assert source.measure_pulse_delta(-1e-3, 1e-3, 3, 0.1, 12.0) / -1e-3 == pytest.approx(bar.resistance, rel=5e-3)
        settings = source.settings()
        assert (settings["output"], settings["source_current"]) == ("False", 1e-4)
        assert not bench.interlock.on
        assert bench.stress.log.pulses == 3


@pytest.mark.parametrize("bench_name", ["simulated-bar", "simulated-bar-2400"])
def test_bench_check_finds_nothing_beyond_the_limits(bench_name):
    with open_bench(bench_name, seed=1) as bench:
        assert all(not report.beyond and not report.trouble for report in check_bench(bench).values())


def test_an_oscillator_beyond_the_limit_is_told_by_the_check():
    file = changed_bench("simulated-bar", contacts='"longitudinal"\nseries_resistance = 10e3')
    with open_bench(file, seed=1) as bench:
        bench.stand_in.instruments["lock_in"].handle("SLVL5")
        bench.interlock.limits = bench.interlock.limits.model_copy(update={"current": 1e-4})
        (found, _) = check_bench(bench)["lock_in"].beyond
        assert found.startswith("oscillator current = 0.000625")


def test_a_density_without_a_cross_section_is_refused_in_the_file():
    text = BenchFile.load("simulated-bar").text
    without = "\n".join(line for line in text.splitlines() if not line.startswith(("width", "thickness")))
    with pytest.raises(InputError, match=r"current_density: only a cross-section makes a density of a current"):
        bench_from_text(without)


def test_the_range_of_a_current_is_what_the_cross_section_stands():
    text = BenchFile.load("simulated-bar").text.replace("current_density = 3e11", "current_density = 1e11")
    found = allowed_range(bench_from_text(text), "current")
    assert (found.low, found.high) == (-3e-3, 3e-3)
    assert allowed_range(BenchFile.load("simulated-bar-2400"), "current").high == 8e-3
    assert allowed_range(BenchFile.load("simulated"), "current").high == 0.0


def test_a_question_that_is_passed_on_is_no_question_to_who_passes_it_on(caplog):
    with open_bench("simulated-bar", seed=1) as bench:
        caplog.set_level("INFO")
        source = bench.current_source
        source.set_linked_meter(2.0, 0.1)
        source.measure_pulse_delta(1e-3, 1e-3, 2, 0.1, 12.0)
        # Taken for a question, its answer would have been missed, and the line made again.
        assert "is not waited for" not in caplog.text
        assert bench.nanovoltmeter.settings()["voltage_range"] == 0.1


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("send_pulse", (1e-3, 1e-3, 12.0)),
        ("start_sine", (1e-3, 137.0, 12.0)),
        ("measure_delta", (1e-3, 4, 1e-3, 12.0)),
        ("measure_pulse_delta", (1e-3, 1e-3, 4, 0.1, 12.0)),
    ],
)
def test_a_source_in_the_middle_of_something_is_off_when_another_thread_has_made_the_bench_safe(
    make_bench, method, arguments
):
    bench = make_bench(BenchFile.load("simulated-bar"))
    bench.current_source.set_current(1e-4, 12.0)
    instrument = bench.instruments["current_source"]

    class Interrupted(list):
        """Lets another thread make the bench safe in the middle of the call."""

        def append(self, call):
            if call[1] == method:
                thread = threading.Thread(target=bench.make_safe)
                thread.start()
                thread.join()
            super().append(call)

    instrument.calls = bench.calls = Interrupted(bench.calls)
    with pytest.raises(
        InstrumentError, match=f"current_source: the bench was made safe during {method}, and the output"
    ):
        getattr(bench.current_source, method)(*arguments)
    told = [call[1] for call in bench.calls if call[0] == "current_source"]
    assert "switch_off" in told[told.index(method) :]  # it was begun before the others were off, and ends off
    assert "current_source" not in bench.interlock.on
