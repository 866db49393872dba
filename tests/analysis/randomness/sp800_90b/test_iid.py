"""The IID track passes what is IID, fails what is not, and repeats itself with the same seed."""

import numpy as np
import pytest

from mtjlab.analysis.randomness import assess_iid
from mtjlab.analysis.randomness.sp800_90b.bzip2_size import compressed_bits, compressed_size
from mtjlab.analysis.randomness.sp800_90b.iid_tests import goodness_of_fit, independence
from mtjlab.analysis.randomness.sp800_90b.permutation_statistics import STATISTICS, PermutationStatistics
from mtjlab.analysis.randomness.sp800_90b.permutation_tests import PermutationTest, permutation_tests, rearranged_bits
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSource
from mtjlab.core import InputError


def _bits(seed, count, ones=0.5):
    return (np.random.default_rng(seed).random(count) < ones).astype(np.uint8)


@pytest.mark.parametrize(
    "bits",
    [
        _bits(1, 150),  # two codes, and windows that reach over the end
        _bits(2, 5000),
        _bits(3, 5000, 0.8),
        np.tile(_bits(4, 300), 9),  # beginnings that are equal over more than a window
        np.concatenate([np.zeros(3000, np.uint8), _bits(5, 500)]),
        np.append(_bits(6, 700), [1, 1, 1]),
        np.append(_bits(7, 700), [0, 0, 0]),
        _bits(8, 510_000),  # three blocks: between digits, between spaces, between digits
    ],
    ids=lambda bits: f"{bits.size}",
)
def test_the_length_that_bzip2_makes_is_known_without_compressing(bits):
    assert compressed_bits(bits) == compressed_size(bits)


def test_statistics_of_symbols_are_those_worked_out_by_hand():
    source = SymbolSource([2, 0, 1, 1, 2, 2, 0] * 10, 2)
    found = PermutationStatistics.of(source)(source.values, frozenset(STATISTICS))
    rows = np.tile([2, 0, 1, 1, 2, 2, 0], 10)
    steps = rows[1:] >= rows[:-1]
    assert found["excursion"] == pytest.approx(np.abs(np.cumsum(rows) - np.arange(1, 71) * rows.mean()).max())
    assert found["directional_runs"] == 1 + np.count_nonzero(steps[1:] != steps[:-1])
    assert found["longest_directional_run"] == 4  # 0 1 1 2 2
    assert found["increases_or_decreases"] == max(steps.sum(), (~steps).sum())
    assert found["longest_median_run"] == 4  # 1 1 2 2
    assert found["average_collision"] == pytest.approx(np.mean([4, 2, 4, 2, 2] * 5), abs=0.5)
    assert found["maximum_collision"] == 4
    assert found["periodicity_8"] == np.count_nonzero(rows[8:] == rows[:-8])
    assert found["covariance_2"] == (rows[2:] * rows[:-2]).sum()


def test_statistics_of_bits_are_those_of_bytes_of_eight():
    bits = _bits(9, 4000)
    source = SymbolSource(bits)
    found = PermutationStatistics.of(source)(bits, frozenset(STATISTICS))
    ones = bits.reshape(-1, 8).sum(axis=1)
    assert found["periodicity_1"] == np.count_nonzero(ones[1:] == ones[:-1])
    assert found["covariance_32"] == (ones[32:] * ones[:-32]).sum()
    assert found["median_runs"] == 1 + np.count_nonzero(bits[1:] != bits[:-1])


def test_every_arrangement_of_bits_is_equally_likely():
    """Ten arrangements of two ones in five bits: chi-square of 5,000 draws below its 99.9 % point."""
    generator = np.random.default_rng(10)
    seen = np.bincount([int("".join(map(str, rearranged_bits(2, 5, generator))), 2) for _ in range(5000)])
    counts = seen[seen > 0]
    assert counts.size == 10
    assert ((counts - 500) ** 2 / 500).sum() < 27.9


@pytest.mark.parametrize("ones", [3, 500, 997])
def test_an_arrangement_has_the_ones_of_the_stream(ones):
    assert rearranged_bits(ones, 1000, np.random.default_rng(11)).sum() == ones


def test_a_test_is_decided_when_six_arrangements_lie_on_either_side():
    assert not PermutationTest(0.0, 5, 0, 9995).passed
    assert not PermutationTest(0.0, 9995, 0, 5).passed
    assert PermutationTest(0.0, 6, 0, 6).passed
    assert PermutationTest(0.0, 3, 3, 3).passed


def test_fair_and_biased_streams_hold_the_claim_and_a_correlated_one_does_not():
    for ones in (0.5, 0.7):
        found = assess_iid(_bits(12, 20_000, ones))
        assert found.failed == ()
        assert found.min_entropy == pytest.approx(-np.log2(max(ones, 1 - ones)), abs=0.03)
    stay = _bits(13, 20_000, 0.45)
    found = assess_iid(np.bitwise_xor.accumulate(stay))
    assert "independence" in found.failed
    assert found.permutations == {}  # they cannot save the claim
    assert found.min_entropy is None
    assert found.as_dict()["min_entropy"] is None


def test_permutations_see_what_is_not_independent():
    """Each byte of bits comes again two bytes later in three of ten cases."""
    generator = np.random.default_rng(21)
    octets = generator.integers(0, 256, 500, np.uint8)
    for i in range(2, octets.size):
        octets[i] = octets[i - 2] if generator.random() < 0.3 else octets[i]
    found = permutation_tests(SymbolSource(np.unpackbits(octets)), most=100)
    assert not found["periodicity_2"].passed
    assert found["periodicity_2"].permutations == 100
    assert found["excursion"].passed
    assert found["periodicity_1"].permutations < 100


def test_the_same_seed_gives_the_same_result():
    bits = _bits(14, 4000)
    first, second, other = assess_iid(bits, seed=3), assess_iid(bits, seed=3), assess_iid(bits, seed=4)
    assert first == second
    assert first.permutations != other.permutations


def test_a_stream_that_drifts_is_not_the_same_everywhere():
    drifting = np.concatenate([_bits(15, 10_000, 0.45), _bits(16, 10_000, 0.55)])
    assert goodness_of_fit(SymbolSource(drifting).literal).p_value < 1e-6
    assert goodness_of_fit(SymbolSource(_bits(17, 20_000)).literal).p_value > 0.001


def test_independence_of_bytes_needs_enough_pairs():
    source = SymbolSource(np.random.default_rng(18).integers(0, 256, 10_000, np.uint8), 8)
    assert independence(source.literal).reason == "most pairs of symbols are too rare"
    threes = SymbolSource(np.random.default_rng(19).integers(0, 8, 10_000, np.uint8), 3)
    assert independence(threes.literal).degrees == 64 - 8
    assert independence(threes.literal).p_value > 0.001


def test_too_few_symbols_are_refused():
    with pytest.raises(InputError, match="at least 1,000 symbols and got 999"):
        assess_iid(_bits(20, 999))
