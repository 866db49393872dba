"""The bit-flip process and its reverse, held against sums over all possibilities."""

import itertools

import numpy as np
import pytest
from scipy.stats import chi2, chisquare

from mtjlab.analysis.diffusion import (
    BernoulliTree,
    BitFlipSampler,
    FlipSchedule,
    SoftwareBernoulli,
    sample_planes,
)
from mtjlab.analysis.diffusion.bit_flip_sampler import flip_posterior
from mtjlab.analysis.noise import HeldBits, NotEnoughBits, SoftwareBits

TOY = np.zeros(16)
TOY[[0b0000, 0b1111, 0b0110, 0b1001, 0b1110]] = 0.3, 0.25, 0.2, 0.15, 0.1
"""Probabilities of the 16 images of 2 x 2 bits."""
PATTERNS = np.array(list(itertools.product((0, 1), repeat=4)), dtype=np.uint8)


class Exact:
    """Bayes' rule for the toy distribution."""

    planes_shape = (1, 2, 2)

    def ones(self, x, t):
        flipped = float(FlipSchedule().flipped(t))
        apart = (x.reshape(len(x), 1, 4) != PATTERNS).sum(axis=2)
        weight = TOY * flipped**apart * (1 - flipped) ** (4 - apart)
        return (weight @ PATTERNS / weight.sum(axis=1, keepdims=True)).reshape(x.shape)


def numbers(planes):
    return planes.reshape(len(planes), 4) @ (8, 4, 2, 1)


def test_flips_in_steps_leave_what_the_schedule_says() -> None:
    schedule = FlipSchedule()
    for steps in (1, 7, 100):
        times = schedule.times(steps)[::-1]
        left = np.cumprod([1 - 2 * schedule.beta(a, b) for a, b in itertools.pairwise(times.tolist())])
        assert left == pytest.approx(schedule.kept(times[1:]), abs=1e-12)
    assert (schedule.kept(1.0), schedule.flipped(1.0), schedule.flipped(0.0)) == (0, 0.5, 0)


@pytest.mark.parametrize(("s", "t"), [(0.0, 0.3), (0.2, 0.4), (0.5, 1.0), (0.98, 0.99)])
def test_the_posterior_is_the_sum_of_bayes_over_all_paths(s: float, t: float) -> None:
    # From 0 to t in 6 steps, 3 of them up to s: all 2^7 paths of one bit, each with its probability.
    schedule = FlipSchedule()
    times = np.concatenate([np.linspace(0, s, 4), np.linspace(s, t, 4)[1:]]) if s else np.linspace(0, t, 7)
    place = 3 if s else 0
    betas = [schedule.beta(a, b) for a, b in itertools.pairwise(times.tolist())]
    for prior, seen in itertools.product((0.0, 0.1, 0.5, 0.77, 1.0), (0, 1)):
        one, both, first = 0.0, 0.0, 0.0
        for path in itertools.product((0, 1), repeat=7):
            weight = prior if path[0] else 1 - prior
            for beta, (a, b) in zip(betas, itertools.pairwise(path), strict=True):
                weight *= beta if a != b else 1 - beta
            if path[-1] == seen:
                both += weight
                one += weight * path[place]
                first += weight * path[0]
        if not both:
            continue  # where the prior excludes what was seen
        ones = np.array([first / both])
        found = flip_posterior(ones, np.array([seen]), float(schedule.kept(s)), schedule.beta(s, t))
        assert found[0] == pytest.approx(one / both, abs=1e-12)


@pytest.mark.parametrize("source", ["software", "recorded bits"])
def test_samples_of_a_toy_have_its_frequencies(source: str) -> None:
    count = 8_000
    draws = SoftwareBernoulli(3) if source == "software" else BernoulliTree(SoftwareBits(4))
    # With a hundred steps what the independence of bits within a step costs is far below the noise of the counts.
    sampler = BitFlipSampler(100, draw_last=True)
    found = np.bincount(numbers(sample_planes(sampler, Exact(), count, draws, batch=count)), minlength=16)
    possible = TOY > 0
    assert found[~possible].sum() <= count * 2e-3  # two bits of one step can miss each other
    expected = TOY[possible] * found[possible].sum()
    assert chisquare(found[possible], expected).statistic < chi2.isf(1e-4, possible.sum() - 1)


def test_few_steps_of_bits_that_depend_on_each_other_are_seen_by_the_same_test() -> None:
    found = np.bincount(
        numbers(sample_planes(BitFlipSampler(2, draw_last=True), Exact(), 20_000, SoftwareBernoulli(3))), minlength=16
    )
    assert found[TOY == 0].sum() > 1000


def test_the_likelier_bit_at_the_end_takes_no_draw() -> None:
    sampler = BitFlipSampler(20)
    assert (sampler.draws, BitFlipSampler(20, draw_last=True).draws) == (20, 21)
    tree = BernoulliTree(SoftwareBits(5))
    one = sampler.chance(Exact(), PATTERNS.reshape(16, 1, 2, 2), sampler.times[-2], 0.0)
    assert set(np.unique(one)) == {0, 1}
    sampler.step(Exact(), PATTERNS.reshape(16, 1, 2, 2), sampler.times[-2], 0.0, tree)
    assert tree.bits_used == 0


def test_a_tree_compares_the_tosses_as_a_number_with_the_probability() -> None:
    chances = np.array([0.0, 1.0, 0.5, 0.25, 0.7, 1 / 3])
    for toss in range(64):
        tosses = [(toss >> place) & 1 for place in range(5, -1, -1)]
        for chance in chances:
            # Six tosses, then as many zeros as may be asked for.
            tree = BernoulliTree(HeldBits([*tosses, *[0] * 30]))
            assert tree.draw(np.array([chance]))[0] == (toss / 64 < np.rint(chance * 2**24) / 2**24)


def test_a_tree_takes_two_bits_a_draw_in_the_mean() -> None:
    tree = BernoulliTree(SoftwareBits(6))
    chances = np.random.default_rng(1).random(20_000)
    drawn = tree.draw(chances)
    assert tree.bits_used / 20_000 == pytest.approx(2, abs=4.5 * (2 / 20_000) ** 0.5)  # variance of a geometric law
    z = (drawn.sum() - chances.sum()) / np.sqrt((chances * (1 - chances)).sum())
    assert abs(z) < 4.5
    with pytest.raises(NotEnoughBits):
        BernoulliTree(HeldBits([1, 0])).draw(np.full(3, 0.5))


def test_what_cannot_be_is_refused() -> None:
    for bad, words in ((np.array([1.1]), "expected 0 to 1"), (np.array([np.nan]), "expected 0 to 1")):
        with pytest.raises(ValueError, match=words):
            SoftwareBernoulli().draw(bad)
    with pytest.raises(ValueError, match="steps = 0"):
        BitFlipSampler(0)
    with pytest.raises(ValueError, match="count = 0"):
        sample_planes(BitFlipSampler(2), Exact(), 0, SoftwareBernoulli())
    with pytest.raises(ValueError, match="knows no classes"):
        sample_planes(BitFlipSampler(2), Exact(), 2, SoftwareBernoulli(), labels=np.array([1, 2]))
    with pytest.raises(ValueError, match="from 0 or later to a later time"):
        FlipSchedule().beta(0.5, 0.5)
