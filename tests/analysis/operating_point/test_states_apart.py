"""A point of one half that is none from either state is told."""

import numpy as np

from mtjlab.analysis.operating_point.states_apart import StatesApart


def counts(p, q, seed, pulses=4000, settings=21):
    """Pulses of a train at each setting: the share of time in P is q/(p + q)."""
    rng, at = np.random.default_rng(seed), np.linspace(1.0, 1.2, settings)
    p, q = (np.broadcast_to(each(at), at.shape) for each in (p, q))
    sent = np.stack([rng.binomial(pulses, q / (p + q)), np.zeros(settings, int)])
    sent[1] = pulses - sent[0]
    return at, sent, rng.binomial(sent, np.stack([p, q]))


def test_intervals_hold_both_probabilities():
    held = 0
    for seed in range(60):
        at, sent, switched = counts(lambda v: 0.36 + v - 1.1, lambda v: 0.9 - v + 1.1, seed)
        # Between two settings, so that the curve must be interpolated.
        apart = StatesApart.of(1.105, at, sent, switched)
        for each, true in zip(apart.probabilities, (0.365, 0.895), strict=True):
            low, high = each.interval
            held += low <= true <= high
        assert "0.36" in apart.warning or "0.37" in apart.warning
    # Binomial: 114 of 120 with a standard deviation of 2.4.
    assert held >= 106


def test_states_that_are_alike_are_not_warned_of():
    warned = 0
    for seed in range(60):
        at, sent, switched = counts(lambda v: 0.5 + v - 1.1, lambda v: 0.5 + v - 1.1, seed)
        warned += bool(StatesApart.of(1.1, at, sent, switched).warning)
    assert warned == 0


def test_a_state_that_was_hardly_seen_says_nothing():
    assert StatesApart.of(1.0, [1.0], [[5000], [3]], [[2500], [1]]) is None
