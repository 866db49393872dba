"""The line's gain lies within its interval, and a line that is none is told in words."""

import numpy as np
import pytest

from mtjlab.analysis.pulses.amplitude_calibration import AmplitudeCalibration

TOLD = np.linspace(0.1, 0.5, 5)
WIRING = {"lossless": 1.0, "expected_loss": 6.0, "accuracy": 0.0}
GAIN = 10 ** (-6 / 20)


def test_gain_offset_and_loss_lie_within_their_intervals():
    rng, held = np.random.default_rng(1), np.zeros(3, int)
    errors = np.full(5, 1e-4)
    for _ in range(400):
        found = AmplitudeCalibration.fit(TOLD, 0.002 + GAIN * TOLD + rng.normal(0, errors), errors, **WIRING)
        truths = (found.gain, GAIN), (found.offset, 0.002), (found.loss, 6.0)
        held += [low <= truth <= high for (low, high), truth in ((e.interval, truth) for e, truth in truths)]
        assert not found.diagnosis
    # Widening where χ² is large makes the intervals somewhat wider than 95 % on the whole.
    assert (held >= 0.95 * 400 - 3 * np.sqrt(400 * 0.95 * 0.05)).all()
    assert (held <= 400 - 1).all()


def test_the_oscilloscopes_own_accuracy_is_in_the_uncertainty():
    found = AmplitudeCalibration.fit(TOLD, GAIN * TOLD, np.full(5, 1e-7), **{**WIRING, "accuracy": 0.005})
    assert found.gain.uncertainty == pytest.approx(GAIN * 0.005 / np.sqrt(3), rel=1e-3)
    assert found.loss.uncertainty == pytest.approx(20 / np.log(10) * 0.005 / np.sqrt(3), rel=1e-3)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (2 * GAIN * TOLD, "an end is open where 50 Ω are meant"),
        (GAIN / 2 * TOLD, "an end has 50 Ω where an open one is meant"),
        (-GAIN * TOLD, "inverted"),
        (0.3 * np.tanh(GAIN * TOLD / 0.3), "no straight line"),
        (1.01 * GAIN * TOLD, ""),
    ],
)
def test_what_is_wrong_is_said(seen, words):
    found = AmplitudeCalibration.fit(TOLD, seen, np.full(5, 1e-4), **WIRING)
    assert words in found.diagnosis
    assert bool(found.diagnosis) == bool(words)


def test_two_amplitudes_are_no_test_of_a_straight_line():
    with pytest.raises(ValueError, match="2 different amplitudes: give at least three"):
        AmplitudeCalibration.fit([0.1, 0.1, 0.2], [0.1, 0.1, 0.2], [1e-3] * 3, **WIRING)
