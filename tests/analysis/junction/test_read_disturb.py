"""Dwell times under a bias, from made-up exponential ones."""

import numpy as np
import pytest

from mtjlab.analysis.junction.read_disturb import ReadDisturb


def dwells(rng, common, opposed, count=20):
    """Watch each state at five biases, read 50 times in a mean dwell without bias, for three of them at most."""
    biases, states = (np.repeat(each.ravel(), count) for each in np.meshgrid(np.linspace(-0.2, 0.2, 5), [0, 1]))
    mean = 0.1 * np.exp(common * biases + opposed * np.where(states == 0, biases, -biases))
    reads = np.minimum(rng.exponential(mean) // 2e-3, 150)
    return biases, states, reads * 2e-3, np.where(reads < 150, 2e-3, 0.0)


def test_both_slopes_lie_within_their_intervals_as_often_as_they_say():
    rng = np.random.default_rng(1)
    hits = np.zeros(2)
    for _ in range(100):
        fitted = ReadDisturb.fit(*dwells(rng, -7.0, 9.0))
        hits += [abs(e.value - true) < 1.96 * e.uncertainty for e, true in ((fitted.common, -7), (fitted.opposed, 9))]
    assert (np.abs(hits / 100 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 100)).all()


def test_a_state_that_was_never_left_is_named():
    biases, states, stayed, gaps = dwells(np.random.default_rng(2), 0.0, 0.0)
    gaps[states == 1] = 0
    with pytest.raises(ValueError, match="the antiparallel state was left at 0 biases"):
        ReadDisturb.fit(biases, states, stayed, gaps)
