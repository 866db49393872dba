"""The simulated 7265 by itself: its words, what it refuses, its filter, and its overload byte."""

import math

import pytest

from mtjlab.instruments import LockInSettings, WiringSettings
from mtjlab.instruments.simulated.bar.simulated_bar import SimulatedBar
from mtjlab.instruments.simulated.bar_wiring import BarWiring, Sine
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_sr7265 import SimulatedSR7265

R0 = BarParameters().resistance
PEAK = 0.5e-3


@pytest.fixture
def table():
    return BarWiring(SimulatedBar(BarParameters(), seed=1))


def lock_in_on(table, **settings):
    role = LockInSettings(driver="sr7265", **settings)
    return SimulatedSR7265(InstrumentContext(table, "lock_in", role, WiringSettings(), seed=1))


@pytest.fixture
def lock_in(table):
    made = lock_in_on(table)
    for message in ("IE 1", "SEN 27", "TC 11", "SLOPE 3"):
        assert made.handle(message) is None
    assert made.handle("ST") == b"1"
    return made


@pytest.mark.parametrize(
    ("message", "question", "answer"),
    [
        ("TC 7", "TC", b"7"),
        ("SEN 18", "SEN.", b"1.0E-03"),
        ("REFN 2", "REFN", b"2"),
        ("REFP. 90.5", "REFP.", b"90.5"),
        ("SLOPE 1", "SLOPE", b"1"),
        ("oa. 0.1254", "oa.", b"0.125"),
        ("VMODE 3", "VMODE", b"3"),
        ("AUTOMATIC 1", "AUTOMATIC", b"1"),
    ],
)
def test_a_word_with_a_number_sets_and_alone_it_asks(lock_in, message, question, answer):
    assert lock_in.handle(message) is None
    assert lock_in.handle(question) == answer


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("*IDN?", b"3"),
        ("*ESR?", b"3"),
        ("FREQ 100", b"3"),
        ("ID 3", b"3"),
        ("TC 29", b"5"),
        ("TC 1.5", b"5"),
        ("SEN 0", b"5"),
        ("REFN 70000", b"5"),
        ("OA. 5.1", b"5"),
        ("OA. one", b"5"),
        ("OA. 1 2", b"5"),
    ],
)
def test_what_it_refuses_is_not_answered_and_in_its_status_once(lock_in, message, status):
    assert lock_in.handle(message) is None
    assert lock_in.handle("ST") == status
    assert lock_in.handle("ST") == b"1"


def test_short_time_constants_have_two_poles_at_most(lock_in):
    lock_in.handle("SLOPE 1")
    lock_in.handle("TC 3")
    lock_in.handle("SLOPE 3")
    assert lock_in.handle("ST") == b"5"
    assert lock_in.handle("SLOPE") == b"1"


def test_a_harmonic_beyond_250_khz_is_refused(table, lock_in):
    lock_in.handle("IE 0")
    lock_in.handle("OF. 10000")
    lock_in.handle("REFN 25")
    assert lock_in.handle("ST") == b"1"
    lock_in.handle("REFN 26")
    assert lock_in.handle("ST") == b"5"


def test_it_follows_the_marker_at_its_reference_input(table, lock_in):
    assert lock_in.handle("FRQ.") == b"0.000000E+00"
    assert int(lock_in.handle("N")) & 128
    table.sine = Sine(PEAK, 137.0, "marker")
    assert float(lock_in.handle("FRQ.")) == 137.0
    assert not int(lock_in.handle("N")) & 128


def test_four_poles_are_followed(table, lock_in):
    """After x time constants the rest is exp(-x)(1 + x + x²/2 + x³/6)."""
    table.sine = Sine(PEAK, 137.0, "marker")
    lock_in.handle("XY.")
    table.clock.wait(0.4)
    left = math.exp(-4) * (1 + 4 + 8 + 64 / 6)
    found = float(lock_in.handle("XY.").split(b",")[0])
    assert found == pytest.approx((1 - left) * R0 * PEAK / math.sqrt(2), rel=0.01)


def test_a_settled_reading_is_the_resistance_and_the_phase_turns_it(table, lock_in):
    table.sine = Sine(PEAK, 137.0, "marker")
    lock_in.handle("XY.")
    table.clock.wait(3.0)
    x, y = map(float, lock_in.handle("XY.").split(b","))
    assert x == pytest.approx(R0 * PEAK / math.sqrt(2), rel=5e-3)
    assert abs(y) < 1e-3 * x
    lock_in.handle("REFP. 90")
    table.clock.wait(3.0)
    x, y = map(float, lock_in.handle("XY.").split(b","))
    assert y == pytest.approx(-R0 * PEAK / math.sqrt(2), rel=5e-3)
    assert abs(x) < 1e-3 * abs(y)


def test_a_full_scale_that_is_too_small_is_overloaded(table, lock_in):
    table.sine = Sine(PEAK, 137.0, "marker")
    lock_in.handle("SEN 18")
    lock_in.handle("XY.")
    table.clock.wait(3.0)
    assert int(lock_in.handle("N")) == 16
    lock_in.handle("SEN 27")
    assert int(lock_in.handle("N")) == 0


def test_its_oscillator_drives_what_is_connected_through_a_resistor(table):
    lock_in = lock_in_on(table, series_resistance=10e3)
    lock_in.handle("IE 0")
    lock_in.handle("OF. 331")
    lock_in.handle("OA. 1")
    assert table.sine.frequency == 331.0
    assert table.sine.amplitude == pytest.approx(math.sqrt(2) / (10e3 + 50 + table.resistance))
    lock_in.handle("OA. 0")
    assert table.sine is None


def test_an_oscillator_that_is_not_connected_drives_nothing(table, lock_in):
    lock_in.handle("IE 0")
    lock_in.handle("OA. 1")
    assert table.sine is None
