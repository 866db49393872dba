"""A sequence of odd length is taken by every test; the DFT alone adapts."""

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.suite import run
from mtjlab.analysis.randomness.sp800_22.suite_test import SP800_22_TESTS

BITS = np.random.default_rng(8).integers(0, 2, 100_001, dtype=np.uint8)


def test_in_exact_mode_the_dft_leaves_out_the_last_bit():
    odd, even = run(BITS), run(BITS[:-1])
    assert odd["dft"] == even["dft"]
    assert odd["frequency"].statistics["ones"] == BITS.sum()
    names = SP800_22_TESTS.names()
    assert [odd[name].applicable for name in names] == [even[name].applicable for name in names]


def test_in_nist_mode_it_is_taken_as_sts_takes_it():
    # STS 2.1.2, discreteFourierTransform.c: magnitudes 0 to n/2 - 1 of all n values, against n/2 as a real number.
    n = len(BITS)
    power = np.abs(np.fft.rfft(2.0 * BITS - 1)[: n // 2]) ** 2
    below = int(np.count_nonzero(power < 2.995732274 * n))
    found = run(BITS, "nist")["dft"]
    assert (found.statistics["below"], found.statistics["expected"]) == (below, pytest.approx(0.95 * n / 2))


def test_a_long_sequence_of_odd_length_leaves_out_the_last_bit(monkeypatch):
    packed = np.packbits(BITS)

    def read(first: int, count: int):
        return np.packbits(np.unpackbits(packed)[first : first + count])

    assert run(LongSequence(read, len(BITS)), tests=["dft"])["dft"] == run(BITS, tests=["dft"])["dft"]
