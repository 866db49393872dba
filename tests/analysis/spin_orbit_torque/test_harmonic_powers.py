"""The second harmonic of a UMR that is linear in the current, cubic, or saturated."""

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.harmonic_angle import HarmonicAngle, second_harmonic_share
from mtjlab.core import InputError

PHASES = 2 * np.pi * (np.arange(2000) + 0.5) / 2000
PEAK = 5e-3


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0, 3.0, 5.0])
def test_the_share_is_the_fourier_coefficient(power):
    wave = np.abs(np.sin(PHASES)) ** (power + 1)
    assert second_harmonic_share(power) == pytest.approx(-2 * np.mean(wave * np.cos(2 * PHASES)), rel=1e-4)


def test_linear_and_cubic_have_the_same_share():
    assert second_harmonic_share(1.0) == pytest.approx(0.5, rel=1e-12)
    assert second_harmonic_share(3.0) == pytest.approx(0.5, rel=1e-12)
    # Between them it is never off by more than two per cent.
    between = [second_harmonic_share(power) for power in np.linspace(1, 3, 21)]
    assert max(between) < 0.51
    assert min(between) > 0.5 - 1e-12


def harmonics(bar, power, points=19, field=0.12):
    """Send a sine through the bar at each angle; give first and second harmonic, the latter as -cos 2ωt [V rms]."""
    bar.power, angles = power, np.linspace(0, 2 * np.pi, points)
    current = PEAK * np.sin(PHASES[::50])
    first, second = np.empty(points), np.empty(points)
    for number, angle in enumerate(angles):
        x, y = field * np.cos(angle), field * np.sin(angle)
        volts = np.array([i * float(bar.resistance(x, y, i, angle)) for i in current])
        first[number] = 2 * np.mean(volts * np.sin(PHASES[::50])) / np.sqrt(2)
        second[number] = -2 * np.mean(volts * np.cos(2 * PHASES[::50])) / np.sqrt(2)
    return angles, first, second, PEAK / np.sqrt(2), field


@pytest.mark.parametrize(("power", "told"), [(1.0, 1.0), (3.0, 1.0), (0.0, 0.0)])
def test_the_umr_at_the_peak_is_found(make_bar, power, told):
    """A cubic one needs nothing told; a saturated one does."""
    bar = make_bar(1, noise=1e-4)
    found = HarmonicAngle.fit(*harmonics(bar, power), told)
    assert found.unidirectional.value == pytest.approx(bar.umr, rel=0.02)
    assert found.per_ampere.value == pytest.approx(bar.per_ampere, rel=0.05)
    assert found.power == told


def test_a_saturated_umr_taken_for_a_linear_one_is_too_small(make_bar):
    bar = make_bar(2, noise=1e-4)
    turn = harmonics(bar, 0.0)
    found = HarmonicAngle.fit(*turn)
    assert found.unidirectional.value == pytest.approx(2 * second_harmonic_share(0.0) * bar.umr, rel=0.02)
    # Either way the curve goes through the readings: what is told is not in them.
    right = HarmonicAngle.fit(*turn, 0.0)
    np.testing.assert_allclose(right.curve(turn[0], turn[3]), found.curve(turn[0], turn[3]), rtol=1e-6, atol=1e-9)


def test_a_negative_power_is_refused():
    with pytest.raises(InputError, match="power = -1: expected a power of the current, 0 or above"):
        second_harmonic_share(-1.0)
