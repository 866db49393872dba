"""Pulses in sweeps are measured within their noise, or it is said why not."""

import numpy as np
import pytest

from mtjlab.analysis.pulses.pulse_shape import PulseShape

INTERVAL = 0.5e-9


def sweep(amplitude, noise, rng, base=0.02, width=50e-9):
    """Make a trapezoid with edges of 1 ns, 200 ns after the start."""
    times = np.arange(1000) * INTERVAL - 200e-9
    pulse = np.interp(times, [0, 1e-9, width, width + 1e-9], [0, amplitude, amplitude, 0], left=0, right=0)
    return base + pulse + rng.normal(0, noise, times.size)


@pytest.mark.parametrize("amplitude", [0.3, -0.3])
def test_amplitude_base_and_width_of_either_polarity(amplitude):
    shape = PulseShape.measure(sweep(amplitude, 1e-3, np.random.default_rng(1)), INTERVAL, 380)
    # 50 samples of the top and 380 of the base: 1 mV·√(1/50 + 1/380) = 0.15 mV.
    assert shape.amplitude == pytest.approx(amplitude, abs=4 * 0.15e-3)
    assert shape.base == pytest.approx(0.02, abs=4e-3 / np.sqrt(380))
    assert shape.width == pytest.approx(50e-9, abs=2 * INTERVAL)
    assert shape.noise == pytest.approx(1e-3, rel=4 / np.sqrt(2 * 380))


def test_noise_is_not_taken_for_a_pulse():
    rng = np.random.default_rng(2)
    for _ in range(200):
        with pytest.raises(ValueError, match="no pulse stands out of the noise"):
            PulseShape.measure(rng.normal(0, 1e-3, 1000), INTERVAL, 380)


def test_a_pulse_that_does_not_end_or_has_too_few_samples_is_refused():
    rng = np.random.default_rng(3)
    with pytest.raises(ValueError, match="does not end within 5e-07 s: look longer"):
        PulseShape.measure(sweep(0.3, 1e-3, rng, width=1e-6), INTERVAL, 380)
    with pytest.raises(ValueError, match="samples of 5e-10 s, 8 are needed"):
        PulseShape.measure(sweep(0.3, 1e-3, rng, width=6e-9), INTERVAL, 380)
    with pytest.raises(ValueError, match="give at least 8"):
        PulseShape.measure([0.0] * 20, INTERVAL, 2)
