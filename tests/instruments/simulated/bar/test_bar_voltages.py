"""Resistances, heat and noise of a bar."""

import math

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarParameters, SimulatedBar
from mtjlab.instruments.simulated.bar.bar_noise import BarNoiseSource
from mtjlab.instruments.simulated.bar.bar_voltages import noiseless_voltages, resistance_at, temperature_rise

X, Y, Z = np.eye(3)


def test_two_films_share_the_current():
    """4 nm of 200 µΩ·cm beside 2 nm of 170 µΩ·cm: 500 Ω and 850 Ω a square, four squares."""
    bar = BarParameters()
    assert bar.resistance == pytest.approx(4 * 500 * 850 / 1350)
    assert bar.metal_share == pytest.approx(850 / 1350)
    assert bar.current_density(1e-3) == pytest.approx(1e-3 * bar.metal_share / (5e-6 * 4e-9))


def test_the_oersted_field_is_that_of_a_wide_sheet():
    bar = BarParameters()
    assert abs(bar.oersted_per_current) == pytest.approx(4e-7 * math.pi * bar.metal_share / (2 * 5e-6), rel=1e-6)


def test_the_onset_is_the_textbooks():
    """(2e/ħ)·Ms·t·α·(Bk + Beff/2)/ξ: 1e6 A/m, 2 nm, 0.02, 0.21 T, 0.36."""
    expected = 2 * 1.602176634e-19 / 1.054571817e-34 * 1e6 * 2e-9 * 0.02 * (0.01 + 0.2) / 0.36
    assert BarParameters().onset_density == pytest.approx(expected)
    assert BarParameters(torque={"damping_like": 0.0}).onset_density == math.inf


def test_the_resistance_of_each_direction_of_m():
    bar = BarParameters(nernst={"coefficient": 0.0})
    current = 1e-6  # so small that the UMR is below a part in a million
    along = [noiseless_voltages(bar, m, current, 300.0).longitudinal / current for m in (X, Y, Z)]
    films = bar.films
    assert along[0] / along[2] - 1 == pytest.approx(films.amr, rel=1e-2)
    assert along[1] / along[2] - 1 == pytest.approx(-films.smr / (1 + films.smr), rel=1e-2)


def test_the_hall_voltages_of_each_direction_of_m():
    bar = BarParameters(nernst={"coefficient": 0.0})
    across = [noiseless_voltages(bar, m, 1e-3, 300.0).transverse / 1e-3 for m in (X, Y, Z, (X + Y) / math.sqrt(2))]
    planar = bar.resistance * bar.width / bar.length * (bar.films.amr + bar.films.smr) / 2
    assert across == pytest.approx([0.0, 0.0, bar.films.anomalous_hall, planar], abs=1e-12)


def test_two_wires_see_the_contacts():
    bar = BarParameters(contacts={"contact_resistance": 35.0})
    voltages = noiseless_voltages(bar, Y, 1e-3, 300.0)
    assert voltages.two_wire - voltages.longitudinal == pytest.approx(70e-3)


@pytest.mark.parametrize("coefficient", [-2e-4, 0.0, 1.5e-3])
def test_the_rise_of_the_temperature_agrees_with_its_own_resistance(coefficient):
    """ΔT = Rth·I²·R(T + ΔT)."""
    bar = BarParameters(films={"temperature_coefficient": coefficient})
    rise = temperature_rise(bar, 3e-3, 290.0)
    assert rise == pytest.approx(700.0 * 9e-6 * resistance_at(bar, 290.0 + rise))


def test_the_resistance_follows_the_stage():
    bar = SimulatedBar(BarParameters(), seed=1)
    bar.set_temperature(200.0)
    assert bar.resistance() == pytest.approx(bar.parameters.resistance * (1 + 2e-4 * 100))


def test_heat_comes_and_goes_with_its_time_constant():
    bar = SimulatedBar(BarParameters(), seed=1)
    current, constant = 1.2e-3, bar.parameters.heating.time_constant
    steady = temperature_rise(bar.parameters, current, 300.0)
    bar.settle(0.3 * current, 1.0)
    bar.settle(current, 100 * constant)
    assert bar.temperature - 300 == pytest.approx(steady)
    bar.advance(constant)
    assert bar.temperature - 300 == pytest.approx(steady / math.e)


def test_the_noise_of_the_resistance_goes_as_one_over_f():
    """Its variance over windows one after the other does not fall as their length, as white noise's would."""
    bar = BarParameters(noise={"hooge_parameter": 1e-24})
    spreads = [np.std(BarNoiseSource(bar, np.random.default_rng(1)).slow(400, window)) for window in (1e-3, 1e-1)]
    volume = 20e-6 * 5e-6 * 6e-9
    decade = math.sqrt(1e-24 / volume * math.log(10))  # what a decade of frequencies adds
    assert spreads[0] > decade
    assert spreads[1] > spreads[0] / 2


def test_johnson_noise_of_each_pair_of_contacts():
    bar = BarParameters()
    noise = BarNoiseSource(bar, np.random.default_rng(2)).white(20_000, 1e-3, 300.0)
    density = 2 * 1.380649e-23 * 300.0 / 1e-3
    ohms = {
        "longitudinal": bar.resistance,
        "transverse": bar.resistance / 4,
        "two_wire": bar.resistance + 2 * bar.contacts.contact_resistance,
    }
    for name, resistance in ohms.items():
        assert np.std(getattr(noise, name)) == pytest.approx(math.sqrt(density * resistance), rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda bar: bar.set_field((0.0, math.nan, 0.0)), "three finite numbers"),
        (lambda bar: bar.set_temperature(0.0), "give a positive one"),
        (lambda bar: bar.advance(-1.0), "give one from 0 on"),
        (lambda bar: bar.pulse(math.inf, 1e-6), "not finite"),
        (lambda bar: bar.voltages(1e-3, 0.0), "give a positive one"),
        (lambda bar: bar.voltages_many([1e-3, math.nan], 0.1), "not finite"),
        (lambda bar: bar.harmonics(1e-3, 0.0, 1.0), "the last two positive"),
    ],
)
def test_what_is_not_possible_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(SimulatedBar(BarParameters(), seed=1))


def test_no_readings_are_no_voltages():
    assert [each.size for each in SimulatedBar(BarParameters(), seed=1).voltages_many([], 0.1)] == [0, 0, 0]


def test_coils_at_an_angle_to_the_bar_are_a_field_at_an_angle():
    """2 degrees: a field of the coil along y turns m 2 degrees from the bar's y, once it is strong."""
    tilted = BarParameters(easy_axis_tilt=0.0, contacts={"field_tilt": math.radians(2)})
    bar = SimulatedBar(tilted, seed=1)
    bar.set_field((0.0, 10.0, 0.0))
    assert math.degrees(math.atan2(-bar.m[0], bar.m[1])) == pytest.approx(2, abs=0.01)
