"""Noise sources: each bit once and in order, and an honest end."""

import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.noise.bit_converter import BitConverter
from mtjlab.analysis.noise.bit_noise import BitNoise
from mtjlab.analysis.noise.bit_sum import BitSum
from mtjlab.analysis.noise.bit_supply import NotEnoughBits
from mtjlab.analysis.noise.inverse_cdf16 import InverseCdf16
from mtjlab.analysis.noise.noise_source import NoiseSource, PseudoRandomNoise
from mtjlab.core import Bits


@pytest.fixture(scope="module")
def bits() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 2, 100_003, dtype=np.uint8)


@pytest.mark.parametrize("converter", [InverseCdf16(), BitSum(1), BitSum(3), BitSum(16)])
def test_many_small_draws_give_what_one_large_draw_gives(bits: NDArray[np.uint8], converter: BitConverter) -> None:
    # Draws that end inside a byte must neither skip nor repeat a bit.
    count = bits.size // converter.bits_per_normal
    whole = BitNoise(bits, converter).normal((count,))
    source = BitNoise(bits, converter)
    cuts = np.sort(np.random.default_rng(2).integers(0, count + 1, 500))
    parts = [source.normal((size,)) for size in np.diff(cuts, prepend=0, append=count).tolist()]
    assert np.concatenate(parts).tolist() == whole.tolist()
    assert source.bits_used == count * converter.bits_per_normal


def test_every_bit_is_taken_once(bits: NDArray[np.uint8]) -> None:
    source = BitNoise(bits, BitSum(1))
    taken = np.concatenate([source.normal((each,)) for each in (1, 7, 8, 9, 1000, 98_978)])
    assert ((taken > 0) == bits).all()
    assert (source.bits_used, source.bits_left) == (bits.size, 0)


def test_shape_and_type(bits: NDArray[np.uint8]) -> None:
    sources: list[NoiseSource] = [BitNoise(bits, InverseCdf16()), BitNoise(bits, BitSum(2)), PseudoRandomNoise(1)]
    for source in sources:
        for shape in [(3, 4, 5), (7,), (0, 3), ()]:
            normals = source.normal(shape)
            assert normals.shape == shape
            assert normals.dtype == np.float32


def test_the_end_of_the_bits_says_what_is_needed_and_what_is_left() -> None:
    source = BitNoise(np.ones(1000, np.uint8), InverseCdf16())
    source.normal((10, 5))
    with pytest.raises(NotEnoughBits, match=r"needs 12,544 more bits and 200 of 1,000 are left") as caught:
        source.normal((28, 28))
    assert (caught.value.needed, caught.value.left, caught.value.total) == (12_544, 200, 1000)
    assert "\n" not in str(caught.value)
    # Nothing was taken: what is left still serves a smaller request, to the last whole normal.
    assert source.bits_used == 800
    assert source.normal((12,)).shape == (12,)
    assert source.bits_left == 8


def test_the_end_of_the_bits_crosses_processes() -> None:
    error = pickle.loads(pickle.dumps(NotEnoughBits(16, 3, 100)))
    assert isinstance(error, NotEnoughBits)
    assert (error.needed, error.left, error.total) == (16, 3, 100)


def test_packed_bits_give_the_same_noise(bits: NDArray[np.uint8]) -> None:
    packed = np.packbits(bits)
    source = BitNoise.from_packed(packed, bits.size, BitSum(3))
    packed[:] = 0  # the source keeps its own copy
    assert (source.normal((33_334,)) == BitNoise(bits, BitSum(3)).normal((33_334,))).all()
    assert source.bits_left == 1


@pytest.mark.parametrize("count", [-1, 17])
def test_bytes_hold_eight_bits_each(count: int) -> None:
    with pytest.raises(ValueError, match="expected 0 to 16"):
        BitNoise.from_packed(np.zeros(2, np.uint8), count, BitSum(1))


def test_bytes_where_bits_are_expected_are_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        BitNoise(np.array([0, 1, 200], np.uint8), BitSum(1))
    with pytest.raises(ValueError, match="int64"):
        BitNoise.from_packed(np.zeros(2, np.int64), 2, BitSum(1))


@pytest.mark.parametrize("converter", [InverseCdf16(), BitSum(1), BitSum(16)])
def test_fair_bits_give_independent_normals_of_unit_variance(converter: BitConverter) -> None:
    bits = np.random.default_rng(2).integers(0, 2, 1_600_000, dtype=np.uint8)
    check_moments(BitNoise(bits, converter).normal((100_000,)))


def test_software_noise_is_reproducible_normal_and_uses_no_bits() -> None:
    source = PseudoRandomNoise(7)
    normals = source.normal((100_000,))
    check_moments(normals)
    assert (PseudoRandomNoise(7).normal((100_000,)) == normals).all()
    assert (PseudoRandomNoise(8).normal((100_000,)) != normals).any()
    assert source.bits_used == 0


def check_moments(normals: NDArray[np.float32]) -> None:
    values = normals.astype(np.float64)
    within = 4.5 / math.sqrt(values.size)
    assert abs(values.mean()) < within
    assert abs(values.var() - 1) < within * math.sqrt(2)  # variance of a squared normal is 2, of sums less
    assert abs((values[1:] * values[:-1]).mean()) < within


@pytest.mark.parametrize("converter", [InverseCdf16(), BitSum(3)])
@pytest.mark.parametrize("first", [0, 5])
def test_bits_give_the_noise_of_the_array(bits: NDArray[np.uint8], converter: BitConverter, first: int) -> None:
    # 5 bits in, no word of sixteen begins where a byte does.
    whole, loose = BitNoise(Bits(bits)[first:], converter), BitNoise(bits[first:], converter)
    for shape in [(3, 7), (100,), (11, 11)]:
        normals = whole.normal(shape)
        assert (normals == loose.normal(shape)).all()
        used = bits[first:][: whole.bits_used][-normals.size * converter.bits_per_normal :]
        assert (normals.ravel() == converter.convert(used)).all()


class FirstOne:
    """Waits for a one: the number of zeros before it, with zero mean and unit variance."""

    bits_per_normal = 2.0
    shift = 1.0

    def draw(self, count: int, take: Callable[[int], Bits]) -> NDArray[np.float32]:
        zeros = np.zeros(count, np.float32)
        for index in range(count):
            while not take(1)[0]:
                zeros[index] += 1
        return (zeros - 1) / np.float32(math.sqrt(2))


def test_a_converter_that_rejects_takes_what_it_needs(bits: NDArray[np.uint8]) -> None:
    source = BitNoise(bits, FirstOne())
    normals = source.normal((100, 7))
    expected = np.diff(np.flatnonzero(bits)[:700], prepend=-1) - 1
    assert normals.ravel() == pytest.approx((expected - 1) / math.sqrt(2))
    assert source.bits_used == np.flatnonzero(bits)[699] + 1
    assert (source.sharing(BitSum(1)).normal((9,)) > 0).tolist() == (bits[source.bits_used - 9 :][:9] == 1).tolist()
    with pytest.raises(NotEnoughBits):
        BitNoise(np.zeros(9, np.uint8), FirstOne()).normal(())
