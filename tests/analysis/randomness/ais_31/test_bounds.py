"""Bounds of AIS 20/31, met and missed by one."""

import numpy as np
import pytest

from mtjlab.analysis.randomness.ais_31.procedure_a import BLOCK, T0_BITS, blocks_test, disjointness
from mtjlab.analysis.randomness.ais_31.procedure_b import entropy, transitions
from mtjlab.analysis.randomness.ais_31.suite import Ais31Result
from mtjlab.analysis.randomness.ais_31.test_value import TestValue
from mtjlab.analysis.randomness.alternation import alternation

ALL_WORDS = (np.arange(2**16)[:, None] >> np.arange(15, -1, -1) & 1).astype(np.uint8)


def block(ones):
    """Give a block of so many ones, mixed."""
    return np.random.default_rng(1).permutation((np.arange(BLOCK) < ones).astype(np.uint8))


@pytest.mark.parametrize(("ones", "passed"), [(9654, False), (9655, True), (10_345, True), (10_346, False)])
def test_the_monobit_test_leaves_its_bounds_out(ones, passed):
    monobit = blocks_test(block(ones))[0]
    assert monobit.passed is passed
    assert monobit.worst == ones


@pytest.mark.parametrize(("length", "passed"), [(33, True), (34, False)])
@pytest.mark.parametrize("value", [0, 1])
def test_a_run_of_34_is_long(length, passed, value):
    bits = block(10_000)
    bits[100 : 102 + length] = 1 - value
    bits[101 : 101 + length] = value
    assert blocks_test(bits)[3].worst == length
    assert blocks_test(bits)[3].passed is passed


def test_poker_is_zero_where_all_nibbles_are_as_frequent_and_that_is_too_good():
    nibbles = (np.arange(16)[:, None] >> np.arange(3, -1, -1) & 1).astype(np.uint8)
    even = np.concatenate([np.tile(nibbles, (312, 1)), nibbles[:8]]).ravel()
    poker = blocks_test(even)[1]
    assert poker.worst == pytest.approx(16 / 5000 * (8 * 313**2 + 8 * 312**2) - 5000)
    assert not poker.passed


def test_runs_at_the_end_of_a_block_count():
    """A block that alternates has 10,000 runs of one bit of either value and none longer: all twelve counts are out."""
    runs = blocks_test(np.tile(np.array([0, 1], np.uint8), BLOCK // 2))[2]
    assert runs.worst == 12
    assert runs.failed == 1


def test_blocks_are_judged_one_by_one():
    several = blocks_test(np.concatenate([block(10_000), block(9000), block(10_000), block(11_100)]))
    assert (several[0].done, several[0].failed, several[0].worst) == (4, 2, 11_100)
    assert blocks_test(block(10_000)[:-1])[0].reason == "19,999 bits; the test needs 20,000"


def test_complementing_the_bits_changes_what_counts_them_only():
    bits = np.random.default_rng(2).integers(0, 2, BLOCK, np.uint8)
    there, back = blocks_test(bits), blocks_test(1 - bits)
    assert there[0].worst + back[0].worst == BLOCK
    assert [each.worst for each in there[1:]] == pytest.approx([each.worst for each in back[1:]])


def test_words_that_are_all_different_are_disjoint():
    """A counter in each word of 48 bits."""
    words = np.concatenate([np.zeros((2**16, 32), np.uint8), ALL_WORDS], axis=1).ravel()
    assert words.size == T0_BITS
    assert disjointness(words).worst == 0
    words[-1] = 0  # the last word is that before it now
    assert (disjointness(words).worst, disjointness(words).passed) == (1, False)
    assert disjointness(words[1:]).passed is None


def test_transitions_of_bits_that_copy_the_one_before():
    bits = np.tile(np.array([0, 0, 1, 1], np.uint8), 120_000)
    rows = {each.name: each for each in transitions(bits)}
    assert rows["T6a"].passed
    assert rows["T6a"].worst == 0.5
    assert rows["T6b"].worst == 1  # after a 0 always 0, after a 1 always 1
    assert not rows["T6b"].passed


@pytest.mark.parametrize(("ones", "passed"), [(52_499, True), (52_500, False), (47_501, True), (47_500, False)])
def test_the_share_of_ones_leaves_its_bounds_out(ones, passed):
    assert transitions((np.arange(100_000) < ones).astype(np.uint8))[0].passed is passed


def test_bytes_that_come_in_turn_have_the_entropy_of_their_distance():
    """256 bytes in turn: every distance is 256, and the sum of 1/1 to 1/255 over ln 2 is 8.83."""
    octets = np.tile(np.arange(256, dtype=np.uint8), 1010)
    found = entropy(np.unpackbits(octets))
    assert found.worst == pytest.approx((1 / np.arange(1, 256)).sum() / np.log(2))
    assert found.passed
    few = entropy(np.unpackbits(np.tile(np.arange(128, dtype=np.uint8), 2020)))
    assert few.worst == pytest.approx((1 / np.arange(1, 128)).sum() / np.log(2))
    assert not few.passed


def test_a_verdict_counts_what_failed_and_leaves_out_what_does_not_apply():
    good = TestValue("T1", "monobit", 3, 0, 10_000.0, "")
    bad = TestValue("T6a", "share of ones", 1, 1, 0.6, "")
    absent = TestValue("T8", "entropy", 0, 0, None, "", "few bits")
    assert (good.passed, bad.passed, absent.passed) == (True, False, None)
    assert Ais31Result(100, (good,), (absent,)).passed
    result = Ais31Result(100, (good,), (bad, absent))
    assert (result.passed, result.failures) == (False, 1)
    assert result.as_dict()["tests"]["T8"]["reason"] == "few bits"


def test_an_alternating_bias_is_the_difference_of_both_places():
    bits = np.tile(np.array([1, 0, 1, 1], np.uint8), 100)
    found = alternation(bits).statistics
    assert (found["even"], found["odd"], found["excess"]) == (200, 100, 0.25)
    late = alternation(bits[1:]).statistics
    assert late["z"] < 0 < found["z"]
    complement = alternation(1 - bits)
    assert complement.statistics["z"] == pytest.approx(-found["z"])
    assert complement.p_value == pytest.approx(alternation(bits).p_value)


def test_equal_places_have_a_p_value_of_one():
    assert alternation(np.tile(np.array([1, 1, 0, 0], np.uint8), 50)).p_value == 1
