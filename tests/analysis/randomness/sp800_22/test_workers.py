"""Workers do not wait for each other."""

import threading

import numpy as np
import pytest
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.many import run_many
from mtjlab.analysis.randomness.sp800_22.non_overlapping_template import non_overlapping_template
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence


def test_two_sequences_count_what_their_tests_share_at_the_same_time():
    both_read = threading.Barrier(2)

    def read(first, count):
        both_read.wait(timeout=60)  # breaks where one worker reads only after the other is done
        return np.full(-(-count // 8), 0x69, np.uint8)

    found = run_many([LongSequence(read, 1000) for _ in range(2)], tests=["frequency"], workers=2)
    assert [each["frequency"].statistics["ones"] for each in found.sequences] == [500, 500]


def test_what_tests_share_is_computed_once():
    sequence = PackedSequence.of(np.random.default_rng(8).integers(0, 2, 1000))
    assert sequence.walk is sequence.walk


def test_the_sum_for_the_p_values_of_templates_is_the_incomplete_gamma_function():
    """Fair bits, and bits of which the first hundreds or thousands repeat one template: p from 0.005 down to 1e-217."""
    for ones in (0, 100, 300, 2000):
        bits = np.random.default_rng(ones).integers(0, 2, 200_000).astype(np.uint8)
        bits[:ones] = np.resize([1, 1, 1, 1, 1, 1, 1, 1, 0], ones)
        found = non_overlapping_template(PackedSequence.of(bits))
        least = gammaincc(4, found.statistics["largest_chi_square"] / 2)
        assert min(found.p_values) == pytest.approx(least, rel=1e-9)
        assert max(found.p_values) <= 1
