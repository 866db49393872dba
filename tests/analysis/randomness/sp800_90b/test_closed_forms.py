"""Estimators of SP 800-90B and statistics of its tests where they are known in closed form."""

import math
from itertools import pairwise

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_90b.counting import collision, markov, most_common_value
from mtjlab.analysis.randomness.sp800_90b.estimate import QUANTILE, Estimate, upper_bound
from mtjlab.analysis.randomness.sp800_90b.estimators import ESTIMATORS
from mtjlab.analysis.randomness.sp800_90b.iid_tests import IidTest, goodness_of_fit, independence, longest_repeat_test
from mtjlab.analysis.randomness.sp800_90b.permutation_statistics import (
    collisions,
    covariance,
    directional_runs,
    excursion,
    median_runs,
)
from mtjlab.analysis.randomness.sp800_90b.prediction import prediction_estimate
from mtjlab.analysis.randomness.sp800_90b.restart import RestartAssessment, assess_restarts, largest_count_cutoff
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSource
from mtjlab.core import InputError


def fair(seed, count, kinds=2):
    return np.random.default_rng(seed).integers(0, kinds, count, np.uint8)


def test_the_quantile_is_the_standards():
    assert pytest.approx(2.576, abs=5e-4) == QUANTILE


@pytest.mark.parametrize(("share", "trials"), [(0.5, 2), (0.5, 10_001), (0.1, 500), (0.999, 100)])
def test_the_upper_bound_is_normal_and_at_most_one(share, trials):
    expected = share + QUANTILE * math.sqrt(share * (1 - share) / (trials - 1))
    assert upper_bound(share, trials) == pytest.approx(min(1.0, expected))


def test_certainty_has_an_entropy_of_zero_and_no_sign():
    assert upper_bound(1.0, 2) == 1.0
    assert math.copysign(1, Estimate.of_probability(1.0).min_entropy) == 1
    assert Estimate.of_probability(2**-7).min_entropy == 7


@pytest.mark.parametrize("kinds", [2, 4, 256])
def test_equally_frequent_symbols_have_the_entropy_of_their_number(kinds):
    symbols = np.tile(np.arange(kinds, dtype=np.uint8), 20_000 // kinds)
    bound = upper_bound(1 / kinds, symbols.size)
    assert most_common_value(symbols).min_entropy == pytest.approx(-math.log2(bound))


def test_most_common_value_knows_neither_order_nor_names():
    symbols = np.minimum(fair(1, 3000, 8), 5).astype(np.uint8)
    shuffled = np.random.default_rng(2).permutation(symbols)
    assert most_common_value(symbols) == most_common_value(shuffled) == most_common_value(7 - symbols)


@pytest.mark.parametrize("estimate", [collision, markov])
def test_estimators_of_bits_treat_zeros_and_ones_alike(estimate):
    bits = (np.random.default_rng(3).random(5000) < 0.3).astype(np.uint8)
    assert estimate(bits).min_entropy == pytest.approx(estimate(1 - bits).min_entropy, abs=1e-12)


def test_bits_that_collide_after_two_have_no_entropy():
    assert collision(np.repeat(fair(4, 500), 2)).min_entropy == 0
    # 01x: each collision takes three bits, as many as can be: p is one half.
    assert collision(np.tile(np.array([0, 1, 1], np.uint8), 500)).min_entropy == pytest.approx(1.0)


def test_markov_finds_the_likeliest_chain():
    """A period of 0 0 1: the chain is 0, then 0 or 1 with one half, and 1 goes to 0 for sure."""
    found = markov(np.tile(np.array([0, 0, 1], np.uint8), 1000)).min_entropy
    alternating = (-math.log2(1 / 3) + 63) / 128  # begins with 1: 64 sure steps, 63 of one half
    assert found == pytest.approx(alternating, abs=2e-3)
    assert markov(np.tile(np.array([0, 1], np.uint8), 1000)).min_entropy == pytest.approx(1 / 128)


def test_fair_bits_have_one_bit_of_entropy_in_the_likeliest_chain():
    assert markov(fair(5, 200_000)).min_entropy == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    ("correct", "predictions", "longest", "alphabet", "expected"),
    [
        (5000, 10_000, 5, 2, -math.log2(0.5 + QUANTILE * math.sqrt(0.25 / 9999))),  # the run says less
        (0, 10_000, 0, 256, None),  # none right: 1 - 0.01^(1/N) is far below 1/k
        (10_000, 10_000, 10_000, 2, 0.0),
    ],
)
def test_a_prediction_is_as_good_as_its_share_or_the_number_of_symbols(
    correct, predictions, longest, alphabet, expected
):
    expected = math.log2(alphabet) if expected is None else expected
    assert prediction_estimate(correct, predictions, longest, alphabet).min_entropy == pytest.approx(expected, abs=1e-9)


def test_a_long_run_counts_as_much_as_the_probability_that_makes_it_rare():
    """Without a run of r in N: by the recursion of the runs, 0.99 at the probability that is found."""
    count, longest = 2000, 30
    p = 2 ** -prediction_estimate(1000, count, longest, 2).min_entropy
    run, none = longest + 1, [1.0] * (longest + 1)
    for n in range(run, count + 1):
        if n == run:
            none.append(1 - p**run)
        else:
            none.append(none[-1] - (1 - p) * p**run * none[n - run - 1])
    assert none[count] == pytest.approx(0.99, abs=1e-6)


def test_more_right_guesses_or_longer_runs_never_raise_the_entropy():
    by_share = [prediction_estimate(k, 1000, 12, 2).min_entropy for k in range(400, 1001, 50)]
    by_run = [prediction_estimate(500, 1000, k, 2).min_entropy for k in range(5, 400, 20)]
    for row in (by_share, by_run):
        assert all(later <= earlier + 1e-12 for earlier, later in pairwise(row))


def test_all_ten_sections_of_the_standard_have_an_estimator():
    assert [each.section for each in ESTIMATORS] == [f"6.3.{i}" for i in range(1, 11)]
    assert len({each.name for each in ESTIMATORS}) == 10


def test_estimators_of_bits_say_that_they_are_for_bits_only():
    sequence = SymbolSource(fair(6, 200, 4), 2).literal
    said = {each.name: each.estimate(sequence).reason for each in ESTIMATORS if each.bits_only}
    assert said == dict.fromkeys(("collision", "markov", "compression"), "the standard has it for bits only")


@pytest.mark.parametrize(("values", "bits"), [([0, 7, 7, 3], 3), ([255, 0, 128], 8), ([1, 0, 2, 3], 2)])
def test_bits_of_symbols_are_their_digits(values, bits):
    digits = "".join(f"{value:0{bits}b}" for value in values)
    assert "".join(map(str, SymbolSource(values, bits).bitstring.symbols)) == digits


def test_symbols_are_counted_without_a_gap_in_their_order():
    source = SymbolSource([200, 3, 3, 90], 8)
    assert source.literal.symbols.tolist() == [2, 0, 0, 1]
    assert (source.literal.alphabet, source.literal.bits, len(source.literal)) == (3, 2, 4)
    assert source.values.tolist() == [200, 3, 3, 90]
    assert SymbolSource([5, 5, 4], 3).bitstring is None


def test_a_constant_stream_makes_no_excursion_and_a_step_makes_the_largest():
    assert excursion(np.full(10, 3, np.uint8), 30) == 0
    halves = np.repeat(np.array([0, 1], np.uint8), 50)
    assert excursion(halves, 50) == 25
    assert excursion(halves[::-1].copy(), 50) == 25


def test_runs_up_and_down():
    rising = np.arange(20, dtype=np.uint8)
    assert directional_runs(rising) == (1, 19, 19)
    assert directional_runs(rising[::-1].copy()) == (1, 19, 19)
    assert directional_runs(np.full(20, 4, np.uint8)) == (1, 19, 19)  # an equal symbol is no decrease
    assert directional_runs(np.tile(np.array([0, 1], np.uint8), 10)) == (19, 1, 10)


def test_runs_about_the_median():
    assert median_runs(np.repeat(np.array([0, 1], np.uint8), 10), 1) == (2, 10)
    assert median_runs(np.array([2, 2, 2], np.uint8), 4) == (1, 3)  # the median itself is not below


def test_collisions_are_counted_from_the_symbol_after_the_last():
    assert collisions(np.array([1, 1, 2, 3, 2, 3, 1], np.uint8)) == (2.5, 3.0)
    assert collisions(np.arange(9, dtype=np.uint8)) == (0.0, 0.0)


def test_covariance_is_the_sum_of_products():
    values = fair(7, 100, 256)
    assert covariance(values, 3) == int(values[:-3].astype(int) @ values[3:].astype(int))
    assert covariance(values, 100) == 0


def test_a_test_without_a_p_value_does_not_fail():
    assert IidTest(0.0, None, None, "too few").passed
    assert IidTest(3.0, 2, 0.001).passed
    assert not IidTest(30.0, 2, 0.00099).passed


def test_chi_square_of_two_degrees_is_the_exponential_law():
    """The p-value of ten parts that are all the same is 1; of parts that are each of one symbol it vanishes."""
    same = SymbolSource(np.tile(np.array([0, 1], np.uint8), 500)).literal
    assert goodness_of_fit(same).statistic == 0
    assert goodness_of_fit(same).p_value == 1
    apart = SymbolSource(np.repeat(np.array([0, 1], np.uint8), 500)).literal
    assert goodness_of_fit(apart).statistic == pytest.approx(1000)  # each part: 2 (50)²/50
    assert goodness_of_fit(apart).degrees == 9
    assert not goodness_of_fit(apart).passed


def test_tuples_of_equal_counts_show_no_dependence():
    """All 2^11 words of eleven bits five times: a chi-square of 0 with 2^11 - 2 degrees."""
    words = (np.arange(2**11)[:, None] >> np.arange(10, -1, -1) & 1).astype(np.uint8)
    found = independence(SymbolSource(np.tile(words, (5, 1)).ravel()).literal)
    assert (found.statistic, found.degrees) == (pytest.approx(0), 2**11 - 2)
    assert independence(SymbolSource([0, 1] + [0] * 40).literal).reason == "too few of the rarer bit"


def test_a_part_that_comes_twice_is_no_accident():
    bits = fair(8, 2000)
    assert longest_repeat_test(SymbolSource(bits).literal).passed
    twice = longest_repeat_test(SymbolSource(np.concatenate([bits, bits[:100]])).literal)
    assert twice.statistic >= 100
    assert not twice.passed


@pytest.mark.parametrize(
    ("change", "failed", "entropy"),
    [
        ({}, (), 0.8),
        ({"rows": 0.6}, (), 0.6),
        ({"columns": 0.7, "rows": 0.75}, (), 0.7),
        ({"rows": 0.4}, (), 0.4),  # half of it is enough
        ({"rows": 0.39}, ("rows",), None),
        ({"columns": 0.1, "rows": 0.1}, ("rows", "columns"), None),
        ({"largest_count": 601}, ("sanity check",), None),
        ({"largest_count": 600}, (), 0.8),
    ],
)
def test_restarts_give_the_least_of_three_unless_they_give_less_than_half(change, failed, entropy):
    found = RestartAssessment(
        **{"initial": 0.8, "largest_count": 550, "cutoff": 600, "rows": 0.9, "columns": 0.95} | change
    )
    assert found.failed == failed
    assert found.min_entropy == entropy
    assert found.as_dict()["passed"] is (entropy is not None)
    assert found.as_dict()["failed"] == list(failed)


def test_the_cutoff_falls_with_the_entropy_and_is_reached_by_chance_alone():
    cutoffs = [largest_count_cutoff(1000, 4, entropy, 1e-5) for entropy in (0.5, 1.0, 1.5, 2.0)]
    assert cutoffs == sorted(cutoffs, reverse=True)
    for entropy, cutoff in zip((0.5, 1.0, 1.5, 2.0), cutoffs, strict=True):
        assert 1000 * 2**-entropy < cutoff <= 1000
    assert largest_count_cutoff(1000, 4, 2.0, 1e-2) < largest_count_cutoff(1000, 4, 2.0, 1e-8)


@pytest.mark.parametrize("initial", [0.0, -1.0, 2.1, math.nan])
def test_an_initial_entropy_that_symbols_cannot_have_is_refused(initial):
    with pytest.raises(InputError, match="initial min-entropy"):
        assess_restarts(np.tile(np.arange(4, dtype=np.uint8), 250_000), initial, 2)
