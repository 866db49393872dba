"""How far from normal converters are: sums over all values, held against closed forms."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.noise.bit_converter import NOISE_CONVERTERS
from mtjlab.analysis.noise.bit_sum import BitSum
from mtjlab.analysis.noise.distance_from_normal import DistributionError, distribution_error
from mtjlab.core import InputError

NORMAL = NormalDist()


def test_one_bit_is_as_far_from_normal_as_the_normal_distribution_at_one() -> None:
    # The distribution function of ±1 is 1/2 between them: farthest just below 1, by Φ(1) - 1/2.
    error = distribution_error(BitSum(1))
    assert error.ks_distance == pytest.approx(NORMAL.cdf(1) - 0.5, rel=1e-12)
    assert error.moments == (0.0, 1.0, 0.0, 1.0)
    assert error.largest == 1.0
    assert error.exact


@pytest.mark.parametrize("k", [2, 16, 36, 64])
def test_an_even_sum_is_farthest_from_normal_at_its_middle(k: int) -> None:
    error = distribution_error(BitSum(k))
    assert error.ks_distance == pytest.approx(math.comb(k, k // 2) / 2**k / 2, rel=1e-12)
    assert error.moments == pytest.approx((0, 1, 0, 3 - 2 / k), rel=1e-6, abs=1e-12)
    assert error.largest == pytest.approx(math.sqrt(k), rel=1e-7)


def test_the_table_is_within_its_cells() -> None:
    error = distribution_error(NOISE_CONVERTERS.load("inverse-cdf16"))
    # Half a cell is 7.6e-6; the rescaling to unit variance adds x·density(x), .242 at most, times 1e-5.
    assert 2.0**-17 < error.ks_distance < 2.0**-17 + 0.25 * 1.5e-5
    assert error.moments == pytest.approx((0, 1, 0, 2.99925), abs=1e-5)
    assert error.largest == pytest.approx(NORMAL.inv_cdf(1 - 2.0**-17), rel=2e-5)


class Die:
    """The points of two bits and one: 0 twice, 1 and 3, which has the mean 1."""

    bits_per_normal = 2
    shift = 0.0

    def convert(self, bits: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.array([0, 0, 1, 3], np.float32)[bits.reshape(-1, 2) @ np.array([2, 1])]


def test_words_of_any_other_converter_are_all_converted() -> None:
    error = distribution_error(Die())
    assert error.moments == pytest.approx((1, 2.5, 7, 20.5))
    # Half of the normals are zero at once, and none is below: Φ(0) = 1/2 there; below 3 it is Φ(3) - 3/4 off.
    assert error.ks_distance == pytest.approx(0.5)
    assert error.largest == 3.0


def test_values_that_occur_twice_count_as_one() -> None:
    apart = DistributionError.of_values(np.array([1.0, -1.0, 1.0]), np.array([0.25, 0.5, 0.25]))
    assert apart == distribution_error(BitSum(1))


def test_a_converter_of_many_bits_must_know_its_values() -> None:
    class Long(Die):
        bits_per_normal = 21

    with pytest.raises(InputError, match="distribution of Long is not known: it takes 21 bits"):
        distribution_error(Long())


@pytest.mark.parametrize("name", NOISE_CONVERTERS.names())
def test_every_converter_that_is_installed_has_one(name: str) -> None:
    error = distribution_error(NOISE_CONVERTERS.load(name.replace("-K", "-5")))
    assert error.moments[:3] == pytest.approx((0, 1, 0), abs=1e-6)
    assert error.moments[3] == pytest.approx(3, abs=2)
