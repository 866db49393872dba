"""What the interlock says of currents: amperes, density, volts, widths and duty cycle, with nothing opened."""

import math
from fractions import Fraction

import numpy as np
import pytest

from mtjlab.core import InputError
from mtjlab.instruments import BenchFile, LimitError, open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.current_check import largest_current
from mtjlab.instruments.safety.interlock import Interlock
from mtjlab.testing import bench_from_text, open_recorded_bench

TEXT = BenchFile.load("simulated-bar").text


def currents(**changes):
    """Give the check of the bench with a bar, some limits changed."""
    interlock = Interlock(bench_from_text(TEXT))
    interlock.limits = interlock.limits.model_copy(update=changes)
    return interlock.currents


def test_the_cross_section_makes_a_current_of_a_density():
    device = bench_from_text(TEXT).device
    assert device.cross_section == pytest.approx(3e-14)
    assert largest_current(device, 1e11) == pytest.approx(3e-3)
    assert largest_current(device, None) == math.inf
    assert largest_current(device.model_copy(update={"width": None}), 1e11) == math.inf


@pytest.mark.parametrize("current", [8e-3, -8e-3, np.float32(1e-3), Fraction(1, 1000), 0])
def test_what_the_limits_allow_is_sent_as_a_plain_number(current):
    sent, compliance = currents().steady(current, 15)
    assert type(sent) is float
    assert (sent, compliance) == (pytest.approx(float(current), rel=1e-6), 15.0)


@pytest.mark.parametrize("current", [math.nan, math.inf, -math.inf, 8.1e-3, 10**400])
def test_what_they_do_not_allow_is_refused(current):
    with pytest.raises(LimitError, match=r"current = .* A is refused: the bench allows -0\.008 to 0\.008 A"):
        currents().steady(current, 12.0)


@pytest.mark.parametrize("current", ["1e-3", None, np.array([1e-3]), True])
def test_what_is_no_number_is_no_current(current):
    with pytest.raises(InputError, match="is not a number"):
        currents().steady(current, 12.0)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_current_at_the_density_s_limit_is_rounded_inwards(sign):
    check = currents(current_density=1.0000001e11)
    # The limit is at 3.0000003 mA, six digits of it are 3.00000 mA; 3.0000002 mA is within and is sent as 3 mA.
    assert check.amperes(sign * 3.0000002e-3) == sign * 3e-3
    check = currents(current_density=9.9999996e10)
    assert abs(check.amperes(sign * 2.99999985e-3)) <= 9.9999996e10 * 3e-14  # the nearest six digits would be beyond


def test_the_refusal_by_density_has_the_parts_of_a_limit():
    with pytest.raises(LimitError) as caught:
        currents(current_density=1e11).pulse(-4e-3, 1e-3, 12.0)
    error = caught.value
    assert (error.quantity, error.unit) == ("current density", "A/m²")
    assert (error.value, error.low, error.high) == pytest.approx((-4e-3 / 3e-14, -1e11, 1e11))
    assert "change [limits] current_density or the device's width and thickness" in str(error)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((1e-3, 20e-3, 12.0), r"current pulse width = 0\.02 s is refused: the bench allows 0 to 0\.01 s"),
        ((1e-3, -1e-3, 12.0), r"current pulse width = -0\.001 s is refused"),
        ((1e-3, 1e-3, 16.0), r"compliance voltage = 16 V is refused: the bench allows 0 to 15 V"),
    ],
)
def test_a_pulse_has_a_width_and_a_voltage_too(arguments, match):
    with pytest.raises(LimitError, match=match):
        currents().pulse(*arguments)


@pytest.mark.parametrize(("interval", "allowed"), [(0.01, True), (0.0100001, True), (0.0099, False), (0.5e-3, False)])
def test_a_train_keeps_the_duty_cycle_to_the_digits_of_a_command(interval, allowed):
    check = currents()
    if allowed:
        assert check.train(1e-3, 1e-3, interval, 12.0)[2] == pytest.approx(interval, rel=1e-5)
    else:
        with pytest.raises(LimitError, match=r"(duty cycle|interval) of the"):
            check.train(1e-3, 1e-3, interval, 12.0)


def test_single_pulses_wait_for_the_duty_cycle():
    assert currents().pause(2e-3) == pytest.approx(0.02)
    assert currents(current_duty_cycle=0.5).pause(2e-3) == pytest.approx(4e-3)


def test_an_oscillator_s_peak_counts_through_its_resistor_and_the_bar():
    text = TEXT.replace('contacts = "longitudinal"', 'contacts = "longitudinal"\nseries_resistance = 10e3')
    interlock = Interlock(bench_from_text(text))
    check = interlock.currents
    assert check.oscillator_resistance("lock_in") == pytest.approx(11.3e3)
    assert check.oscillator("lock_in", -2.0) == 2.0  # an amplitude has no sign
    interlock.limits = interlock.limits.model_copy(update={"current": 1e-4})
    largest = 1e-4 * 11.3e3 / math.sqrt(2)
    assert check.oscillator("lock_in", largest * 0.999) > 0
    with pytest.raises(LimitError, match=r"current = 0\.0001001 A is refused"):
        check.oscillator("lock_in", largest * 1.001)
    interlock.limits = interlock.limits.model_copy(update={"current": 1.0, "current_density": 1e9})
    with pytest.raises(LimitError, match="current density"):
        check.oscillator("lock_in", 1.0)


def test_an_oscillator_that_drives_nothing_may_be_at_zero_only():
    check = currents()
    assert check.oscillator_resistance("lock_in") == math.inf
    assert check.oscillator("lock_in", 0.0) == 0.0
    with pytest.raises(InputError, match="is not connected to the device"):
        check.oscillator("lock_in", 0.01)


def test_a_bench_without_a_source_of_current_says_what_to_add():
    line = Interlock(BenchFile.load("simulated-line"))
    with pytest.raises(InstrumentError, match=r"no current source on this bench: add \[roles\.current_source\]"):
        line.currents.steady(1e-3, 1.0)
    # A source-meter can source current, and this bench states no limit of it: none is allowed.
    with pytest.raises(LimitError, match=r"current = 0\.001 A is refused: the bench allows 0 to 0 A"):
        Interlock(BenchFile.load("simulated-loops")).currents.steady(1e-3, 1.0)


def test_a_driver_of_others_without_the_new_members_opens_and_says_what_it_lacks():
    with open_bench("simulated-bar", seed=1) as bench:
        guard = type(bench.current_source)
        assert {"start_sine", "set_linked_meter", "measure_delta", "measure_pulse_delta"} == guard.optional
    recorded = open_recorded_bench("simulated-bar")

    class Plain:
        """A current source as it was before there were sines and delta modes."""

        def set_current(self, current, compliance):
            self.current = current

        def settings(self):
            return {"output": "False"}

        identify = errors = recover = close = switch_on = switch_off = set_limit = send_pulse = settings

    plain = guard("current_source", Plain(), recorded.interlock, recorded.stress, recorded.make_safe)
    plain.set_current(1e-3, 1.0)
    for method, arguments in (("start_sine", (1e-3, 137.0, 1.0)), ("measure_delta", (1e-3, 2, 0.0, 1.0))):
        with pytest.raises(InstrumentError, match=f"current_source: Plain has no {method}; give the role a driver"):
            getattr(plain, method)(*arguments)
    assert not recorded.interlock.on
