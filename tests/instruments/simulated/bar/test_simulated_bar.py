"""The bar as a whole: what field, current, heat and time do to it, and what its readings say."""

import math

import numpy as np
import pytest

from mtjlab.instruments.simulated import (
    BarParameters,
    BarVoltages,
    Harmonics,
    SimulatedBar,
    draw_bars,
    load_bar,
    load_device,
    load_device_file,
)

FIELD = 0.2  # T: the magnetisation follows it


def quiet(**changes):
    """Give a bar without tilt, heat, Nernst effect and noise of its resistance."""
    still = {"heating": {"thermal_resistance": 0.0}, "nernst": {"coefficient": 0.0}, "noise": {"hooge_parameter": 0.0}}
    return BarParameters.model_validate({"easy_axis_tilt": 0.0} | still | changes)


def ohms(bar, current, time=100.0):
    return bar.voltages(current, time).longitudinal / current


def test_a_file_of_another_kind_is_told(tmp_path):
    assert load_device_file("w-cofeb-x").easy_axis == "x"
    assert load_device_file("reference").kind == "vcma-mtj"
    with pytest.raises(ValueError, match="junction"):
        load_bar("reference")
    with pytest.raises(ValueError, match="a bar"):
        load_device("w-cofeb")
    (tmp_path / "wire.toml").write_text('kind = "wire"\n')
    with pytest.raises(ValueError, match=r"wire.toml, line 1: kind: 'wire' .*'vcma-mtj'.*'bar'"):
        load_device_file(tmp_path / "wire.toml")


def test_the_shipped_bar_is_the_default_one():
    assert load_bar("w-cofeb") == BarParameters()


def test_the_resistance_goes_as_the_cosine_of_the_angle_squared():
    bar = SimulatedBar(quiet(), seed=1)
    whole, sum_of_both = bar.parameters.resistance, bar.parameters.films.amr + bar.parameters.films.smr
    for angle in np.radians([0, 30, 45, 90, 200]):
        bar.set_field((10 * math.cos(angle), 10 * math.sin(angle), 0.0))
        voltages = bar.voltages(1e-4, 100.0)
        assert voltages.longitudinal / 1e-4 == pytest.approx(whole * (1 + sum_of_both * math.cos(angle) ** 2), rel=1e-5)
        planar = whole / 4 * sum_of_both * math.sin(angle) * math.cos(angle)
        assert voltages.transverse / 1e-4 == pytest.approx(planar, abs=2e-3)


@pytest.mark.parametrize(("density", "power"), [(1e9, 1), (1e10, 3), (1e11, 0)])
def test_the_shipped_file_has_the_published_regimes_of_umr(density, power):
    """In proportion to J at 1e9 A/m², to J³ at 1e10, and 0.36 % at 1e11 (arXiv:2107.07780)."""
    bar = load_bar("w-cofeb")
    low, high = bar.umr_ratio(np.array([0.99, 1.01]) * density)
    assert math.log(high / low) / math.log(1.01 / 0.99) == pytest.approx(power, abs=0.35)
    assert bar.umr_ratio(1e11) == pytest.approx(0.0036, rel=0.01)


def test_umr_is_odd_in_current_and_in_m_and_is_what_the_file_says():
    bar = SimulatedBar(quiet(), seed=1)
    current = 5e10 / bar.parameters.current_density(1.0)
    found = []
    for field in (FIELD, -FIELD):
        bar.set_field((0.0, field, 0.0))
        found.append(ohms(bar, current) - ohms(bar, -current))
    assert found[0] == pytest.approx(bar.parameters.resistance * float(bar.parameters.umr_ratio(5e10)), rel=1e-3)
    assert found[1] == pytest.approx(-found[0], rel=1e-3)


def test_without_current_there_is_johnson_noise_alone():
    bar = SimulatedBar(BarParameters(), seed=1)
    readings = bar.voltages_many(np.zeros(4000), 0.01)
    expected = math.sqrt(2 * 1.380649e-23 * 300 * bar.parameters.resistance / 0.01)
    assert np.std(readings.longitudinal) == pytest.approx(expected, rel=0.05)
    assert abs(np.mean(readings.longitudinal)) < 4 * expected / math.sqrt(4000)


def test_the_nernst_voltage_across_the_bar_tells_the_one_along_it():
    """At m along x across, times length over width, is what it adds at m along y along the bar; both are odd in I."""
    hot = {"nernst": {"coefficient": 3e-6}, "umr": {"saturation": 0.0}}
    bar = SimulatedBar(quiet(**hot, films={"anomalous_hall": 0.0, "amr": 0.0, "smr": 0.0}), seed=1)
    current, box = 3e-3, bar.parameters.length / bar.parameters.width
    bar.set_field((FIELD, 0.0, 0.0))
    across = bar.voltages(current, 100.0).transverse + bar.voltages(-current, 100.0).transverse
    bar.set_field((0.0, FIELD, 0.0))
    along = bar.voltages(current, 100.0).longitudinal + bar.voltages(-current, 100.0).longitudinal
    assert along > 1e-4
    assert -across * box == pytest.approx(along, rel=2e-2)


def test_the_damping_like_field_tilts_m_along_x_out_of_the_plane():
    """Its anomalous Hall voltage has the Nernst effect's symmetry, and falls with the field: I·R_AHE·b/(Beff + B)."""
    films = {"amr": 0.0, "smr": 0.0}  # whose planar Hall voltage the field-like field tilts m into, in the same way
    bar, current = SimulatedBar(quiet(films=films), seed=1), 2e-3
    for field in (0.2, 2.0):
        bar.set_field((field, 0.0, 0.0))
        across = bar.voltages(current, 100.0).transverse + bar.voltages(-current, 100.0).transverse
        tilt = bar.parameters.push_per_current * current / (0.4 + field)
        assert across == pytest.approx(2 * current * bar.parameters.films.anomalous_hall * tilt, rel=0.06)


def test_heat_is_even_in_the_current_and_is_that_of_the_thermal_resistance():
    bar = SimulatedBar(quiet(heating={"thermal_resistance": 700.0}, umr={"saturation": 0.0}), seed=1)
    bar.set_field((0.0, FIELD, 0.0))
    cold, hot, back = (ohms(bar, current) for current in (1e-5, 2e-3, -2e-3))
    assert hot == pytest.approx(back, rel=1e-6)
    rise = (hot / cold - 1) / bar.parameters.films.temperature_coefficient
    assert rise == pytest.approx(700.0 * 2e-3**2 * hot, rel=1e-2)
    assert bar.temperature == pytest.approx(300.0 + rise, rel=1e-3)
    bar.advance(1e-6)
    assert bar.temperature == pytest.approx(300.0)


def test_the_loop_of_a_type_x_bar_in_hy_is_shifted_by_the_current():
    """R against Hy is highest where Hy + h·I is zero."""
    bar = SimulatedBar(quiet(easy_axis="x", torque={"field_like": -0.5}, umr={"saturation": 0.0}), seed=1)
    fields = np.linspace(-6e-3, 6e-3, 33)
    for current in (1e-3, -1e-3):
        readings = []
        for field in fields:
            bar.set_field((0.0, field, 0.0))
            readings.append(ohms(bar, current))
        top = np.polyfit(fields, readings, 2)
        assert -top[1] / (2 * top[0]) == pytest.approx(-bar.parameters.field_per_current * current, abs=2e-5)


def test_a_field_along_the_easy_axis_switches_at_less_than_the_anisotropy_field():
    """Heat over the barrier of the activation volume: Δ(1 - B/Bk)² = ln(t/τ0) within the spread of one kT."""
    bar = SimulatedBar(BarParameters(), seed=3)
    bar.set_field((0.0, -0.1, 0.0))
    for field in np.arange(0.0, 10e-3, 0.05e-3):
        bar.set_field((0.0, field, 0.0))
        bar.advance(1.0)
        if bar.m[1] > 0:
            break
    expected = 10e-3 * (1 - math.sqrt(math.log(1e9) / bar.parameters.thermal_stability))
    assert field == pytest.approx(expected, abs=0.5e-3)


def test_a_strong_current_leaves_an_uncanted_bar_of_type_x_to_chance():
    """It makes y the easy axis, and where the current ends the magnetisation lies on the saddle between both states."""
    bar = SimulatedBar(load_bar("sot-junction"), seed=1)
    states = []
    for _ in range(200):
        bar.pulse(0.45e-3, 200e-9)
        states.append(bar.m[0] > 0)
    assert np.mean(states) == pytest.approx(0.5, abs=0.15)
    assert np.mean(np.diff(states)) == pytest.approx(0.5, abs=0.15)


def test_a_canted_bar_of_type_x_follows_the_sign_of_the_current():
    bar = SimulatedBar(load_bar("w-cofeb-x"), seed=1)
    for sign in (1, -1, 1):
        bar.pulse(sign * 9e-3, 1e-6)
        assert np.sign(bar.m[0]) == sign


def test_a_field_out_of_the_plane_decides_for_a_type_x_bar_without_canting():
    """The torque makes of it a field along x, -b·Bz/Beff."""
    bar = SimulatedBar(BarParameters(easy_axis="x", easy_axis_tilt=0.0), seed=1)
    for field in (0.1, -0.1):
        bar.set_field((0.0, 0.0, field))
        for sign in (1, -1):
            bar.pulse(sign * 12e-3, 1e-6)
            assert np.sign(bar.m[0]) == -np.sign(sign * field)


def test_reversed_leads_are_seen():
    right = SimulatedBar(quiet(), seed=1)
    for name in ("current_polarity", "voltage_polarity"):
        turned = SimulatedBar(quiet(contacts={name: -1}), seed=1)
        assert turned.voltages(1e-3, 1.0).longitudinal < 0 < right.voltages(1e-3, 1.0).longitudinal
        assert turned.voltages(1e-3, 1.0).two_wire > 0


@pytest.mark.parametrize(("kind", "least", "most"), [("open", 1e11, 1e13), ("short", 0, 50)])
def test_a_broken_contact_is_no_resistance_of_a_bar(kind, least, most):
    bar = SimulatedBar(BarParameters(fault={"kind": kind}), seed=1)
    assert least < bar.voltages(1e-4, 0.1).two_wire / 1e-4 < most
    bar.pulse(5e-3, 1e-6)
    assert bar.temperature < 310


def test_second_harmonic_is_the_umr():
    """Below the cubic regime R = R0 + r·I·my, whose second harmonic is r·I²/(2√2) rms at the peak current I."""
    flat = {"saturation": 0.0036, "cubic_density": 1e14, "saturation_density": 1e12}
    bar = SimulatedBar(quiet(umr=flat, torque={"damping_like": 0.0, "field_like": 0.0}), seed=1)
    bar.set_field((0.0, FIELD, 0.0))
    peak = 1e-3
    found = bar.harmonics(peak, 133.0, 100.0)
    assert isinstance(found, Harmonics)
    assert isinstance(found.first, BarVoltages)
    half = float(bar.parameters.umr_ratio(bar.parameters.current_density(peak))) / 2
    assert found.second.longitudinal == pytest.approx(
        peak * bar.parameters.resistance * half / 2 / math.sqrt(2), rel=0.01
    )
    assert found.first.longitudinal == pytest.approx(peak * bar.parameters.resistance / math.sqrt(2), rel=1e-4)


def test_the_seed_decides_all():
    readings = [SimulatedBar(BarParameters(), seed=5).voltages_many([1e-3, 1e-3, -1e-3], 0.01) for _ in range(2)]
    assert np.array_equal(readings[0], readings[1])


def test_drawn_bars_differ_as_the_file_says():
    bars = draw_bars(BarParameters(), 200, seed=1)
    assert bars[:3] == draw_bars(BarParameters(), 3, seed=1)
    fields = np.array([bar.anisotropy_field for bar in bars])
    assert np.std(fields) / np.mean(fields) == pytest.approx(0.05, rel=0.2)
    assert bars[0].films.amr == BarParameters().films.amr
