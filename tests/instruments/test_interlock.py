"""The interlock refuses what is beyond a limit, says which, and refuses nothing inside."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.safety.interlock import Interlock
from mtjlab.instruments.safety.limits import LimitError

SIMULATED = BenchFile.load("simulated")


@pytest.fixture
def interlock() -> Interlock:
    return Interlock(SIMULATED)


def test_the_demos_operating_point_is_allowed(interlock):
    interlock.check_bias(0.05, 1e-5)
    interlock.check_pulse(1.25, 10e-9)
    interlock.check_train(1e-6)


def test_a_refusal_names_quantity_value_range_and_remedy(interlock):
    with pytest.raises(LimitError, match=r"pulse width = 2e-06 s is refused: the bench allows 0 to 1e-06 s; ask"):
        interlock.check_pulse(1.0, 2e-6)


@pytest.mark.parametrize(
    ("amplitude", "width", "what"),
    [
        (1.81, 10e-9, "pulse amplitude"),
        (-1.81, 10e-9, "pulse amplitude"),
        (1.0, 1.1e-6, "pulse width"),
        (1.7, 100e-9, "pulse energy"),
        (math.nan, 10e-9, "pulse amplitude"),
        (1.0, math.nan, "pulse width"),
    ],
)
def test_pulses_beyond_a_limit_are_refused(interlock, amplitude, width, what):
    with pytest.raises(LimitError, match=what):
        interlock.check_pulse(amplitude, width)


def test_the_energy_is_the_joule_heat_of_the_lowest_resistance(interlock):
    # 2 pJ at 50.9 kΩ and 1.5 V: U²t/R = 44.2 pW·s a nanosecond, so 45.2 ns.
    # The generator's 50 Ω take a thousandth of the voltage.
    longest = 2e-12 * 50.9e3 / (1.5 * (1 + 50 / 1e6) * 50.9e3 / 50.95e3) ** 2
    interlock.check_pulse(1.5, longest * 0.999)
    with pytest.raises(LimitError, match="pulse energy"):
        interlock.check_pulse(1.5, longest * 1.001)


def test_pulse_and_bias_add_up(interlock):
    interlock.check_bias(0.2, 1e-5)
    with pytest.raises(LimitError, match=r"with bias, = 1\.8"):
        interlock.check_pulse(1.65, 1e-9)
    interlock.check_bias(0.0, 1e-5)
    interlock.check_pulse(1.65, 1e-9)
    with pytest.raises(LimitError, match="with bias"):
        interlock.check_bias(0.2, 1e-5)


def test_a_generator_told_of_fifty_ohm_gives_an_open_end_twice_the_voltage():
    file = SIMULATED
    matched = file.model_copy(update={"wiring": file.wiring.model_copy(update={"load": 50.0})})
    with pytest.raises(LimitError, match=r"= 2 V"):
        Interlock(matched).check_pulse(1.0, 1e-9)


def test_bias_and_compliance_have_limits(interlock):
    with pytest.raises(LimitError, match=r"read bias = -0\.3 V .* -0\.2 to 0\.2 V"):
        interlock.check_bias(-0.3, 1e-5)
    with pytest.raises(LimitError, match="compliance"):
        interlock.check_bias(0.1, 1e-3)


def test_pulses_that_follow_each_other_too_soon_are_refused(interlock):
    # A read of 0.01 power line cycles takes 167 µs at 60 Hz, so 16.7 µs may be pulse with a settle time of zero.
    file = SIMULATED
    limits = file.limits.model_copy(update={"pulse_width": 1.0, "pulse_energy": 1.0})
    interlock = Interlock(file.model_copy(update={"limits": limits}))
    interlock.check_pulse(1.0, 18e-6)
    interlock.check_train(14e-6)
    with pytest.raises(LimitError, match=r"duty cycle = 0\.10"):
        interlock.check_train(13e-6)


@settings(deadline=None)
@given(
    amplitude=st.floats(-5, 5),
    width=st.floats(0, 1e-3),
    bias=st.floats(-1, 1),
    compliance=st.floats(0, 1),
)
def test_whatever_passes_is_inside_every_limit_and_nothing_inside_is_refused(amplitude, width, bias, compliance):
    file = SIMULATED
    limits, resistance = file.limits, file.device.resistance
    interlock = Interlock(file)
    bias_inside = abs(bias) <= limits.read_bias and compliance <= limits.compliance
    # A bias of the other sign takes something away from the pulse.
    device = abs(amplitude * (1 + 50 / file.wiring.load) + (bias if bias_inside else 0))
    inside = (
        device <= limits.pulse_amplitude
        and width <= limits.pulse_width
        and device**2 / resistance * width <= limits.pulse_energy
    )
    try:
        interlock.check_bias(bias, compliance)
        assert bias_inside
    except LimitError:
        assert not bias_inside
    try:
        interlock.check_pulse(amplitude, width)
        assert inside
    except LimitError:
        assert not inside
