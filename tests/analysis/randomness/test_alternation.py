"""A bias that alternates: seen where frequency, runs and autocorrelation see nothing."""

import math

import numpy as np
import pytest
from scipy.stats import fisher_exact, hypergeom

from mtjlab.analysis.randomness.alternation import alternation
from mtjlab.analysis.randomness.assessment import assess


def test_pairs_of_a_junction_with_two_probabilities_fail_by_it_alone() -> None:
    # What plain pairs of toggled bits of P = 0.4843 and 0.5101 give: P = 1/2 ± 0.0126 in turn, at the length of a demo.
    count, excess = 818_100, 0.0126
    share = 0.5 + excess * (1 - 2 * (np.arange(count) % 2))
    assessment = assess(np.random.default_rng(1).random(count) < share)
    result = assessment["alternation"]
    assert result.statistics["excess"] == pytest.approx(excess, abs=4.5 * 0.5 / math.sqrt(count))
    assert assessment.decision.rejected == {"alternation"}


def test_the_p_value_is_that_of_fishers_exact_test_with_many_bits() -> None:
    bits = (np.random.default_rng(2).random(20_001) < 0.3).astype(np.uint8)
    bits[:300:2] = 1  # some more at even places
    table = [[np.count_nonzero(part == value) for value in (0, 1)] for part in (bits[::2], bits[1::2])]
    assert alternation(bits).p_value == pytest.approx(fisher_exact(table).pvalue, rel=0.05)


@pytest.mark.parametrize("ones", [5000, 4000, 100])
def test_false_alarms_are_as_many_as_the_level_says(ones: int) -> None:
    # All numbers of ones at even places, each with its exact probability: no sample.
    n, even = 10_000, np.arange(ones + 1)
    chance = hypergeom(n, ones, n // 2).pmf(even)
    z = (even - ones / 2) / math.sqrt(ones * (n - ones) / (4 * (n - 1)))
    for level in (0.05, 0.01, 0.001):
        alarms = chance[[math.erfc(abs(each) / math.sqrt(2)) <= level for each in z]].sum()
        assert 0.6 * level < alarms < 1.4 * level  # the count comes in steps: of 0.2 standard deviations with 100 ones
    bits = np.zeros(n, np.uint8)
    bits[: 2 * (ones // 2 + 20) : 2] = 1
    bits[1 : 2 * (ones - ones // 2 - 20) : 2] = 1
    found = alternation(bits)
    assert (found.statistics["even"], found.statistics["z"]) == (ones // 2 + 20, pytest.approx(z[ones // 2 + 20]))


def test_a_stream_of_one_value_says_nothing() -> None:
    assert alternation(np.ones(5000, np.uint8)).p_value is None
    assert alternation([0, 1] * 10).p_value == pytest.approx(math.erfc(math.sqrt(19) / math.sqrt(2)))
