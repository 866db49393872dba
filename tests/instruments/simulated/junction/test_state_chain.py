"""Sixty-four steps of a Markov chain in one addition are sixty-four steps of a Markov chain."""

import numpy as np
import pytest

from mtjlab.instruments.simulated.junction.state_chain import StateChain

STEPS = 4_000_000


@pytest.mark.parametrize(
    ("from_p", "from_ap"),
    [(0.3, 0.2), (0.9, 0.8), (0.49, 0.51), (0.4905, 0.4899), (0.5, 0.5), (1e-3, 2e-4), (0.7, 1e-5), (0.2, 1.0)],
)
def test_each_state_is_left_with_its_own_probability_whatever_came_before(from_p: float, from_ap: float) -> None:
    states = StateChain(seed=7).walk(0, STEPS, from_p, from_ap)
    before, after = states[:-1], states[1:]
    # The step before the last must not matter, nor whether a boundary of 64 steps lies between.
    lane = np.arange(1, STEPS) % 64
    earlier = np.concatenate(([0], before[:-1]))
    for state, expected in enumerate((from_p, from_ap)):
        for chosen in (before == state, (before == state) & (earlier == 1), (before == state) & (lane == 0)):
            error = np.sqrt(expected * (1 - expected) / max(1, np.count_nonzero(chosen)))
            left = after[chosen] != state
            assert left.size == 0 or abs(left.mean() - expected) <= 4 * error + 1e-12


def test_certain_and_impossible_steps_are_exactly_that() -> None:
    chain = StateChain(seed=1)
    assert chain.walk(1, 200, 1, 1).tolist() == [0, 1] * 100
    assert not chain.walk(0, 100_000, 0, 1).any()
    assert chain.walk(1, 100_000, 0, 0).all()
    assert not chain.walk(1, 100_000, 0, 1).any()
    assert chain.walk(0, 100_000, 1, 0).all()


def test_a_walk_in_parts_is_the_walk_in_one() -> None:
    rng = np.random.default_rng(4)
    for from_p, from_ap in ((0.3, 0.2), (0.9, 0.8), (0.5, 0.5)):
        whole, chain = StateChain(seed=2).walk(1, 20_000, from_p, from_ap), StateChain(seed=2)
        state, parts = 1, []
        while chain.steps < whole.size:
            part = chain.walk(state, min(int(rng.integers(0, 200)), whole.size - chain.steps), from_p, from_ap)
            state = int(part[-1]) if part.size else state
            parts.append(part)
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_the_chain_is_the_one_walked_step_by_step_from_the_same_numbers() -> None:
    # u < q for 64-bit q at a time: the bit a chain of independent steps gives is [u < q], which tells u's bits.
    def uniforms(seed: int, count: int) -> np.ndarray:
        low, high = np.zeros(count), np.ones(count)
        for _ in range(30):
            middle = (low + high) / 2
            below = np.array([StateChain(seed).walk(0, i + 1, m, 1 - m)[-1] for i, m in enumerate(middle)], dtype=bool)
            low, high = np.where(below, low, middle), np.where(below, middle, high)
        return (low + high) / 2

    drawn = uniforms(3, 150)
    for from_p, from_ap in ((0.35, 0.25), (0.85, 0.6)):
        state, expected = 0, []
        for u in drawn:
            state = int(u < (from_p if state == 0 else 1 - from_ap))
            expected.append(state)
        np.testing.assert_array_equal(StateChain(3).walk(0, 150, from_p, from_ap), expected)


def test_rare_steps_are_as_rare_as_they_should_be() -> None:
    # 1e-7 is below what a 16-bit comparison could tell; 40 expected in 4e8 steps.
    chain, left, buffer = StateChain(seed=5), 0, np.empty(1 << 20, np.uint8)
    for _ in range(400):
        chain.walk_into(buffer, 0, 1e-7, 1.0)
        left += int(buffer.sum())
    expected = 400 * buffer.size * 1e-7
    assert abs(left - expected) < 4 * np.sqrt(expected)


def test_seeds_differ_and_probabilities_are_checked() -> None:
    assert (StateChain(1).walk(0, 256, 0.5, 0.5) != StateChain(2).walk(0, 256, 0.5, 0.5)).any()
    with pytest.raises(ValueError, match=r"switching probability 1\.5 is not within 0 and 1"):
        StateChain(1).walk(0, 4, 0.5, 1.5)
    with pytest.raises(ValueError, match="nan"):
        StateChain(1).walk(0, 4, float("nan"), 0.5)
