"""Peres' extractor of toggled bits: exactly fair by counting, and close to the entropy."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.analysis.extraction.conditioned_bits import conditioned
from mtjlab.analysis.extraction.iterated_pairs import PERES, PERES_BLOCK, peres
from mtjlab.core import Bits

Fairness = Callable[[Callable[..., Any], int], bool]


def function_of_peres(bits: Sequence[int]) -> list[int]:
    """Peres 1992, equation 1."""
    if len(bits) < 2:
        return []
    pairs = list(zip(bits[::2], bits[1::2], strict=False))
    differ = [a ^ b for a, b in pairs]
    return (
        [a for a, b in pairs if a != b] + function_of_peres(differ) + function_of_peres([a for a, b in pairs if a == b])
    )


def stated_plainly(bits: Sequence[int]) -> list[int]:
    exits: list[list[int]] = [[], []]
    state = 0
    for bit in bits:
        exits[state].append(bit)
        state ^= bit
    exits[1 - state] = exits[1 - state][:-1]
    return function_of_peres(exits[0]) + function_of_peres(exits[1])


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.integers(0, 1), max_size=400))
def test_it_is_peres_function_of_each_state(bits: list[int]) -> None:
    assert PERES.condition(Bits(bits)) == Bits(np.array(stated_plainly(bits), np.uint8))


@pytest.mark.parametrize("length", [3, 8, 11])
def test_all_strings_that_it_gives_are_equally_likely(length: int, exactly_fair: Fairness) -> None:
    assert exactly_fair(lambda raw: tuple(peres(raw).tolist()), length)


def test_with_the_last_bit_of_the_other_state_they_are_not(exactly_fair: Fairness) -> None:
    def all_exits(bits: Sequence[int]) -> tuple[int, ...]:
        states = np.bitwise_xor.accumulate([0, *bits])[:-1]
        return tuple(bit for state in (0, 1) for bit in function_of_peres(list(np.array(bits)[states == state])))

    assert not exactly_fair(all_exits, 8)


def test_it_leaves_most_of_the_entropy_and_carries_nothing_from_block_to_block() -> None:
    raw = (np.random.Generator(np.random.PCG64(1)).random(4 * PERES_BLOCK + 1000) < 0.3).astype(np.uint8)
    fair = peres(raw)
    entropy = -0.3 * math.log2(0.3) - 0.7 * math.log2(0.7)
    assert 0.92 * entropy < fair.size / raw.size < entropy
    assert abs(2 * int(fair.sum()) - fair.size) < 4.5 * math.sqrt(fair.size)
    parts = [Bits(part) for part in np.split(raw, [7, 100_000, 100_001])]
    assert Bits.joined(conditioned(parts, PERES)) == Bits(fair)
