"""Resistance against the angle of a field in the plane."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.angle_dependence import AngleDependence
from mtjlab.analysis.spin_orbit_torque.harmonic_angle import HarmonicAngle
from mtjlab.analysis.spin_orbit_torque.in_plane_angle import InPlaneAngle


def test_a_field_that_is_off_by_two_degrees_is_detected(make_bar):
    off = math.radians(2)
    fitted = AngleDependence.fit(*make_bar(1, per_ampere=0.0).turn(0.1, off), 0.1)
    assert fitted.is_misaligned
    assert fitted.misalignment.value == pytest.approx(off, abs=4 * fitted.misalignment.uncertainty)
    assert fitted.misalignment.uncertainty < math.radians(0.5)
    assert not AngleDependence.fit(*make_bar(1, per_ampere=0.0).turn(0.1), 0.1).is_misaligned


def test_intervals_hold_what_the_bar_has(make_bar):
    # The magnetisation lags behind the field: without it the amplitude would be off by 20 of its uncertainties.
    held = {"amplitude": 0, "unidirectional": 0, "misalignment": 0, "anisotropy_field": 0}
    truths = {"amplitude": 1.0, "unidirectional": 0.2, "misalignment": 0.1, "anisotropy_field": 0.03}
    for seed in range(40):
        bar = make_bar(seed, per_ampere=0.0)
        fitted = AngleDependence.fit(*bar.turn(0.1, 0.1, points=37), 0.1)
        for name, truth in truths.items():
            low, high = getattr(fitted, name).interval
            held[name] += low <= truth <= high
    # 38 of 40; three deviations below.
    assert all(count >= 34 for count in held.values()), held


def test_the_planar_hall_voltage_has_the_same_angles(make_bar):
    at = np.linspace(0, 2 * np.pi, 73)
    read = 0.3 + 0.25 * np.sin(at + 0.05) * np.cos(at + 0.05) + np.random.default_rng(3).normal(0, 0.004, at.size)
    fitted = AngleDependence.fit(at, read, 0.1, transverse=True)
    assert fitted.amplitude.value == pytest.approx(0.25, abs=4 * fitted.amplitude.uncertainty)
    assert fitted.misalignment.value == pytest.approx(0.05, abs=4 * fitted.misalignment.uncertainty)


def test_correlated_noise_widens_the_intervals():
    rng, at, held, rho = np.random.default_rng(5), np.linspace(0, 2 * np.pi, 73), 0, 0.6
    for _ in range(40):
        noise = rng.normal(0, 0.02, at.size)
        for k in range(1, at.size):
            noise[k] += rho * noise[k - 1]
        fitted = AngleDependence.fit(at, 500 + np.cos(at) ** 2 + noise, 0.1)
        held += fitted.unidirectional.interval[0] <= 0 <= fitted.unidirectional.interval[1]
    assert held >= 33  # white errors would hold about 24


@pytest.mark.parametrize("changed", [{"amr": 0.0, "umr": 0.0}, {"noise": 5.0}])
def test_an_amr_below_the_noise_is_a_diagnosis(make_bar, changed):
    with pytest.raises(ValueError, match="AMR is below the noise"):
        AngleDependence.fit(*make_bar(1, **changed).turn(0.1), 0.1)


def test_the_second_harmonic_tells_umr_from_the_field_of_the_current():
    rng, at, rms, field, h = np.random.default_rng(7), np.linspace(0, 2 * np.pi, 73), 2e-3, 0.1, 1.5
    # The voltage itself, over one period of the current, and its Fourier components.
    phase = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    current = math.sqrt(2) * rms * np.sin(phase)
    turned = InPlaneAngle.settle(
        field * np.cos(at)[:, None], field * np.sin(at)[:, None] + h * current, 0.01, at[:, None]
    )
    volts = (500 + turned.cosine**2 + 0.2 * current / (math.sqrt(2) * rms) * turned.sine) * current
    first = math.sqrt(2) * (volts * np.sin(phase)).mean(axis=1) + rng.normal(0, 2e-6, at.size)
    second = -math.sqrt(2) * (volts * np.cos(2 * phase)).mean(axis=1) + rng.normal(0, 2e-6, at.size)
    found = HarmonicAngle.fit(at, first, second, rms, field)
    assert found.unidirectional.value == pytest.approx(0.2, abs=4 * found.unidirectional.uncertainty)
    assert found.per_ampere.value == pytest.approx(h, abs=4 * found.per_ampere.uncertainty)
    assert found.unidirectional.uncertainty < 0.002
    assert found.per_ampere.uncertainty < 0.1
