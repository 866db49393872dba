"""The restart tests: the sanity check has its level, a source that starts alike each time fails."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from mtjlab.analysis.randomness import assess_restarts
from mtjlab.analysis.randomness.sp800_90b.restart import largest_count_cutoff
from mtjlab.core import InputError

LEVEL = 1 - math.exp(math.log(0.99) / 2000)


@pytest.fixture(scope="module")
def matrix():
    return np.random.default_rng(1).integers(0, 2, (1000, 1000), np.uint8)


def test_the_cutoff_of_two_symbols_is_that_of_the_binomial_law():
    """The larger of the counts of two fair symbols exceeds x where the first does, or falls below 1000 - x."""
    cutoff = largest_count_cutoff(1000, 2, 1.0, LEVEL)
    assert 2 * binom.sf(cutoff, 1000, 0.5) <= LEVEL < 2 * binom.sf(cutoff - 1, 1000, 0.5)
    biased = largest_count_cutoff(1000, 2, 0.5, LEVEL)
    assert binom.sf(biased, 1000, 2**-0.5) <= LEVEL < binom.sf(biased - 1, 1000, 2**-0.5)


def test_the_cutoff_of_many_symbols_is_exceeded_as_rarely_as_said():
    """The largest of 256 fair counts of 1,000: at a level of 1 % within what 4,000 draws show."""
    cutoff = largest_count_cutoff(1000, 256, 8.0, 0.01)
    largest = np.random.default_rng(2).multinomial(1000, np.full(256, 1 / 256), 4000).max(axis=1)
    above, at = (largest > cutoff).mean(), (largest >= cutoff).mean()
    assert above <= 0.01 + 4 * math.sqrt(0.01 * 0.99 / 4000)
    assert at >= 0.01 - 4 * math.sqrt(0.01 * 0.99 / 4000)


def test_symbols_that_entropy_leaves_over_share_the_rest():
    assert largest_count_cutoff(1000, 4, 1.0, LEVEL) >= largest_count_cutoff(1000, 2, 1.0, LEVEL)
    assert largest_count_cutoff(1000, 4, 2.0, LEVEL) < largest_count_cutoff(1000, 4, 1.5, LEVEL)


def test_a_source_that_restarts_well_keeps_its_entropy(matrix):
    found = assess_restarts(matrix.ravel(), 0.8)
    assert found.failed == ()
    assert found.min_entropy == min(0.8, found.rows, found.columns)
    assert found.min_entropy == pytest.approx(0.8, abs=0.02)
    assert found.largest_count <= found.cutoff


def test_a_source_that_begins_alike_each_time_fails(matrix):
    alike = matrix.copy()
    alike[:, 7] = 1
    found = assess_restarts(alike.ravel(), 0.8)
    assert found.largest_count == 1000
    assert found.failed == ("sanity check", "columns")  # a thousand ones in a row
    assert found.min_entropy is None
    assert found.as_dict()["passed"] is False


@pytest.mark.parametrize(
    ("symbols", "initial", "message"),
    [
        (np.tile(np.array([0, 1], np.uint8), 1000), 0.8, "2,000 symbols: a matrix of restarts has 1,000"),
        (np.tile(np.array([0, 1], np.uint8), 500_000), 1.2, "initial min-entropy = 1.2 bits a symbol"),
        (np.zeros(1_000_000, np.uint8), 0.8, "constant stream"),
    ],
)
def test_what_is_no_matrix_of_restarts_is_refused(symbols, initial, message):
    with pytest.raises(InputError, match=message):
        assess_restarts(symbols, initial)
