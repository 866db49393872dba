"""The Signal Recovery 7265: what is put on the wire, its simulated twin on the bench of a bar, and the interlock."""

import math

import pytest
from pymeasure.test import expected_protocol

from mtjlab.core import InputError
from mtjlab.instruments import LockInSettings, open_bench
from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.drivers.sr7265 import SR7265LockIn
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures import HarmonicTurn, run
from mtjlab.testing import bench_from_text, changed_bench

NO_ERROR = (b"ST", b"1")
SET_UP = [
    (b"OA. 0", None),
    (b"IMODE 0", None),
    (b"VMODE 3", None),
    (b"FLOAT 1", None),
    (b"CP 0", None),
    (b"FET 1", None),
    (b"AUTOMATIC 1", None),
    (b"IE 1", None),
    (b"REFN 1", None),
    (b"REFP. 0", None),
    (b"TC 11", None),
    (b"SLOPE 3", None),
    NO_ERROR,
]


@pytest.fixture
def lock_in(wired):
    return wired(SR7265LockIn, LockInSettings(driver="sr7265"), WiringSettings())


@pytest.fixture(scope="module")
def bench():
    with open_bench(lock_in_file(), seed=1) as opened:
        yield opened


def lock_in_file(contacts='"longitudinal"'):
    file = changed_bench("simulated-bar", contacts=contacts)
    return bench_from_text(file.text.replace('driver = "sr830"', 'driver = "sr7265"'))


def test_steps_are_chosen_upwards_and_read_back(lock_in):
    bytes_ = [
        (b"IMODE", b"0"),
        (b"SEN 19", None),
        (b"SEN.", b"2.0E-03"),
        NO_ERROR,
        (b"TC 12", None),
        (b"TC", b"12"),
        NO_ERROR,
        (b"TC", b"12"),
        (b"XY.", b"1.5E-03,-2.0E-03"),
        (b"N", b"0"),
    ]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened:
        opened.set_sensitivity(1.2e-3)  # 2 mV
        opened.set_time_constant(0.15)  # 200 ms
        assert opened.settling_time() == pytest.approx(21.4 * 0.2)
        reading = opened.read()
        assert (reading.amplitude, reading.phase) == pytest.approx((2.5e-3, math.atan2(-2, 1.5)))


def test_the_oscillator_is_rounded_down_and_off_is_zero(lock_in):
    bytes_ = [
        (b"OA.", b"0.0E+00"),
        (b"OA. 0.125", None),
        (b"OA.", b"1.250E-01"),
        NO_ERROR,
        (b"OA. 0", None),
        (b"OA.", b"0.0E+00"),
    ]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened:
        opened.set_amplitude(0.1259)
        opened.switch_on()
        opened.switch_off()
        assert not opened.output_enabled()


def test_reference_and_harmonic_are_read_back(lock_in):
    bytes_ = [
        (b"IE 0", None),
        (b"OF. 331", None),
        (b"OF.", b"3.31000E+02"),
        NO_ERROR,
        (b"FRQ.", b"3.31000E+02"),
        (b"REFN 2", None),
        (b"REFN", b"1"),
    ]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened:
        opened.set_reference(331.0)
        assert opened.reference_frequency() == 331.0
        with pytest.raises(InstrumentError, match="harmonic 2 was asked for and the instrument took 1"):
            opened.set_harmonic(2)


def test_what_the_instrument_has_not_is_refused_before_anything_is_sent(lock_in):
    with expected_protocol(lock_in, SET_UP) as opened:
        for set_, value, match in (
            (opened.set_sensitivity, 2.0, "sensitivity = 2 V: the 7265 has 2e-09 to 1 V"),
            (opened.set_time_constant, 6e4, r"time constant = 60000 s: the 7265 has 0\.005 to 50000 s"),
            (opened.set_reference, 3e5, r"frequency = 300000 Hz: the 7265 gives 0\.001 to 250000 Hz"),
            (opened.set_amplitude, 6.0, r"amplitude = 6 V: the 7265 gives 0\.001 to 5 V"),
            (opened.set_harmonic, 70000, "harmonic = 70000: the 7265 takes 1 to 65535"),
        ):
            with pytest.raises(InputError, match=match):
                set_(value)


def test_an_error_in_its_status_byte_is_told(lock_in):
    bytes_ = [*SET_UP, (b"REFP. 90.000", None), (b"REFP.", b"90.0"), (b"ST", b"5")]
    with (
        expected_protocol(lock_in, bytes_) as opened,
        pytest.raises(InstrumentError, match="4, command parameter error"),
    ):
        opened.set_phase(math.pi / 2)


@pytest.mark.parametrize(
    ("status", "words"),
    [(b"64", "its input is overloaded"), (b"16", "its output is overloaded"), (b"128", "its reference is not locked")],
)
def test_an_overload_is_no_reading(lock_in, status, words):
    bytes_ = [(b"XY.", b"1,2"), (b"N", status)]
    with expected_protocol(lock_in, [*SET_UP, *bytes_]) as opened, pytest.raises(InstrumentError, match=words):
        opened.read()


def test_a_serial_line_is_refused():
    with pytest.raises(InputError, match="the 7265 echoes what it hears on a serial line; use GPIB"):
        SR7265LockIn(LockInSettings(driver="sr7265", resource="ASRL1::INSTR"), WiringSettings())


def test_both_lock_ins_read_the_same_bar(bench):
    lock_in, source = bench.lock_in, bench.current_source
    assert lock_in.identify() == "7265"
    lock_in.set_reference(None)
    lock_in.set_time_constant(0.1)
    lock_in.set_sensitivity(1.0)
    with pytest.raises(InstrumentError, match="its reference is not locked"):
        lock_in.read()
    source.start_sine(0.5e-3, 137.0, 12.0)
    bench.wait(lock_in.settling_time())
    assert lock_in.reference_frequency() == pytest.approx(137.0)
    resistance = bench.stand_in.wiring.bar.parameters.resistance
    assert lock_in.read().x == pytest.approx(resistance * 0.5e-3 / math.sqrt(2), rel=5e-3)
    lock_in.set_sensitivity(1e-3)
    with pytest.raises(InstrumentError, match="its output is overloaded"):
        lock_in.read()
    assert lock_in.settings()["filter_slope"] == 24
    assert lock_in.errors() == []


def test_a_harmonic_turn_runs_on_it(bench, tmp_path):
    results = run(HarmonicTurn(points=14), bench, tmp_path / "a.h5").results
    device = bench.stand_in.wiring.bar.parameters
    assert results["field per ampere"].value == pytest.approx(device.field_per_current, rel=0.1)


def test_its_oscillator_is_behind_the_interlock():
    with open_bench(lock_in_file('"longitudinal"\nseries_resistance = 10e3'), seed=1) as bench:
        lock_in = bench.lock_in
        lock_in.set_reference(331.0)
        lock_in.set_time_constant(0.05)
        lock_in.set_sensitivity(1.0)
        lock_in.set_amplitude(4.0)
        lock_in.switch_on()
        bench.wait(lock_in.settling_time())
        resistance = bench.stand_in.wiring.bar.parameters.resistance
        assert lock_in.read().x == pytest.approx(4.0 * resistance / (10e3 + 50 + 40 + resistance), rel=5e-3)
        bench.make_safe()
        assert bench.stand_in.wiring.sine is None
        bench.interlock.limits = bench.interlock.limits.model_copy(update={"current": 1e-4})
        with pytest.raises(LimitError, match=r"current = 0\.000\d+ A is refused"):
            lock_in.set_amplitude(1.0)


def test_what_it_does_not_know_is_in_its_status(bench):
    instrument = bench.stand_in.instruments["lock_in"]
    assert instrument.handle("*IDN?") is None
    assert instrument.handle("ST") == b"3"
    instrument.handle("TC 99")
    instrument.handle("OA. nonsense")
    assert instrument.handle("ST") == b"5"
    assert instrument.handle("ST") == b"1"
