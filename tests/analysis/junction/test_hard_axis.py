"""The field in the plane, from made-up readings of a layer that tilts."""

import numpy as np
import pytest

from mtjlab.analysis.junction.hard_axis import HardAxis


def readings(rng, field, anisotropy=0.172, noise=1e-8):
    at = np.tile(np.linspace(-60e-3, 15e-3, 41), 2)
    well = np.where(rng.random(at.size) < 0.5, 1, -1)
    siemens = 15e-6 + 5e-6 * well * np.sqrt(1 - ((at + field) / anisotropy) ** 2) + rng.normal(0, noise, at.size)
    return at, 1 / siemens, noise / siemens**2


def test_the_interval_holds_the_field_as_often_as_it_says():
    rng = np.random.default_rng(1)
    away = []
    for _ in range(100):
        field = rng.normal(25e-3, 2e-3)
        found = HardAxis.fit(*readings(rng, field)).in_plane_field
        away.append((found.value - field) / found.uncertainty)
    # 95 % of 100, with four standard errors of the count.
    assert 0.95 - 4 * np.sqrt(0.95 * 0.05 / 100) < np.mean(np.abs(away) < 1.96) < 1.0
    assert abs(np.mean(away)) < 4 / np.sqrt(100)


def test_one_state_alone_is_enough():
    rng = np.random.default_rng(2)
    at, ohms, errors = readings(rng, 0.02)
    low = ohms < np.median(ohms)
    found = HardAxis.fit(at[low], ohms[low], errors[low]).in_plane_field
    assert abs(found.value - 0.02) < 4 * found.uncertainty < 4e-3


def test_readings_during_which_the_state_hopped_are_left_out():
    rng = np.random.default_rng(4)
    away = []
    for _ in range(30):
        field = rng.normal(25e-3, 2e-3)
        at, ohms, errors = readings(rng, field)
        hopped = rng.random(at.size) < 0.2
        ohms[hopped] = 1 / rng.uniform(10e-6, 20e-6, hopped.sum())
        # Half of them scatter; the rest flip so fast that their mean is as steady as the others.
        errors[hopped & (rng.random(at.size) < 0.5)] *= 30
        found = HardAxis.fit(at, ohms, errors)
        assert found.dropped >= 0.8 * hopped.sum()
        away.append((found.in_plane_field.value - field) / found.in_plane_field.uncertainty)
    # A hop that ends within the noise of its branch stays; the rest is as without hops.
    assert np.std(away) < 1.5


def test_a_device_that_hops_most_of_the_time_is_a_diagnosis():
    rng = np.random.default_rng(5)
    at, ohms, errors = readings(rng, 25e-3)
    errors[rng.random(at.size) < 0.6] *= 100
    with pytest.raises(ValueError, match="the state hopped"):
        HardAxis.fit(at, ohms, errors)


def test_a_coarse_meter_that_mostly_reads_the_same_does_not_hop():
    rng = np.random.default_rng(6)
    at, ohms, errors = readings(rng, 25e-3, noise=2e-10)
    errors[rng.random(at.size) < 0.4] = 0.0
    found = HardAxis.fit(at, ohms, errors)
    assert found.dropped < 5
    assert abs(found.in_plane_field.value - 25e-3) < 4 * found.in_plane_field.uncertainty


def test_a_resistance_that_does_not_tilt_is_a_diagnosis():
    rng = np.random.default_rng(3)
    at = np.linspace(-50e-3, 50e-3, 50)
    with pytest.raises(ValueError, match=r"does not follow a field in the plane up to 0\.05 T"):
        HardAxis.fit(at, rng.normal(50e3, 10, 50), np.full(50, 10.0))
    with pytest.raises(ValueError, match="no resistances"):
        HardAxis.fit(at, np.full(50, np.inf), np.ones(50))


def test_the_fitted_curves_are_those_of_the_readings():
    rng = np.random.default_rng(7)
    at, ohms, errors = readings(rng, 25e-3)
    found = HardAxis.fit(at, ohms, errors)
    parallel, antiparallel = found.resistances(at)
    z = (ohms - np.where(ohms < 1 / 15e-6, parallel, antiparallel)) / errors
    assert abs(z @ z - 77) < 4 * np.sqrt(2 * 77)
    assert found.misfit == pytest.approx(1.0, abs=4 * np.sqrt(2 / 77))
