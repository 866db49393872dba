"""The SR830: what is put on the wire, and what its simulated twin makes of a sinusoidal current in a bar."""

import math

import pytest
from pymeasure.test import expected_protocol

from mtjlab.core import InputError
from mtjlab.instruments import LockInSettings, open_bench
from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.drivers.sr830 import SR830LockIn
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.testing import changed_bench

NO_ERROR = (b"*ESR?", b"0")
SET_UP = [
    (b"SLVL0.004", None),
    (b"OUTX 1", None),
    (b"*CLS", None),
    (b"FMOD 0", None),
    (b"RSLP 1", None),
    (b"HARM1", None),
    (b"PHAS0", None),
    (b"ISRC 1", None),
    (b"IGND 0", None),
    (b"ICPL 0", None),
    (b"OFSL3", None),
    (b"SYNC 0", None),
    (b"OEXP 1,0,0", None),
    (b"OEXP 2,0,0", None),
    NO_ERROR,
]


@pytest.fixture
def lock_in(wired):
    return wired(SR830LockIn, LockInSettings(driver="sr830"), WiringSettings())


@pytest.fixture
def bench():
    with open_bench("simulated-bar", seed=1) as opened:
        lock_in = opened.lock_in
        lock_in.set_reference(None)
        lock_in.set_time_constant(0.1)
        lock_in.set_sensitivity(1.0)
        yield opened


def test_steps_are_chosen_upwards_and_read_back(lock_in):
    bytes_ = [
        (b"SENS18", None),
        (b"SENS?", b"18"),
        NO_ERROR,
        (b"OFLT9", None),
        (b"OFLT?", b"9"),
        NO_ERROR,
        (b"LIAS?", b"4"),
        (b"SNAP? 1,2", b"1.5e-3,-2e-3"),
        (b"LIAS?", b"0"),
    ]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened:
        opened.set_sensitivity(1.2e-3)  # 2 mV
        opened.set_time_constant(0.2)  # 300 ms
        reading = opened.read()
        assert (reading.amplitude, reading.phase) == pytest.approx((2.5e-3, math.atan2(-2, 1.5)))


def test_the_oscillator_is_rounded_down_and_off_is_its_least(lock_in):
    bytes_ = [
        (b"SLVL?", b"0.004"),
        (b"SLVL0.124", None),
        (b"SLVL?", b"0.124"),
        NO_ERROR,
        (b"SLVL0.004", None),
        (b"SLVL?", b"0.004"),
    ]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened:
        opened.set_amplitude(0.1253)
        opened.switch_on()
        opened.switch_off()
        assert not opened.output_enabled()


def test_what_pymeasure_would_change_without_a_word_is_refused_before_anything_is_sent(lock_in):
    with expected_protocol(lock_in, SET_UP) as opened:
        for set_, value, match in (
            (opened.set_sensitivity, 2.0, "sensitivity = 2 V: the SR830 has 2e-09 to 1 V"),
            (opened.set_time_constant, 4e4, "time constant = 40000 s: the SR830 has 1e-05 to 30000 s"),
            (opened.set_reference, 2e5, "frequency = 200000 Hz: the SR830 gives 0.001 to 102000 Hz"),
            (opened.set_amplitude, 6.0, "amplitude = 6 V: the SR830 gives 0.004 to 5 V"),
            (opened.set_harmonic, 20000, "harmonic = 20000"),
        ):
            with pytest.raises(InputError, match=match):
                set_(value)


@pytest.mark.parametrize(
    ("status", "words"), [(b"4", "its output is overloaded"), (b"8", "its reference is not locked")]
)
def test_an_overload_is_no_reading(lock_in, status, words):
    bytes_ = [(b"LIAS?", b"0"), (b"SNAP? 1,2", b"1,2"), (b"LIAS?", status)]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened, pytest.raises(InstrumentError, match=words):
        opened.read()


def test_the_first_harmonic_is_the_resistance_and_the_second_the_umr(bench):
    lock_in, source = bench.lock_in, bench.current_source
    bar = bench.stand_in.wiring.bar
    source.send_pulse(4e-3, 1e-3, 12.0)
    amplitude = 0.5e-3
    source.start_sine(amplitude, 137.0, 12.0)
    bench.wait(lock_in.settling_time())
    assert lock_in.reference_frequency() == pytest.approx(137.0)
    assert lock_in.read().x == pytest.approx(bar.parameters.resistance * amplitude / math.sqrt(2), rel=5e-3)
    lock_in.set_harmonic(2)
    lock_in.set_sensitivity(1e-3)
    bench.wait(lock_in.settling_time())
    reading = lock_in.read()
    # R(I) = R0·(1 ± u(I)/2): V = R0·I + ...·I²; heat is odd in the voltage and makes no second harmonic.
    assert abs(reading.x) < 0.05 * abs(reading.y)
    assert 1e-6 < reading.amplitude < 1e-4
    source.send_pulse(-4e-3, 1e-3, 12.0)
    source.start_sine(amplitude, 137.0, 12.0)
    bench.wait(lock_in.settling_time())
    assert lock_in.read().y == pytest.approx(-reading.y, rel=0.02)  # the other state


def test_a_reading_that_comes_too_soon_is_between_the_old_and_the_new(bench):
    lock_in = bench.lock_in
    bench.current_source.start_sine(0.5e-3, 137.0, 12.0)
    bench.wait(lock_in.settling_time())
    settled = lock_in.read().x
    lock_in.set_phase(math.pi)
    bench.wait(0.4)  # four time constants: 43 % of the way is left to go
    assert lock_in.read().x == pytest.approx(settled * (-1 + 2 * 0.4335), rel=0.01)


def test_without_a_reference_and_beyond_the_full_scale_there_is_no_reading(bench):
    lock_in = bench.lock_in
    with pytest.raises(InstrumentError, match="its reference is not locked"):
        lock_in.read()
    bench.current_source.start_sine(0.5e-3, 137.0, 12.0)
    lock_in.set_sensitivity(1e-3)
    bench.wait(lock_in.settling_time())
    with pytest.raises(InstrumentError, match="its output is overloaded"):
        lock_in.read()


def test_its_own_oscillator_drives_the_bar_through_a_resistor_that_the_interlock_knows():
    file = changed_bench("simulated-bar", contacts='"longitudinal"\nseries_resistance = 10e3')
    with open_bench(file, seed=1) as bench:
        lock_in = bench.lock_in
        lock_in.set_reference(331.0)
        lock_in.set_time_constant(0.03)
        lock_in.set_sensitivity(1.0)
        lock_in.set_amplitude(4.0)
        lock_in.switch_on()
        bench.wait(lock_in.settling_time())
        resistance = bench.stand_in.wiring.bar.parameters.resistance
        assert lock_in.read().x == pytest.approx(4.0 * resistance / (10e3 + 50 + 40 + resistance), rel=5e-3)
        bench.make_safe()
        assert bench.stand_in.wiring.sine is None
        bench.interlock.limits = bench.interlock.limits.model_copy(update={"current": 1e-4})
        with pytest.raises(LimitError, match=r"current = 0\.000125152 A is refused"):
            lock_in.set_amplitude(1.0)


def test_an_oscillator_that_is_not_connected_drives_nothing(bench):
    with pytest.raises(InputError, match=r"give series_resistance in \[roles\.lock_in\]"):
        bench.lock_in.set_amplitude(0.1)
