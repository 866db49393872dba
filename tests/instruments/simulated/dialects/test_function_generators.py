"""The simulated 81160A and 33500: settings that say the same thing agree, and a generator left to itself runs."""

import dataclasses

import numpy as np
import pytest

from mtjlab.instruments.bench.file import RoleSettings
from mtjlab.instruments.simulated.dialects.simulated_agilent33500 import SimulatedAgilent33500
from mtjlab.instruments.simulated.dialects.simulated_keysight81160a import SimulatedKeysight81160A
from mtjlab.instruments.simulated.dialects.simulated_picosecond10070a import SimulatedPicosecond10070A
from mtjlab.instruments.simulated.pulse_delivery import MOST_PULSES, FreeRun

NO_ERROR, CONFLICT = b'0,"No error"', b'-221,"Settings conflict"'


@pytest.fixture(params=["81160A", "33500"])
def spoken(request, context):
    """Give a generator and a way to set and ask what both have, in the words of each."""
    keysight = request.param == "81160A"
    made = (SimulatedKeysight81160A if keysight else SimulatedAgilent33500)(context)
    words = {
        "shape": ":FUNC1",
        "frequency": ":FREQ1",
        "amplitude": ":VOLT1",
        "offset": ":VOLT1:OFFS",
        "high": ":VOLT1:HIGH",
        "low": ":VOLT1:LOW",
        "period": ":PULS:PER1",
        "width": ":PULS:WIDT1",
        "duty": ":PULS:DCYC1",
        "hold": ":PULS:HOLD1",
        "apply": ":APPL1",
    }
    if not keysight:
        pulse = {name: f":SOUR1:FUNC:PULS:{word.split(':')[-1][:-1]}" for name, word in words.items() if "PULS" in word}
        words = {name: ":SOUR1" + word.replace("1", "", 1) for name, word in words.items()} | pulse

    class Spoken:
        instrument = made

        def set(self, **settings):
            for name, value in settings.items():
                made.handle(f"{words[name]} {value}")

        def ask(self, name):
            return float(made.handle(f"{words[name]}?"))

        def apply(self, shape, rest):
            made.handle(f"{words['apply']}:{shape} {rest}")

        def error(self):
            return made.handle(":SYST:ERR?")

    return Spoken()


def test_amplitude_and_offset_say_what_high_and_low_say(spoken):
    spoken.set(low=-0.2, high=1.0)
    assert (spoken.ask("amplitude"), spoken.ask("offset")) == pytest.approx((1.2, 0.4))
    spoken.set(amplitude=0.6, offset=1.0)
    assert (spoken.ask("high"), spoken.ask("low")) == pytest.approx((1.3, 0.7))
    assert spoken.error() == NO_ERROR


def test_of_levels_that_cross_the_last_one_is_kept(spoken):
    spoken.set(high=-4.9)
    assert spoken.ask("high") == -4.9
    assert spoken.ask("low") < -4.9
    assert spoken.error() == CONFLICT


def test_an_offset_near_the_end_of_the_range_leaves_a_small_amplitude(spoken):
    spoken.set(amplitude=1.0, offset=4.9)
    assert (spoken.ask("offset"), spoken.ask("high")) == pytest.approx((4.9, 5.0))
    assert spoken.ask("amplitude") == pytest.approx(0.2)


def test_the_period_is_one_over_the_frequency(spoken):
    spoken.set(frequency=2e6)
    assert spoken.ask("period") == 5e-7
    spoken.set(period=1e-5)
    assert spoken.ask("frequency") == pytest.approx(1e5)


def test_a_shorter_period_cuts_the_width_or_keeps_the_duty_cycle(spoken):
    spoken.set(shape="PULS", width=5e-6, period=1e-5)
    assert spoken.ask("duty") == pytest.approx(50.0)
    spoken.set(hold="DCYC", period=1e-6)
    assert spoken.ask("width") == pytest.approx(5e-7)
    assert spoken.error() == NO_ERROR
    spoken.set(hold="WIDT", period=2e-7)
    assert spoken.ask("width") < 2e-7
    assert spoken.error() == CONFLICT


def test_a_duty_cycle_is_a_width(spoken):
    spoken.set(shape="PULS", period=1e-5, duty=25)
    assert spoken.ask("width") == pytest.approx(2.5e-6)
    spoken.set(width=1e-6)
    assert spoken.ask("duty") == pytest.approx(10.0)


def test_apply_sets_all_and_switches_on(spoken):
    spoken.apply("PULS", "1e6,2,0.5")
    assert [spoken.ask(name) for name in ("frequency", "high", "low")] == [1e6, 1.5, -0.5]
    assert spoken.instrument.handle(":OUTP1?") == b"1"
    spoken.apply("DC", "DEF,DEF,4.9")
    assert spoken.ask("offset") == 4.9
    assert spoken.error() == NO_ERROR


def test_a_shape_has_a_highest_frequency(spoken):
    spoken.set(shape="RAMP", frequency=400e6)
    assert spoken.error() == b'-222,"Data out of range"'
    assert spoken.ask("frequency") == 1e3


@pytest.mark.parametrize(
    "header",
    [
        ":FREQ1?", ":VOLT1?", ":VOLT1:OFFS?", ":VOLT1:UNIT?", ":FUNC1:SQU:DCYC?", ":FUNC1:RAMP:SYMM?", ":PULS:HOLD1?",
        ":PULS:DCYC1?", ":FUNC1:PULS:TRAN:TRA?", ":BURS1:STAT?", ":BURS1:MODE?", ":BURS1:INT:PER?", ":BURS1:NCYC?",
        ":DATA1:NVOL:FREE?", ":DATA1:NVOL:CAT?", ":TRAC:CHAN1?", ":TRIG1:COUN?", ":ARM:SOUR1?", "FUNC:PULS:WIDT?",
        "FUNC:PULS:HOLD?", "BURS:INT:PER?", "PHAS?",
    ],
)  # fmt: skip
def test_what_pymeasures_81160a_asks_has_an_answer(context, header):
    generator = SimulatedKeysight81160A(context)
    assert generator.handle(header)
    assert generator.handle(":SYST:ERR?") == NO_ERROR


def test_a_waveform_is_kept_under_its_name(context):
    generator = SimulatedKeysight81160A(context)
    generator.handle(":DATA1:DAC VOLATILE,#14\x00\x01\x00\x02")
    generator.handle(":DATA1:COPY MINE, VOLATILE")
    assert generator.handle(":DATA1:NVOL:CAT?;FREE?") == b'"MINE";3'
    generator.handle(":DATA1:DEL MINE")
    assert generator.handle(":DATA1:NVOL:CAT?") == b'""'
    assert generator.handle(":SYST:ERR?") == NO_ERROR


def test_an_arbitrary_waveform_is_chosen_by_its_name(context):
    generator = SimulatedAgilent33500(context)
    generator.handle("DATA:ARB test, " + ", ".join(["0.5", "-0.5"] * 8))
    generator.handle("FUNC:ARB test")
    assert generator.handle("FUNC:ARB?") == b'"TEST"'
    generator.handle("FUNC:ARB other")
    assert generator.handle(":SYST:ERR?").startswith(b"787,")


@pytest.mark.parametrize(
    ("model", "width", "frequency"),
    [("33522B", 16e-9, 30e6), ("33512B", 16e-9, 20e6), ("33622A", 5e-9, 120e6)],
)
def test_the_identity_of_the_bench_file_chooses_the_model(context, model, width, frequency):
    named = dataclasses.replace(context, settings=RoleSettings(driver="agilent33500", identity=model))
    generator = SimulatedAgilent33500(named)
    assert generator.handle("*IDN?").startswith(f"Agilent Technologies,{model},".encode())
    assert float(generator.handle(":SOUR1:FUNC:PULS:WIDT? MIN")) == width
    assert float(generator.handle(":SOUR1:FREQ? MAX")) == frequency


RUNNING = [
    (SimulatedKeysight81160A, [":FUNC1 PULS", ":PULS:WIDT1 1E-8;PER1 1E-4", ":OUTP1 ON"], ":ARM:SOUR1 MAN", 1),
    (SimulatedKeysight81160A, [":APPL1:PULS 1E4,1,.5"], ":OUTP1 OFF", 1),
    (
        SimulatedKeysight81160A,
        [":FUNC1 PULS;:ARM:SOUR1 INT2;:BURS1:NCYC 3;INT:PER 1E-4;:OUTP1 ON"],
        ":ARM:SOUR1 EXT",
        3,
    ),
    (SimulatedAgilent33500, ["FUNC PULS;FUNC:PULS:WIDT 1E-7;PER 1E-4", "OUTP ON"], "BURS:STAT ON;:TRIG:SOUR EXT", 1),
    (SimulatedAgilent33500, ["FUNC PULS;BURS:STAT ON;NCYC 2;INT:PER 1E-4;:OUTP1 ON"], ":TRIG:SOUR BUS", 2),
    (SimulatedPicosecond10070A, ["period 1e-4", "enable"], "trigger EXT", 1),
]


@pytest.mark.parametrize(("kind", "start", "stop", "burst"), RUNNING)
def test_a_generator_that_triggers_itself_runs_freely(context, wiring, kind, start, stop, burst):
    generator = kind(context)
    for line in start:
        generator.handle(line)
    wiring.clock.wait(2.05e-3)
    wiring.elapse()
    assert sum(count for _, count in wiring.junction.pulses) == 20 * burst
    generator.handle(stop)
    wiring.junction.pulses.clear()
    wiring.clock.wait(1e-3)
    wiring.elapse()
    assert wiring.junction.pulses == []


def test_readings_of_a_running_generator_see_its_pulses(generator, meter, wiring):
    for line in (":FUNC1 PULS", ":VOLT1:LOW 0", ":VOLT1:HIGH 1", ":PULS:WIDT1 1e-8", ":PULS:PER1 1e-3", ":OUTP1 ON"):
        generator.handle(line)
    # 50 readings of 1 cycle of 50 Hz, in each of which the junction toggles twenty times; then of .95 ms, one toggle.
    shares = wiring.observe(50, 0.0, 20e-3)
    assert sum(count for _, count in wiring.junction.pulses) == 1000
    assert set(shares) == {0.0}
    assert np.array_equal(wiring.observe(6, 0.0, 1e-3), [1, 0, 1, 0, 1, 0])


def test_of_a_very_long_run_the_last_pulses_are_sent(generator, wiring):
    generator.handle(":APPL1:PULS 1E6,1,.5")
    wiring.clock.wait(3600.0)
    wiring.elapse()
    assert [count for _, count in wiring.junction.pulses] == [MOST_PULSES]
    come = FreeRun(wiring.junction.pulses[0][0], 1e-6).share_out(1000, 0.02)
    assert come[-1] == MOST_PULSES
    assert (np.diff(come) > 0).all()


def test_pulses_that_the_model_does_not_cover_end_with_an_error(generator, wiring, monkeypatch):
    def refuse(*_):
        raise ValueError("too long")

    monkeypatch.setattr(wiring.junction, "pulse_train", refuse)
    generator.handle(":APPL1:PULS 1E3,1,.5")
    wiring.clock.wait(1.0)
    wiring.elapse()
    assert generator.handle(":SYST:ERR?") == b'-200,"Execution error;too long"'
