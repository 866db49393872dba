"""Bits that stick for a while."""

import itertools

import numpy as np
import pytest

from mtjlab.analysis.randomness import assess
from mtjlab.analysis.randomness.longest_run import LongestRunTally, longest_run


def chance_of_a_run(bits: int, length: int) -> float:
    """Return the exact probability that fair bits hold a run of at least `length` equal bits, by its recursion."""
    # Without one, after each bit the run that ends there is 1 to length - 1 long: it grows or a new one begins.
    ends = np.zeros(length)
    ends[1] = 1.0
    for _ in range(bits - 1):
        begins = ends.sum() / 2
        ends = np.roll(ends, 1) / 2
        ends[0], ends[1] = 0.0, begins
    return 1 - float(ends.sum())


@pytest.mark.parametrize(("bits", "length"), [(200, 14), (1000, 16), (1000, 20), (5000, 20)])
def test_the_p_value_is_the_exact_one_of_fair_bits(bits: int, length: int) -> None:
    half = (bits - length) // 2  # of the bits beside the run, which come in turn, some become zeros
    stream = np.array([1] * length + [0, 1] * half + [0] * ((bits - length) % 2))
    stream[length + 1 : length + 4 * (length // 2) : 4] = 0
    found = longest_run(stream)
    assert found.statistics["length"] == length
    assert np.mean(stream) == 0.5
    assert found.p_value == pytest.approx(chance_of_a_run(bits, length), rel=0.25)


@pytest.mark.parametrize("piece", [1 << 20, 5, 17])
def test_the_run_and_its_place_are_those_of_a_plain_count(piece: int) -> None:
    for seed in range(30):
        bits = (np.random.default_rng(seed).random(60) < 0.7).astype(np.uint8)
        lengths = [len(list(group)) for _, group in itertools.groupby(bits)]
        tally = LongestRunTally()
        for first in range(0, 60, piece):
            tally.add(bits[first : first + piece])
        place = sum(lengths[: lengths.index(max(lengths))])
        words = f"{max(lengths)} times {bits[place]} in a row, from bit {place}"
        assert tally.result().found == words


def test_a_device_that_sticks_for_fifty_pulses_fails_by_it_alone() -> None:
    bits = np.random.default_rng(12).integers(0, 2, 1_000_000)
    bits[345_678 : 345_678 + 50] = 1
    assessment = assess(bits)
    assert assessment.decision.rejected == {"longest run"}
    assert abs(assessment["longest run"].statistics["place"] - 345_678) < 20


def test_a_stream_of_one_value_says_why_it_does_not_apply() -> None:
    assert "all bits are equal" in longest_run(np.ones(50, np.uint8)).reason
