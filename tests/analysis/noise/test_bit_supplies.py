"""Supplies of bits: each bit once and in order, whatever they are cut into, and an honest end."""

import itertools
import pickle

import numpy as np
import pytest

from mtjlab.analysis.noise.bit_noise import BitNoise
from mtjlab.analysis.noise.bit_sum import BitSum
from mtjlab.analysis.noise.bit_supplies import HeldBits, RepeatedBits, SoftwareBits, StreamedBits
from mtjlab.analysis.noise.bit_supply import BitSupply, NotEnoughBits
from mtjlab.core import Bits, InputError

COUNT = 100_003


@pytest.fixture(scope="module")
def bits() -> Bits:
    return Bits(np.random.default_rng(1).integers(0, 2, COUNT, dtype=np.uint8))


def cut(bits: Bits, seed: int) -> list[Bits]:
    """Cut bits into parts of all lengths, empty ones too."""
    ends = [0, 0, *np.sort(np.random.default_rng(seed).integers(0, COUNT + 1, 300)).tolist(), COUNT, COUNT]
    return [bits[first:last] for first, last in itertools.pairwise(ends)]


def test_a_stream_gives_each_bit_once_and_in_order(bits: Bits) -> None:
    supply = StreamedBits(iter(cut(bits, 2)))
    taken = [supply.take(len(part)) for part in cut(bits, 3)]
    assert Bits.joined(taken) == bits
    assert supply.bits_used == COUNT


@pytest.mark.parametrize("make", [HeldBits, lambda bits: StreamedBits(cut(bits, 2), COUNT)])
def test_the_end_takes_nothing_and_says_what_is_left(bits: Bits, make: type[HeldBits]) -> None:
    supply = make(bits)
    supply.take(COUNT - 10)
    with pytest.raises(NotEnoughBits, match="needs 11 more bits and 10 of 100,003 are left") as caught:
        supply.take(11)
    assert (caught.value.needed, caught.value.left, caught.value.total) == (11, 10, COUNT)
    assert (supply.bits_used, supply.bits_left) == (COUNT - 10, 10)
    assert supply.take(10) == bits[-10:]
    with pytest.raises(InputError, match="count = -1"):
        supply.take(-1)


def test_a_stream_that_fails_loses_no_bit_that_it_had() -> None:
    def fails(part: int) -> Bits:
        if part:
            raise OSError("the wire is cut")
        return Bits([1, 0, 1])

    supply = StreamedBits(map(fails, range(2)))
    with pytest.raises(OSError, match="wire"):
        supply.take(5)
    assert supply.bits_used == 0
    assert supply.take(3) == Bits([1, 0, 1])


def test_a_stream_is_counted_once_and_only_if_somebody_asks() -> None:
    counted: list[int] = []

    def count() -> int:
        counted.append(1)
        return 4

    supply = StreamedBits([Bits([1, 0, 1, 1])], count)
    supply.take(1)
    assert not counted
    assert (supply.bits_left, supply.bits_left, counted) == (3, 3, [1])
    assert StreamedBits([]).bits_left is None


def test_bits_repeat_only_where_asked_for_and_say_so(bits: Bits) -> None:
    supply = RepeatedBits(lambda: StreamedBits(cut(bits, 4)))
    noise = BitNoise(supply, BitSum(1))
    first = noise.normal((COUNT,))
    assert (noise.repeated, noise.bits_left) == (0, None)
    again = noise.normal((2 * COUNT + 7,))
    assert (again[:COUNT] == first).all()
    assert (again[COUNT : 2 * COUNT] == first).all()
    assert (again[2 * COUNT :] == first[:7]).all()
    assert (noise.repeated, noise.bits_used) == (3, 3 * COUNT + 7)
    assert BitNoise(bits, BitSum(1)).repeated == 0


def test_nothing_cannot_be_repeated() -> None:
    with pytest.raises(NotEnoughBits, match="0 of 0 are left"):
        RepeatedBits(lambda: HeldBits([])).take(1)


def test_software_gives_fair_bits_that_follow_from_the_seed() -> None:
    supply = SoftwareBits(7)
    taken = Bits.joined([supply.take(each) for each in (1, 8, 2_000_000, 77)])
    assert taken == SoftwareBits(7).take(len(taken))
    assert taken != SoftwareBits(8).take(len(taken))
    signs = 2.0 * taken.unpacked() - 1
    within = 4.5 / np.sqrt(len(taken))
    assert abs(signs.mean()) < within
    assert abs((signs[1:] * signs[:-1]).mean()) < within
    assert (supply.bits_used, supply.bits_left) == (len(taken), None)


def test_a_converter_asks_any_supply(bits: Bits) -> None:
    streamed, held = BitNoise(StreamedBits(cut(bits, 5)), BitSum(16)), BitNoise(bits, BitSum(16))
    for shape in [(3, 5), (1000,), (), (17, 11)]:
        assert (streamed.normal(shape) == held.normal(shape)).all()
    assert streamed.bits_used == held.bits_used
    supplies: list[BitSupply] = [
        HeldBits(bits),
        StreamedBits([bits]),
        SoftwareBits(1),
        RepeatedBits(lambda: HeldBits(bits)),
    ]
    assert all(isinstance(supply, BitSupply) for supply in supplies)


def test_missing_bits_are_counted_in_images() -> None:
    error = NotEnoughBits.for_images(3, 12_544, 30_000)
    assert "7,632 bits are missing for the other 1;" in str(error)
    assert "\n" not in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
