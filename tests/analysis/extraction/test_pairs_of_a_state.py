"""Von Neumann's extractor of toggled bits: exactly fair by counting all recordings, and by statistics on long ones."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mtjlab.analysis.extraction.conditioned_bits import conditioned
from mtjlab.analysis.extraction.extractor import EXTRACTORS
from mtjlab.analysis.extraction.pairs_of_a_state import VON_NEUMANN, von_neumann
from mtjlab.analysis.extraction.pairs_of_bits import von_neumann_pairs
from mtjlab.core import Bits

Fairness = Callable[[Callable[..., Any], int], bool]


def stated_plainly(bits: Iterable[int], *, wait: bool = True) -> Iterator[int]:
    """Zhou and Bruck's algorithm B with windows of two: what a state's pair gives comes when the state is back."""
    exits: dict[int, list[int]] = {0: [], 1: []}
    state = 0
    for bit in bits:
        exits[state].append(bit)
        now, state = state, state ^ bit
        ready = state if wait else now
        if len(exits[ready]) == 2:
            first, second = exits[ready]
            exits[ready] = []
            if first != second:
                yield first


def toggled(seed: int, count: int, up: float = 0.4843, down: float = 0.5101) -> NDArray[np.uint8]:
    """Bits of a junction that switches with these probabilities from its two states, the second the larger one."""
    chance = np.random.Generator(np.random.PCG64(seed)).random(count)
    switches, comes_down = (chance < up).astype(np.uint8), (chance >= up) & (chance < down)
    parity = np.bitwise_xor.accumulate(switches)
    last = np.maximum.accumulate(np.where(comes_down, np.arange(count), -1))
    after = parity ^ np.where(last >= 0, parity[last], 0)  # it is down after a pulse that switches from there only
    return after ^ np.concatenate(([0], after[:-1])).astype(np.uint8)


def test_the_chain_has_the_two_probabilities() -> None:
    bits = toggled(3, 400_000, 0.4, 0.7)
    before = np.bitwise_xor.accumulate(np.concatenate(([0], bits)).astype(np.uint8))[:-1]
    for state, expected in ((0, 0.4), (1, 0.7)):
        assert bits[before == state].mean() == pytest.approx(expected, abs=4.5 * 0.5 / math.sqrt(140_000))


@pytest.fixture(scope="module")
def raw() -> NDArray[np.uint8]:
    return toggled(1, 2_000_000)


def alternating(bits: NDArray[np.uint8]) -> float:
    """Return the mean of (-1)^k (2 b_k - 1) over its standard deviation for fair bits."""
    signs = 2.0 * bits - 1
    return float((signs[::2].sum() - signs[1::2].sum()) / math.sqrt(bits.size))


@pytest.mark.parametrize("length", [2, 7, 12])
def test_all_strings_that_it_gives_are_equally_likely(length: int, exactly_fair: Fairness) -> None:
    assert exactly_fair(lambda raw: tuple(von_neumann(raw).tolist()), length)


def test_without_the_wait_or_with_plain_pairs_they_are_not(exactly_fair: Fairness) -> None:
    assert exactly_fair(lambda raw: tuple(stated_plainly(raw)), 10)
    assert not exactly_fair(lambda raw: tuple(stated_plainly(raw, wait=False)), 10)
    assert not exactly_fair(lambda raw: tuple(von_neumann_pairs(raw).tolist()), 10)


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.integers(0, 1), max_size=300))
def test_packed_bits_give_what_the_algorithm_says(bits: list[int]) -> None:
    assert VON_NEUMANN.condition(Bits(bits)) == Bits(np.array(list(stated_plainly(bits)), np.uint8))


def test_a_junction_with_two_probabilities_gives_fair_bits(raw: NDArray[np.uint8]) -> None:
    assert EXTRACTORS.load("von-neumann") is VON_NEUMANN
    fair = VON_NEUMANN.condition(Bits(raw)).unpacked()
    assert abs(alternating(fair)) < 4.5
    assert abs(2 * int(fair.sum()) - fair.size) < 4.5 * math.sqrt(fair.size)
    # Plain pairs that begin in the state of u: 01 has (1 - u) u, 10 has u (1 - d). The next one begins in the other.
    plain = von_neumann_pairs(raw)
    expected = (0.4843 - 0.5101) / (2 - 0.4843 - 0.5101) * math.sqrt(plain.size)
    assert abs(expected) > 15
    assert alternating(plain) == pytest.approx(expected, abs=4.5)


def test_pooled_lags_of_fair_bits_scatter_as_they_should(raw: NDArray[np.uint8]) -> None:
    # Ljung and Box: the sum of n r^2 over L lags has mean L and variance 2 L for independent bits.
    def pooled(bits: NDArray[np.uint8], lags: int = 2000) -> float:
        signs = 2.0 * bits - 1 - (2.0 * bits - 1).mean()
        power = np.abs(np.fft.rfft(signs, 2 ** math.ceil(math.log2(bits.size + lags)))) ** 2
        r = np.fft.irfft(power)[: lags + 1]
        n = bits.size
        return float(
            (n * (n + 2) * np.sum((r[1:] / r[0]) ** 2 / (n - np.arange(1, lags + 1))) - lags) / (2 * lags) ** 0.5
        )

    assert abs(pooled(von_neumann(raw))) < 4.5
    assert pooled(von_neumann_pairs(raw)) > 4.5


def test_as_many_bits_come_of_independent_ones_as_of_plain_pairs() -> None:
    bits = (np.random.Generator(np.random.PCG64(2)).random(400_000) < 0.3).astype(np.uint8)
    fair = von_neumann(bits)
    pairs, unequal = bits.size // 2, 2 * 0.3 * 0.7
    assert abs(fair.size - pairs * unequal) < 4.5 * math.sqrt(pairs * unequal * (1 - unequal))
    assert abs(2 * int(fair.sum()) - fair.size) < 4.5 * math.sqrt(fair.size)


@pytest.mark.parametrize("lengths", [(1,) * 50, (3, 8, 0, 64, 5), (13, 7919, 8)])
def test_parts_carry_the_state(lengths: tuple[int, ...], raw: NDArray[np.uint8]) -> None:
    whole = raw[: sum(lengths)]
    parts = [Bits(part) for part in np.split(whole, np.cumsum(lengths)[:-1])]
    assert Bits.joined(conditioned(parts, VON_NEUMANN)) == Bits(von_neumann(whole))


@pytest.mark.parametrize("bits", [np.array([0, 255], np.uint8), np.zeros((2, 2), np.uint8)])
def test_what_is_not_bits_is_refused(bits: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="bits"):
        von_neumann(bits)
