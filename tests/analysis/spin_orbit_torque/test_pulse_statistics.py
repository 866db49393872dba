"""Pulses that switched or not, powers of the current, and Hall voltages of the torques."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.bar_contact import BarContact, BarContactState
from mtjlab.analysis.spin_orbit_torque.power_law import PowerLaw
from mtjlab.analysis.spin_orbit_torque.pulse_likelihood import HALF, climb, pulse_boundary
from mtjlab.analysis.spin_orbit_torque.switching_loop import SwitchingLoop, attempts_of, two_levels
from mtjlab.analysis.spin_orbit_torque.switching_phase_map import SwitchingPhaseMap
from mtjlab.analysis.spin_orbit_torque.thermal_switching import ThermalSwitching, barrier_left, switched_share
from mtjlab.analysis.spin_orbit_torque.unidirectional import reversal_contrasts, torque_hall
from mtjlab.core import FitError, InputError, Quantity

CURRENTS = np.linspace(1e-3, 2e-3, 21)
SIZES = np.array([1e-3, 2e-3, 4e-3])


def expected_share(currents, start=-12.0, slope=8e3):
    """Give P of ln(-ln(1 - P)) = start + slope I."""
    return -np.expm1(-np.exp(start + slope * np.asarray(currents)))


def test_the_likelihood_is_highest_where_shares_are_the_laws_own():
    """Counts that are what is expected: the score vanishes at the law itself."""
    design = np.stack([np.ones_like(CURRENTS), CURRENTS], axis=1)
    count = np.full(21, 1000.0)
    best, information = climb(design, np.zeros(21), 1000 * expected_share(CURRENTS), count)
    assert best == pytest.approx([-12.0, 8e3], rel=1e-6)
    assert np.linalg.eigvalsh(information).min() > 0
    moved, _ = climb(design, np.full(21, 3.0), 1000 * expected_share(CURRENTS), count)
    assert moved == pytest.approx([-15.0, 8e3], rel=1e-6)  # what is known is taken off


def test_the_information_grows_with_the_number_of_pulses():
    design = np.stack([np.ones_like(CURRENTS), CURRENTS / 2e-3], axis=1)
    share = expected_share(CURRENTS)
    few, many = (climb(design, np.zeros(21), n * share, np.full(21, n))[1] for n in (50.0, 5000.0))
    np.testing.assert_allclose(many, 100 * few, rtol=1e-5)


@pytest.mark.parametrize(("exponent", "share"), [(HALF, 0.5), (0.0, 1 - math.exp(-1))])
def test_the_boundary_is_where_the_law_has_the_share(exponent, share):
    found = pulse_boundary(CURRENTS, 400 * expected_share(CURRENTS), np.full(21, 400), exponent)
    assert expected_share(found.value) == pytest.approx(share, rel=1e-6)
    assert found.unit == "A"


def test_pulses_of_one_current_count_together():
    hits = np.round(40 * expected_share(CURRENTS))
    whole = pulse_boundary(CURRENTS, hits, np.full(21, 40))
    apart = pulse_boundary(np.tile(CURRENTS, 2), np.concatenate([hits - hits // 2, hits // 2]), np.full(42, 20))
    assert apart.value == pytest.approx(whole.value)
    assert apart.uncertainty == pytest.approx(whole.uncertainty)


def test_a_step_is_between_the_two_currents_beside_it():
    found = pulse_boundary([1e-3, 2e-3, 3e-3, 4e-3], [0, 0, 10, 10], [10] * 4)
    assert found.value == pytest.approx(2.5e-3)
    assert found.uncertainty == pytest.approx(1e-3 / math.sqrt(12))


@pytest.mark.parametrize("switched", [[0, 0, 0, 0], [10, 10, 10, 10], [0, 1, 1, 2]])
def test_currents_that_do_not_reach_the_share_have_no_boundary(switched):
    assert math.isnan(pulse_boundary([1e-3, 2e-3, 3e-3, 4e-3], switched, [10] * 4).value)


def test_a_map_without_a_boundary_is_refused():
    with pytest.raises(FitError, match=r"P\(switch\) does not pass one half at any field: widen the currents"):
        SwitchingPhaseMap.fit([1e-3, 2e-3, 3e-3], [0.0] * 3, [0, 0, 0], [10] * 3)
    with pytest.raises(InputError, match="2 currents, 3 fields, 3 counts: give as many of each"):
        SwitchingPhaseMap.fit([1e-3, 2e-3], [0.0] * 3, [0, 0, 0], [10] * 3)


def test_one_side_of_a_map_may_be_missing():
    found = SwitchingPhaseMap.fit([1e-3, 2e-3, 3e-3], [5e-3] * 3, [0, 0, 10], [10] * 3)
    assert found.fields.tolist() == [5e-3]
    assert found.positive[0].value == pytest.approx(2.5e-3)
    assert math.isnan(found.negative[0].value)


@pytest.mark.parametrize(("switched", "pulses"), [(0, 10), (10, 10), (3, 10), (500, 1000)])
def test_wilsons_ends_are_where_a_normal_test_has_its_limit(switched, pulses):
    """(p̂ - p)² = z² p (1 - p)/n at both ends."""
    found = switched_share(switched, pulses)
    for end in found.interval:
        left, right = (found.value - end) ** 2, 1.959964**2 * end * (1 - end) / pulses
        assert left == pytest.approx(right, rel=1e-5, abs=1e-12)
    other = switched_share(pulses - switched, pulses)
    assert other.interval == pytest.approx([1 - end for end in reversed(found.interval)])
    assert found.low >= -1e-12
    assert found.high <= 1 + 1e-12


def test_no_pulses_have_no_share():
    assert math.isnan(switched_share(0, 0).value)


def test_fields_along_the_easy_axis_lower_the_barrier_in_squares():
    left = barrier_left([0.0, 1e-3, 5e-3, 20e-3], 1.0, 0.01)
    assert left == pytest.approx([1.0, 0.81, 0.25, 0.0])
    assert barrier_left(0.0, 1.0, 0.01, field=0.01) == 0
    assert barrier_left(0.0, 1.0, 0.01, field=-0.01) == pytest.approx(4.0)
    assert barrier_left(np.zeros((2, 3)), 1.0, 0.01).shape == (2, 3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"widths": np.full(20, 1e-6)}, "21 currents, 20 widths, 21 outcomes: give as many of each"),
        ({"widths": np.zeros(21)}, "widths and temperatures: expected values above 0"),
        ({"temperatures": np.zeros(21)}, "widths and temperatures: expected values above 0"),
    ],
)
def test_pulses_without_width_or_temperature_are_refused(words, message):
    given = {"currents": CURRENTS, "widths": np.full(21, 1e-6), "switched": CURRENTS > 1.5e-3}
    with pytest.raises(InputError, match=message):
        ThermalSwitching.fit(**given | words)


def law(currents, widths, stability=40.0, threshold=2.2e-3):
    return -np.expm1(-(widths / 1e-9) * np.exp(-stability * (1 - currents / threshold)))


def test_the_law_is_found_from_its_own_shares():
    currents, widths = np.tile(np.linspace(1e-3, 2e-3, 21), 2), np.repeat([1e-6, 1e-4], 21)
    hits, pulses = 1000 * law(currents, widths), np.full(42, 1000)
    found = ThermalSwitching.fit(currents, widths, hits, pulses=pulses)
    assert found.stability.value == pytest.approx(40, rel=1e-6)
    assert found.critical_current.value == pytest.approx(2.2e-3, rel=1e-6)
    # A longer attempt time is a lower barrier by the logarithm of it, and a lower threshold.
    slow = ThermalSwitching.fit(currents, widths, hits, pulses=pulses, attempt_time=1e-8)
    assert slow.stability.value == pytest.approx(40 - math.log(10), rel=1e-6)
    assert slow.current(1e-5) == pytest.approx(float(found.current(1e-5)), rel=1e-6)
    # Twice the temperature throughout is half the barrier, as it would be at the reference.
    hot = ThermalSwitching.fit(currents, widths, hits, np.full(42, 600.0), pulses=pulses)
    assert hot.stability.value == pytest.approx(80, rel=1e-6)


def test_a_power_without_noise_is_found_to_the_grid():
    law_of_three = PowerLaw.fit(SIZES, -2e-4 * (SIZES / 2e-3) ** 3, np.full(3, 1e-7))
    assert law_of_three.exponent.value == pytest.approx(3, abs=0.005)
    assert law_of_three.reference == pytest.approx(2e-3)
    assert law_of_three.factor.value == pytest.approx(-2e-4, rel=1e-3)
    np.testing.assert_allclose(law_of_three.curve(SIZES), -2e-4 * (SIZES / 2e-3) ** 3, rtol=0.01)
    scaled = PowerLaw.fit(1e3 * SIZES, 2e-4 * (SIZES / 2e-3) ** 3, np.full(3, 1e-7))
    assert scaled.exponent == law_of_three.exponent  # neither the unit nor the sign matters


@pytest.mark.parametrize(
    ("currents", "errors", "error", "message"),
    [
        ([0.0, 1e-3, 2e-3], [1e-6] * 3, InputError, "currents and errors: expected sizes above 0"),
        (SIZES, [1e-6, 0.0, 1e-6], InputError, "currents and errors: expected sizes above 0"),
        (SIZES[:2], [1e-6] * 2, FitError, "2 currents: give three or more that differ"),
        ([1e-3] * 3, [1e-6] * 3, FitError, "3 currents: give three or more that differ"),
    ],
)
def test_a_power_takes_three_sizes_that_differ(currents, errors, error, message):
    with pytest.raises(error, match=message):
        PowerLaw.fit(currents, np.full(len(currents), 1e-3), errors)


def test_both_hall_effects_of_the_torques_add():
    found = torque_hall(Quantity(2.0, 0.1, "Ω"), Quantity(0.5, 0.0, "1/A"), Quantity(0.3), Quantity(10.0, 1.0, "1/A"))
    assert found.value == pytest.approx(2.0 * 0.5 + 0.3 * 10.0)
    assert found.uncertainty == pytest.approx(math.hypot(0.1 * 0.5, 0.3 * 1.0))
    assert found.unit == "Ω/A"


def readings(even=500.0, odd=0.2, up_down=0.7, thermal=0.05, size=2e-3):
    sign, way = (each.ravel() for each in np.meshgrid([1.0, -1.0] * 2, [1.0, -1.0] * 2))
    return size * sign, way, even + odd * sign * way + up_down * way + thermal * sign


def test_only_what_is_odd_in_both_is_a_contrast():
    even, odd = reversal_contrasts(*readings())
    assert list(even) == list(odd) == [2e-3]
    assert even[2e-3].value == pytest.approx(500.0)
    assert odd[2e-3].value == pytest.approx(0.2)
    currents, ways, ohms = readings()
    assert reversal_contrasts(-currents, ways, ohms)[1][2e-3].value == pytest.approx(-0.2)
    assert reversal_contrasts(-currents, -ways, ohms)[1][2e-3].value == pytest.approx(0.2)


def test_currents_that_an_instrument_rounded_are_one_size():
    currents, ways, ohms = readings()
    rounded = currents * (1 + 1e-7 * np.arange(currents.size) / currents.size)
    assert len(reversal_contrasts(rounded, ways, ohms)[0]) == 1


def test_readings_that_are_not_as_many_are_refused():
    currents, ways, ohms = readings()
    with pytest.raises(InputError, match="16 currents, 15 directions, 16 readings: give as many of each"):
        reversal_contrasts(currents, ways[1:], ohms)
    with pytest.raises(FitError, match=r"5 readings at 0\.002 A: give at least 6"):
        reversal_contrasts(currents[:5], ways[:5], ohms[:5])


def test_attempts_are_pulses_towards_the_other_state():
    currents = np.array([[0.0, 1.0, 2.0, 1.0, -1.0, -2.0, 0.0]])
    signals = np.array([[-1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0]])
    tried = attempts_of(currents, signals, 0.0, upwards=True)
    assert tried.currents.tolist() == [1.0, 2.0, 1.0, 2.0]
    assert tried.signs.tolist() == [1.0, 1.0, -1.0, -1.0]
    assert tried.switched.tolist() == [False, True, False, True]
    turned = attempts_of(currents, -signals, 0.0, upwards=False)
    assert turned.switched.tolist() == tried.switched.tolist()


def test_a_loop_has_the_currents_between_which_it_switches():
    ramp = np.array([0, 1, 2, 3, 4, 3, 2, 1, 0, -1, -2, -3, -4, -3, -2, -1, 0], float)
    signal = np.where(np.arange(17) < 3, -1.0, np.where(np.arange(17) < 12, 1.0, -1.0))
    found = SwitchingLoop.analyse(ramp[None], signal[None])
    # One signal for each pulse: the reading turned at +3 A and at -4 A.
    assert (found.positive.value, found.negative.value) == (2.5, -3.5)
    assert (found.critical.value, found.offset.value) == (3.0, -0.5)
    assert found.positive.uncertainty == pytest.approx(1 / math.sqrt(12))
    assert found.contrast == math.inf
    scaled = SwitchingLoop.analyse(1e-3 * ramp[None], 5 - 0.1 * signal[None])
    assert (scaled.critical.value, scaled.threshold) == pytest.approx((3e-3, 5.0))
    assert not scaled.upwards


@pytest.mark.parametrize("shape", [(9,), (2, 7)])
def test_a_loop_of_another_shape_is_refused(shape):
    with pytest.raises(InputError, match=r"give both as \(loops, at least 8 points\)"):
        SwitchingLoop.analyse(np.ones(shape), np.ones(shape))


@pytest.mark.parametrize(
    ("signals", "message"),
    [
        ([1.0, 0.0] * 2, "4 probes do not tell two states apart: take 6 or more"),
        ([1.0, 0.0, 1.0, 0.0, 1.0, math.nan], "some probes are no numbers"),
        ([2.0] * 8, "does not tell two states apart .contrast 0,"),
    ],
)
def test_levels_that_are_not_two_are_refused(signals, message):
    with pytest.raises(FitError, match=message):
        two_levels(signals)


def test_two_levels_follow_offset_and_scale():
    read = np.random.default_rng(1).normal(0, 0.01, 60) + np.repeat([-1.0, 1.0], 30)
    threshold, contrast = two_levels(read)
    moved, same = two_levels(7.0 - 3.0 * read)
    assert moved == pytest.approx(7.0 - 3.0 * threshold)
    assert same == pytest.approx(contrast)
    assert contrast == pytest.approx(2 / 0.01, rel=0.4)


def test_a_bad_contact_is_one_that_jumps():
    currents = np.array([1e-4, -1e-4] * 4)
    jumps = 1e-2 * np.array([1.0, -1.0, -1.0, 1.0] * 2)
    judged = BarContact.judge(currents, 500.0 * currents + jumps, 500.0)
    assert judged.state is BarContactState.BAD
    assert "readings that jump" in judged.diagnosis


def test_a_thermal_voltage_is_no_resistance():
    currents = np.array([1e-4, -1e-4] * 3)
    judged = BarContact.judge(currents, 500.0 * currents + 3e-3, 500.0)
    assert judged.resistance.value == pytest.approx(500.0)
    assert judged.offset.value == pytest.approx(3e-3)
    assert judged.state is BarContactState.BAR


@pytest.mark.parametrize("currents", [[1e-4, -1e-4, 1e-4], [1e-4] * 6, [-1e-4] * 6])
def test_contacts_are_judged_by_both_signs(currents):
    with pytest.raises(FitError, match=f"{len(currents)} readings: give at least four, at currents of both signs"):
        BarContact.judge(currents, np.zeros(len(currents)), 500.0)
