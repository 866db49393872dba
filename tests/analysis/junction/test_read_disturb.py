"""Dwell times under a bias, from made-up exponential ones."""

import numpy as np
import pytest

from mtjlab.analysis.junction.read_disturb import ReadDisturb


def dwells(rng, common, opposed, count=20):
    biases, states = (each.ravel() for each in np.meshgrid(np.linspace(-0.2, 0.2, 5), [0, 1]))
    mean = 0.1 * np.exp(common * biases + opposed * np.where(states == 0, biases, -biases))
    return biases, states, rng.exponential(mean, (count, mean.size)).mean(axis=0), np.full(mean.size, count)


def test_both_slopes_lie_within_their_intervals_as_often_as_they_say():
    rng = np.random.default_rng(1)
    hits = np.zeros(2)
    for _ in range(300):
        fitted = ReadDisturb.fit(*dwells(rng, -7.0, 9.0))
        hits += [abs(e.value - true) < 1.96 * e.uncertainty for e, true in ((fitted.common, -7), (fitted.opposed, 9))]
    assert (np.abs(hits / 300 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 300)).all()


def test_a_state_that_was_never_left_is_named():
    biases, states, means, counts = dwells(np.random.default_rng(2), 0.0, 0.0)
    counts[states == 1] = 0
    with pytest.raises(ValueError, match="the antiparallel state was left at 0 biases"):
        ReadDisturb.fit(biases, states, means, counts)
